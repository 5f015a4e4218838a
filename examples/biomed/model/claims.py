"""Whether a model's sentence claims something, and whether the passage it cites says it the same way round. Without I/O.

Words alone do not tell "reduced" from "did not reduce", nor "A more than B" from "B more than A". A sentence is held, clause by
clause, against those clauses of its source that share most of its words. What cannot be told is no doubt.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from ..answer.directions import OPPOSITE, ways_of
from ..answer.speaking import GENERAL, Cited, roots
from ..citations import cited_numbers
from ..records import Record
from ..sentences import sentences
from ..words import word_set
from .bearing import is_borne

NOT_FOUND = "not found in the source it cites"
CONTRARY = "the source it cites says otherwise"
SURER = "surer than the source it cites"
UNCITED = "no source cited"

_CITED = re.compile(r"\s*\[\d+\]")
_AFTER_ITS_END = re.compile(r"(?<=[.!?])(?:\s*\[\d+\])+\s+(?=[A-Z(\"'*])")
_BULLET = re.compile(r"^\s*(?:[-*+•]\s+|\d+[.)]\s+|>\s*)*")
_LABEL = re.compile(r"^(?:#+\s.*|(?:\*\*|__)[^*_]*(?:\*\*|__):?|.*[:?]|[-*_=|\s]*)$")
_OF_THE_SOURCES = re.compile(
    r"^\W*(?:(?:however|overall|in (?:summary|short|total|sum)|still|here|together),? )?(?:(?:there (?:is|are|was|were)|we (?:have|found)|all|none|both|most|some|many|"
    r"several|two|three|one|no|of|the|these|this|those|a|an|any|more|further|only|available|current|cited|numbered|retrieved|given|limited|little|\w+ing) )*"
    r"(?:evidence|results?|sources?|stud(?:y|ies)|trials?|data|findings?|research|answers?|summary|literature|abstracts?|records?|reviews?|overview|work|"
    r"agree|here)\b",
    re.IGNORECASE,
)
_SAYS_NOTHING = re.compile(
    r"\b(?:(?:do|does|did) not (?:\w+ )?(?:answer|address|say|show|tell|report|speak|mention|cover|state|settle|establish)|(?:unclear|unknown|uncertain|needed|lacking|"
    r"missing|inconclusive|insufficient)|(?:is|are|was|were) (?:not|never) (?:\w+ )?(?:known|reported|addressed|answered|stated|available|studied))\b",
    re.IGNORECASE,
)
_ADVICE = re.compile(
    r"^\W*(?:please\b|(?:ask|consult|see|speak (?:to|with)|talk (?:to|with)|note|this is not|it is (?:unclear|unknown|not known))\b)",
    re.IGNORECASE,
)
_CURES = re.compile(r"\b(?:cur(?:e|es|ed|ing)|heal(?:s|ed)?|eradicat\w*|eliminat\w*)\b", re.IGNORECASE)  # fmt: skip
_AIM = re.compile(
    r"\b(?:whether|aims?|aimed|objectives?|purpose|hypothes\w+|in order to|(?:we|to) (?:assess|evaluat|determin|test|investigat|examin|compar|explor|stud(?:y|ied)|"
    r"estimat)\w*|designed to)\b|\?\s*$",
    re.IGNORECASE,
)
"""Says what was to be found, not what was."""
_RATIO = re.compile(r"\b(?:hazard|odds|risk|rate) ratios?\b|\b[HOR]R\b|(?<![\w.])[-−–]\d", re.IGNORECASE)  # fmt: skip
"""Tells a direction by a number."""
_CLAUSE = re.compile(r"[;:]\s|,\s(?=(?:but|and|while|whereas|although|though)\b)|\b(?:but|while|whereas|although|though|however)\b|\band\b(?=\s+(?:\w+ ){0,3}?\w+(?:ed|es)\b)", re.IGNORECASE)  # fmt: skip
_THAN = re.compile(
    r"\b(?:than|compared (?:with|to)|versus|vs\.?|(?:superior|inferior|preferable|relative) to|rather than)\b",
    re.IGNORECASE,
)
_REFERENCE_ENDS = re.compile(
    r"[,;.()]|\b(?:in|for|at|on|after|among|during|reduc\w*|lower\w*|did|does|was|were|is|are|had|has)\b",
    re.IGNORECASE,
)


_ABSOLUTE = re.compile(
    r"\b(?:always|never|definite(?:ly)?|certain(?:ly)?|undoubtedly|prove[sn]?|proved|guarantee\w*|completely|entirely|in (?:all|every)|(?:all|every) (?:\w+ )?(?:patients?|women|men|"
    r"children|people|adults|persons?)|100 ?%|eliminat\w*|no risk|cures?|cured)\b",
    re.IGNORECASE,
)
_UNKNOWN = re.compile(
    r"\b(?:uncertain|unclear|unknown|not known|undetermined|remains? to be|could not be determined|not (?:been )?established)\b",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    r"\b(?:between|among|in (?:both|either|all)|with|than|compared)\b.*$", re.IGNORECASE
)
"""After what did not differ come those between whom."""


class Doubt(NamedTuple):
    """A sentence that is not borne out."""

    sentence: str
    why: str


def doubts(text: str, cited: Cited) -> list[Doubt]:
    """The sentences of a text that make a claim and cite nothing, or that none of the records they cite bears out; in their order."""
    by_number = {citation["n"]: record for citation, record in cited}
    found = []
    for one in _sentences(text):
        records = [by_number[n] for n in sorted(cited_numbers(one)) if n in by_number]
        if not records:
            if claims(one):
                found.append(Doubt(one, UNCITED))
            continue
        reasons = [doubt(one, record) for record in records]
        if all(reasons):
            # The nearest of them has the words.
            found.append(Doubt(one, next((why for why in reasons if why != NOT_FOUND), NOT_FOUND)))
    return found


def doubt(sentence: str, record: Record) -> str:
    """Why a record does not bear a sentence out; empty where it does."""
    if not is_borne(sentence, record):
        return NOT_FOUND
    if is_contrary(sentence, record):
        return CONTRARY
    return SURER if is_surer(sentence, record) else ""


def claims(sentence: str) -> bool:
    """Whether a sentence says something that needs a source.

    No claim are headings, labels and questions; advice to ask somebody; what is said of the sources ("the evidence is limited"), as long
    as it tells no direction, cure or number, or says that they do not tell.
    """
    plain = _CITED.sub("", sentence).strip()
    if _LABEL.match(plain) or _ADVICE.match(plain):
        return False
    telling = {one for one in roots(plain) if not one[0].isdigit()} - GENERAL
    if len(plain.split()) < 3 or not telling:
        return False
    if not _OF_THE_SOURCES.match(plain):
        return True
    if _SAYS_NOTHING.search(plain):
        return False
    rest = plain[_OF_THE_SOURCES.match(plain).end() :]  # type: ignore[union-attr]
    return bool(ways_of(rest) - {"unchanged"} or _CURES.search(rest) or re.search(r"\d", rest))


def is_contrary(sentence: str, record: Record) -> bool:
    """Whether a record says the contrary of a sentence: another direction, nothing changed, the arms the other way round, no cure."""
    said = _CITED.sub("", sentence)
    source = [
        record["title"],
        *sentences(record.get("text", "")),
        *sentences(record.get("outcome", "")),
    ]
    if _CURES.search(said) and not any(_CURES.search(one) for one in source):
        return True
    told = [one for one in source if not _AIM.search(one)]
    return any(_are_numbers_swapped(said, one) for one in told) or any(
        _is_against(clause, said, told) for clause in _clauses(said)
    )


def is_surer(sentence: str, record: Record) -> bool:
    """Whether a sentence says for all, or for certain, what its source does not, or tells as found what the source calls unknown."""
    said = _CITED.sub("", sentence)
    source = [
        record["title"],
        *sentences(record.get("text", "")),
        *sentences(record.get("outcome", "")),
    ]
    absolute = {one.lower() for one in _ABSOLUTE.findall(said)}
    if absolute and not absolute <= {
        one.lower() for part in source for one in _ABSOLUTE.findall(part)
    }:
        return True
    if _UNKNOWN.search(said) or not ways_of(said):
        return False
    known = frozenset().union(*(_about(one) for one in source if not _UNKNOWN.search(one)))
    unknown = frozenset().union(*(_about(one) for one in source if _UNKNOWN.search(one)))
    return bool(_about(said) & (unknown - known))


def _is_against(clause: str, sentence: str, told: list[str]) -> bool:
    """Whether, of the source's clauses nearest to a clause, one says the contrary and none says the same."""
    own = ways_of(clause)
    about, whole = _about(clause), _about(sentence)
    if not own or not about:
        return False
    # "Survival did not differ between A and B" is on survival, "A improved survival" too.
    parts = _BETWEEN.sub("", clause) if "unchanged" in own else _after_its_verb(clause)
    outcome = _about(parts)
    about = outcome or about if "unchanged" in own else about
    near: list[tuple[int, str]] = []
    for one in told:
        shared = len(whole & _about(one))
        for part in _clauses(one):
            here = len(about & _about(part))
            if here and (ways_of(part) or _RATIO.search(part)):
                near.append((2 * here + shared + 3 * len(outcome & _about(part)), part))
    most = max((score for score, _ in near), default=0)
    verdicts = [_held(clause, own, part) for score, part in near if score >= 0.75 * most]
    return "against" in verdicts and "with" not in verdicts


