"""What a question wants left out: "without surgery", "not on insulin", "excluding pregnant women". Without I/O."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ..terms.broad import GENERAL
from ..terms.everyday import EVERYDAY
from ..terms.find import Found, find
from ..terms.names import singular
from ..words import word_set
from .compounds import people_after
from .denials import STRONG, WEAK
from .denied_verbs import is_asked, is_done_without, is_of_the_verb, is_outcome_without
from .joined import AND, JOINED, PEOPLE_LAST, is_left_out, listed

_NON = re.compile(r"\b(?i:non)[- ](?=(?i:[a-z]{4})|[A-Z]{2})")
_NEGATIVE = re.compile(
    r"(?<![\w-])([A-Za-z][\w]*)(?:-(?:negative|free|uninfected)|(?<=\b(?-i:[A-Z]{3})) negative)\b(?! (?:tests?|results?|smears?|cultures?|swabs?)\b)",
    re.IGNORECASE,
)
"""``HIV-negative``, ``HIV negative``, ``insulin-free``."""
_OPERATORS = re.compile(r"[a-z*)\"]\s+(?:AND|OR)\b|\b(?:AND|OR)\s+[a-z(\"]|[a-z]\*")
_NOT = re.compile(r"\bNOT\s+(?:\(\s*)?")
"""An operator, in a question that is written in operators."""
_EITHER_WAY = re.compile(
    r"\bwith\s*(?:and|or|and/or|versus|vs\.?|/|,)\s*$|\bwhether\b[^,;:.?]*\bor\s+$", re.IGNORECASE
)
_ARTICLES = re.compile(r"(?:(?:a|an|any|the|other|with|on)\s+)*", re.IGNORECASE)
_BARE_NOT = re.compile(r"not\s+", re.IGNORECASE)
_NOT_ONE = re.compile(
    r"(?<!\bor )\b(?:not|no|nor|neither|without|excluding|except(?:ing)?(?: for)?|other than|rather than|instead of)\s+"
    r"(?:(?:in|a|an|any|the|for|from|those)\s+)*",
    re.IGNORECASE,
)
"""What leaves out the one of a few kinds, a phase, a status, an age group, a sex, that stands right after it."""
_ONE_OF_FEW = re.compile(
    r"(?:(?:early )?phases?[ -]?(?:[1-4]|iv|i{1,3}|one|two|three|four)[ab]?(?:\s*[/,&-]\s*(?:[1-4]|iv|i{1,3})[ab]?|\s+(?:and|or|to)\s+(?:[1-4]|iv|i{1,3})[ab]?)*"
    r"|completed|finished|terminated|withdrawn|suspended|cancel+ed|stopped|halted|paused|ongoing"
    r"|(?:(?:young|younger|older?|elderly|adult|male|female) )?(?:adults?|children|kids|infants?|newborns?|adolescents?|teenagers?|seniors|"
    r"women|men|males?|females?|boys|girls|child|adult)"
    r")\b(?!-)\*?",
    re.IGNORECASE,
)
WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*\*?")

_ENDS = word_set(
    "a about above after aged against all also among an and any are as at be because been before being between but by can compared could did do does "
    "below older younger during each for from get give had has have how if in into is it its may might more most much need nor of on or over per plus "
    "safe should since so some such than that the their then there these they this those through to under until up versus vs was were "
    "what when where whether which while who whom why will with within would work works help helps reduce improve treat prevent "
    "trial trials study studies review reviews effective better worse "
    "take takes eat eats receive receives tolerate become becomes develop develops undergo live lives survive still ever"
)
"""Words that a noun phrase ends at."""
BEFORE = re.compile(r"\b(?:prior|previous|past|earlier)\s+$", re.IGNORECASE)
"""Stands before what people have not had yet: a study may well give it to them."""

Span = tuple[int, int]


def spans(text: str, names: Sequence[Found]) -> list[Span]:
    """Where in the text what is wanted left out stands, in order; none overlaps another."""
    found: list[Span] = []
    for match in STRONG.finditer(text):
        if not (
            _EITHER_WAY.search(text, 0, match.start())
            or is_of_the_verb(text, match.start(), match.end())
            or is_asked(text, match.start())
            or is_outcome_without(text, match.start())
            or (
                is_done_without(text, match.start())
                and not any(one.start == match.end() and is_left_out(one) for one in names)
            )
        ):
            found += _phrases(text, match.end(), names)
    if _OPERATORS.search(text):
        for match in _NOT.finditer(text):
            found += _phrases(text, match.end(), names)
    for rule in (WEAK, _NON):
        for match in rule.finditer(text):
            if rule is WEAK and is_asked(text, match.start()):
                continue
            if _EITHER_WAY.search(text, 0, match.start()):
                continue  # "with or without diabetes": with it as well
            if rule is _NON and any(name.start < match.end() <= name.end for name in names):
                continue  # "non-small-cell lung cancer" is a name
            if rule is WEAK and (state := _STATE.match(text, match.end())):
                found.append(state.span())
                continue
            is_bare = rule is WEAK and _BARE_NOT.fullmatch(match[0]) is not None
            found += _named(text, match.end(), names, done_too=is_bare)
    for match in _NOT_ONE.finditer(text):
        found += _of_few(text, match.end())
    for match in _NEGATIVE.finditer(text):
        end = match.end(1)
        name = next((one for one in names if one.start == match.start() and one.end <= end), None)
        is_taken = name is not None and (name.kind == "drug" or "D" in name.branches)
        is_free = match[0].lower().endswith("free")
        # "Steroid-free remission" is wanted; who is "insulin-free" takes none.
        if name and (
            is_taken and bool(people_after(text, match.end()))
            if is_free
            else name.kind == "condition"
        ):
            found.append((name.start, match.end()))
    apart: list[Span] = []
    for span in sorted(found):
        if not apart or span[0] >= apart[-1][1]:
            apart.append(span)
    return apart


def with_denial(text: str, found: Sequence[Span]) -> list[Span]:
    """The spans with the words that leave them out: "free of asthma", and no word of it is asked for."""
    begins = {one.end(): one.start() for rule in (WEAK, STRONG) for one in rule.finditer(text)}
    return [(begins.get(start, start), end) for start, end in found]


def _of_few(text: str, place: int) -> Iterator[Span]:
    """The kind right at ``place``, and those joined to it: by "and" only one of the same few."""
    while one := _ONE_OF_FEW.match(text, place):
        yield one.span()
        joined = JOINED.match(text, one.end())
        if not joined:
            joined = AND.match(text, one.end())
            also = joined and _ONE_OF_FEW.match(text, joined.end())
            if not joined or not also or _of_which(also[0]) != _of_which(one[0]):
                return
        place = joined.end()


def _of_which(kind: str) -> str:
    """Which few a kind is one of."""
    if "phase" in kind.lower():
        return "phase"
    return "people" if PEOPLE_LAST.search(kind) else "status"


def reaching(text: str, names: Sequence[Found]) -> list[Found]:
    """The names, those after "non-" in two: "non-diabetic kidney disease" is a disease of the kidney, and no diabetic one."""
    apart: list[Found] = []
    starts = {match.end() for match in _NON.finditer(text)}
    for place, name in enumerate(names):
        after = names[place + 1] if place + 1 < len(names) else None
        stands_before = bool(after and after.kind == "condition" and after.start == name.end + 1)
        parts = _parted(name, stands_before) if name.start in starts else None
        apart += parts or [name]
    return apart


def _parted(name: Found, stands_before: bool) -> list[Found] | None:
    """What "non-" before a name denies, if that is a name, and the rest; None where it denies the whole."""
    for space in re.finditer(r"[ -]", name.text):
        first, rest = name.text[: space.start()], name.text[space.end() :]
        denied = next((one for one in find(first) if one.text == first), None)
        if denied is not None and not is_left_out(denied):
            denied = None
        # "Non-cystic fibrosis bronchiectasis" is one without cystic fibrosis.
        if denied is None and (stands_before or not ADJECTIVE.fullmatch(first)):
            continue
        kept = next((one for one in find(rest) if one.text == rest), None)
        is_thing = kept.kind != "topic" or is_left_out(kept) if kept else _is_telling(rest)
        if not is_thing:
            continue
        parts = [replace(denied, start=name.start, end=name.start + len(first))] if denied else []
        if kept:
            parts.append(replace(kept, start=name.start + space.end(), end=name.end))
        return parts
    return None


def _is_telling(word: str) -> bool:
    low = word.lower()
    return low.isalpha() and len(low) > 5 and not {low, singular(low)} & (EVERYDAY | GENERAL)


ADJECTIVE = re.compile(
    r"[a-z]{3,}(?:al|ac|ic|ive|ed|ing|ant|ar|ary|ous|ent|ory|able|ible|oid)", re.IGNORECASE
)
"""A word that describes, by its ending."""


def _before_another(text: str, place: int, end: int, names: Sequence[Found]) -> int:
    """The end of what is left out: after a disease, a gene, or a state or treatment in words, a medicine is another thing
    ("without EGFR mutation osimertinib"), and so is a disease after such words."""
    within = [one for one in names if place <= one.start and one.end <= end]
    for one in within:
        before = text[place : one.start]
        states = _STATES.search(before)
        if (one.kind == "drug" or (one.kind == "topic" and "D" in one.branches)) and (
            states
            or any(
                other.kind in ("condition", "gene") for other in within if other.start < one.start
            )
        ):
            return one.start
        if one.kind == "condition" and states:
            return one.start
    return end


_STATES = re.compile(
    r"\b(?:mutations?|mutants?|variants?|(?:co-?)?amplifications?|rearrangements?|fusions?|translocations?|deletions?|insertions?|"
    r"alterations?|aberrations?|polymorphisms?|(?:over)?expression|positivity|status|resistance|sensiti[sz]ation|progression|"
    r"metastas[ei]s|symptoms?|relapses?|recurrences?|exacerbations?|complications?|antibod(?:y|ies)|chemotherapy|radiotherapy|radiation|"
    r"immunotherapy|surgery|therapy|treatment|dialysis|transplant(?:ation)?s?|ventilation|intubation|vaccination)\W*$",
    re.IGNORECASE,
)
"""How what people have, or have had, ends where no name ends it."""
_STATE = re.compile(
    r"(?:[A-Z][\w-]*[A-Z0-9][\w-]*|[a-z]+) (?:mutations?|(?:co-?)?amplifications?|rearrangements?|fusions?|translocations?|deletions?|"
    r"alterations?|(?:over)?expression)\b"
)
"""``EGFR mutation``: a state that "no" leaves out as "without" does."""


def _phrases(text: str, place: int, names: Sequence[Found]) -> Iterator[Span]:
    """The noun phrase at ``place``, and those joined to it by "or", things also by "and"."""
    is_closed = False
    while (end := _phrase_end(text, place)) > place:
        end = _before_another(text, place, end, names)
        last = len(text[:end].rstrip())
        yield place, last
        joined = JOINED.match(text, end)
        if joined is None or joined[0].strip() == ",":
            too = listed(text, place, last, joined, names, is_closed=is_closed)
            if too is None:
                return
            place, is_closed = too, is_closed or joined is None
            continue
        is_closed = True
        articles = _ARTICLES.match(text, joined.end())
        place = articles.end() if articles else joined.end()


def _phrase_end(text: str, place: int) -> int:
    end = at = place
    for _ in range(5):
        match = WORD.match(text, at)
        if match is None or match[0].lower() in _ENDS:
            break
        if end > place and match[0].lower().endswith(_SAID) and match[0].lower() in EVERYDAY:
            break
        end = match.end()
        space = re.compile(r" +").match(text, end)
        if space is None:
            break
        at = space.end()
    return end


_SAID = ("ing", "ous", "ful", "able", "ible")
"""Ends what is said of a thing, and is no word of it: of "not on steroids dangerous" the danger."""


def _named(
    text: str, place: int, names: Sequence[Found], *, done_too: bool = False
) -> Iterator[Span]:
    """The medicines and diseases right at ``place``, and those joined to them by "or" and "and".

    ``done_too``: also what is done, a procedure: "surgery not chemotherapy".
    """
    is_closed = False
    while name := next((one for one in names if place <= one.start <= place + 1), None):
        if not (is_left_out(name) or (done_too and "E" in name.branches)):
            return
        yield name.start, name.end
        joined = JOINED.match(text, name.end)
        if joined is None or joined[0].strip() == ",":
            too = listed(text, name.start, name.end, joined, names, is_closed=is_closed)
            if too is None:
                return
            place, is_closed = too, is_closed or joined is None
        else:
            place, is_closed = joined.end(), True