def _after_its_verb(clause: str) -> str:
    """What stands after a clause's verb of change, up to what it is compared with: of "A improved survival more than B" the survival."""
    words = clause.split()
    at = next(
        (
            place
            for place, one in enumerate(words)
            if one.endswith(("ed", "es", "s")) and ways_of(one)
        ),
        -1,
    )
    if at < 0:
        return ""
    rest = " ".join(words[at + 1 :])
    mark = _THAN.search(rest)
    return rest[: mark.start()] if mark else rest


def _held(clause: str, own: frozenset[str], part: str) -> str:
    """``with``, ``against``, or empty where it cannot be told."""
    theirs = ways_of(part)
    if not theirs:
        return ""
    if ("unchanged" in own) != ("unchanged" in theirs):
        return "against"
    if "unchanged" in own:
        return "with"
    if _are_swapped(clause, part):
        theirs = frozenset(OPPOSITE[one] for one in theirs)
    if own & theirs:
        return "with"
    return "against" if any(OPPOSITE[one] in theirs for one in own) else ""


def _are_numbers_swapped(sentence: str, part: str) -> bool:
    """Whether a sentence gives two arms each the other's number: "8% with A and 19% with B" of "A and B (19% and 8%)"."""
    pairs = [(match[1].rstrip(".,"), _about(match[2])) for match in _OF_AN_ARM.finditer(sentence)]
    if len(pairs) != 2:
        return False
    (one, first), (other, second) = pairs
    first, second = first - second, second - first
    numbers = [_place(rf"(?<![\d.]){re.escape(each)}(?![\d]|\.\d)", part) for each in (one, other)]
    arms = [_word_place(each, part) for each in (first, second)]
    if min(*numbers, *arms) < 0 or one == other:
        return False
    mark = _THAN.search(part)
    # "Compared with B, A": the numbers may be in the other order.
    if mark and mark.start() < min(arms):
        return False
    return (numbers[0] < numbers[1]) != (arms[0] < arms[1])


_OF_AN_ARM = re.compile(
    r"(\d[\d.,]*)\s?(?:%|[a-z]+)?\s+(?:with|in|on|for|among|after|under)\s+((?:the |those |patients |on |receiving )*[\w-]+(?: [\w-]+)?)",
    re.IGNORECASE,
)


def _place(pattern: str, text: str) -> int:
    match = re.search(pattern, text)
    return match.start() if match else -1


def _word_place(wanted: frozenset[str], text: str) -> int:
    """Where the first of some words stands in a text; -1 where none does."""
    return next(
        (one.start() for one in re.finditer(r"[\w-]+", text) if _about(one[0]) & wanted), -1
    )


def _are_swapped(clause: str, part: str) -> bool:
    """Whether both compare the same two things, each with the other."""
    one, other = _arms(clause), _arms(part)
    if one is None or other is None or one[1] & other[1]:
        return False
    return bool(one[1] & other[0] and other[1] & one[0])


def _arms(clause: str) -> tuple[frozenset[str], frozenset[str]] | None:
    """The words of what is compared, and of what it is compared with."""
    mark = _THAN.search(clause)
    if mark is None:
        return None
    after = clause[mark.end() :]
    end = _REFERENCE_ENDS.search(after)
    against = after[: end.start()] if end else after
    rest = f"{clause[: mark.start()]} {after[len(against) :]}"
    reference = _about(against)
    return _about(rest) - reference, reference


@lru_cache(1024)
def _about(text: str) -> frozenset[str]:
    """The telling words of a text, without those that say a direction."""
    text = re.sub(r"\bnon-(?=\w)", "non", text, flags=re.IGNORECASE)
    return frozenset(one for one in roots(text) if not ways_of(one) and one not in _SMALL) - GENERAL


_SMALL = word_set(
    "the of in a an and or to with by for was were is are not did does do on no than at from as more less it its that this those among group between "
    "there difference differences differ made make significant significantly had have has"
)


def _clauses(sentence: str) -> list[str]:
    return [one for one in (part.strip() for part in _CLAUSE.split(sentence) if part) if one]


def _sentences(text: str) -> Iterator[str]:
    """A Markdown text's sentences, line by line: none runs on from a heading; a citation behind the full stop is its sentence's."""
    for line in text.splitlines():
        plain = line[_BULLET.match(line).end() :].strip()  # type: ignore[union-attr]
        for one in sentences(plain):
            start = 0
            for match in _AFTER_ITS_END.finditer(one):
                yield one[start : match.end()].strip()
                start = match.end()
            if rest := one[start:].strip():
                yield rest
