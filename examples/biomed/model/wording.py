"""The words by which a model's sentence and its source are held together: what a text is about, its clauses, what it compares. Without I/O."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from ..answer.directions import OPPOSITE, ways_of
from ..answer.general_words import GENERAL
from ..answer.speaking import roots
from ..records import Record
from ..sentences import sentences
from ..words import word_set

_CLAUSE = re.compile(r"[;:]\s|,\s(?=(?:but|and|while|whereas|although|though)\b)|\b(?:but|while|whereas|although|though|however)\b|\band\b(?=\s+(?:\w+ ){0,3}?\w+(?:ed|es)\b)", re.IGNORECASE)  # fmt: skip
_IN_BRACKETS = re.compile(r"[(\[][^()\[\]]*[)\]]")
CITED = re.compile(r"\s*\[\d+\]")
CURES = re.compile(r"\b(?:cur(?:e|es|ed|ing)|heal(?:s|ed)?|eradicat\w*|eliminat\w*)\b", re.IGNORECASE)  # fmt: skip
AIM = re.compile(
    r"\b(?:whether|aims?|aimed|objectives?|purpose|hypothes\w+|in order to|(?:we|to) (?:assess|evaluat|determin|test|investigat|examin|compar|explor|stud(?:y|ied)|"
    r"estimat)\w*|designed to)\b|\?\s*$",
    re.IGNORECASE,
)
"""Says what was to be found, not what was."""
THAN = re.compile(
    r"\b(?:than|compared (?:with|to)|versus|vs\.?|(?:superior|inferior|preferable|relative) to|rather than)\b",
    re.IGNORECASE,
)
_REFERENCE_ENDS = re.compile(
    r"[,;()]|\.(?!\d)|\b(?:in|for|at|on|after|among|during|reduc\w*|lower\w*|did|does|was|were|is|are|had|has)\b",
    re.IGNORECASE,
)
_FIRST = re.compile(
    r"^\s*(?:[-−–]?\d[\d.]*\s?%?\s*)?(?:(?:after|with|in|for|on|during|at|among|by)\b)?",
    re.IGNORECASE,
)
_SMALL = word_set(
    "the of in a an and or to with by for was were is are not did does do on no than at from as more less it its that this those among group between "
    "there difference differences differ made make significant significantly had have has"
) | roots("associated association associations linked correlated related commonly frequently")


_DIES = re.compile(r"\b(?:surviv\w*|mortality|deaths?|die[ds]?|dying|fatalit\w+)\b", re.IGNORECASE)
_DEATH = frozenset(["=death"])
"""Who survives does not die: a text on the one is on the other."""


def told_by(record: Record) -> list[str]:
    """The sentences of a record, its title first."""
    texts = (record.get("text", ""), record.get("outcome", ""))
    return [record["title"], *(one for text in texts for one in sentences(text))]


@lru_cache(4096)
def about(text: str) -> frozenset[str]:
    """The telling words of a text, without those that say a direction."""
    text = re.sub(r"\bnon-(?=\w)", "non", text, flags=re.IGNORECASE)
    found = frozenset(one for one in roots(text) if not ways_of(one) and one not in _SMALL)
    return (found | _DEATH if _DIES.search(text) else found) - GENERAL


_SOONER: Final = (
    ("sooner", re.compile(r"\b(?:faster|quicker|sooner|more (?:quickly|rapidly)|earlier than)\b", re.IGNORECASE)),
    ("stronger", re.compile(r"\b(?:stronger|more (?:pronounced|marked))\b", re.IGNORECASE)),
    ("weaker", re.compile(r"\b(?:weaker|less (?:strong|pronounced|marked)|attenuated)\b", re.IGNORECASE)),
    ("later", re.compile(r"\b(?:slower|more slowly|later than|delay(?:s|ed))\b", re.IGNORECASE)),
)  # fmt: skip


_ASSOCIATED = re.compile(r"\b(?:associated|correlated|linked) (?:with|to)\b", re.IGNORECASE)
_BELOW = re.compile(r"\bchanges?\b[^.;]{0,40}?\b(?:of|was|were|by) [-−–]\d", re.IGNORECASE)
_MORE = re.compile(r"\b(more|less) than\b", re.IGNORECASE)
"""Of a verb that tells no way."""


def ways(clause: str) -> frozenset[str]:
    """Each way that a clause tells, see :func:`.directions.ways_of`; how soon something comes is a way of its own."""
    found = frozenset(way for way, rule in _SOONER if rule.search(clause))
    told = ways_of(clause)
    if not told and not found:
        # What is associated with an illness raises it.
        told = ways_of(_ASSOCIATED.sub(" raised ", clause))
    if not told and _BELOW.search(clause):
        told = frozenset(("down",))
    if not told and not found:
        found = frozenset(match[1].lower() for match in _MORE.finditer(clause))
    return told if "unchanged" in told or not found else found


CONTRARY_TO: Final[dict[str, str]] = {
    **OPPOSITE,
    "sooner": "later",
    "later": "sooner",
    "more": "less",
    "less": "more",
    "stronger": "weaker",
    "weaker": "stronger",
}

_COPULA = re.compile(
    r"^(?P<what>.+?)\b(?:was|were|is|are|became|remained|occurred|did)\b", re.IGNORECASE
)


def subject_of(clause: str) -> str:
    """What stands before a clause's verb, "wound infections were less common": the whole where there is no such verb."""
    match = _COPULA.match(clause)
    return match["what"] if match else clause


def goes_on(clause: str, before: str) -> str:
    """A clause with the subject of the one before it, where it has none of its own: "rare, but more frequent with A"."""
    match = _NO_SUBJECT.match(clause)
    return f"{subject_of(before)} was {clause}" if match and before else clause


def in_full(part: str, before: str) -> str:
    """A clause of a source with what it is compared with in the one before it: "fewer infections than B, but more bleeding"."""
    if (but := _BUT_NOT.match(part)) and (at := before.rfind(f" {but[1]} ")) > 0:
        return f"No effect: {before[:at]} {but[1]}{part[but.end() :]}"
    mark = THAN.search(before)
    if mark is None or THAN.search(part) or not _MORE_OF.match(part):
        return part
    after = before[mark.end() :]
    end = _REFERENCE_ENDS.search(after, 1)
    return f"{subject_of(before[: mark.start()])} {part} {mark[0]}{after[: end.start()] if end else after}"


_BUT_NOT = re.compile(r"\W*not (to|with|than|in|for|after|by|on|among)\b", re.IGNORECASE)
_MORE_OF = re.compile(
    r"\W*(?:more|less|fewer|higher|lower|longer|shorter|greater|better|worse|a (?:\w+ )?(?:higher|lower|longer|shorter|greater|faster|slower))\b",
    re.IGNORECASE,
)
_NO_SUBJECT = re.compile(
    r"\W*(?:was |were |is |are )?(?:(?:not|no|significantly|also) )*(?:more|less|higher|lower|greater|similar|rarer|commoner|unchanged)\b(?! \w+ (?:was|were|is|are)\b)",
    re.IGNORECASE,
)
_KINDS: Final = tuple(
    tuple(re.compile(rf"\b(?:{names})\b", re.IGNORECASE) for names in pair)
    for pair in (
        ("women|girls|females?", "men|boys|males?"),
        ("children|infants|newborns|adolescents", "adults"),
    )
)


def are_of_others(clause: str, part: str) -> bool:
    """Whether one text names women alone and the other men alone, or children and adults."""
    for kinds in _KINDS:
        one, other = ([rule.search(text) is not None for rule in kinds] for text in (clause, part))
        if sum(one) == sum(other) == 1 and one != other:
            return True
    return False


def meets(some: frozenset[str], others: frozenset[str]) -> bool:
    """Whether two sets share a word, or the beginning of a long one: laparoscopy and laparoscopic."""
    return bool(some & others) or any(
        min(len(one), len(other)) >= _LONG and (one.startswith(other) or other.startswith(one))
        for one in some
        for other in others
    )


_LONG = 6
"""Letters of a beginning that is enough to tell a word."""


def arm_words(text: str) -> frozenset[str]:
    """The words by which an arm is told, "therapy" and "control" among them."""
    return frozenset(
        one
        for one in roots(text)
        if one not in _SMALL and one not in _ANYBODY and not one.isdigit()
    )


_ANYBODY = frozenset().union(
    *map(
        roots,
        [
            "patients",
            "participants",
            "people",
            "persons",
            "women",
            "men",
            "adults",
            "children",
            "infants",
            "subjects",
            "group",
            "groups",
            "arm",
            "arms",
            "given",
            "receiving",
            "received",
            "treated",
            "those",
            "who",
        ],
    )
)


def clauses(sentence: str) -> list[str]:
    """The clauses of a sentence; what stands in brackets is parted by commas alone."""
    whole = _IN_BRACKETS.sub(lambda match: re.sub(r"[;:](?=\s)", ",", match[0]), sentence)
    return [one for one in (part.strip() for part in _CLAUSE.split(whole) if part) if one]


def compared(clause: str) -> tuple[frozenset[str], frozenset[str]] | None:
    """The words of what is compared, and of what it is compared with; None where nothing is."""
    mark = THAN.search(clause)
    if mark is None:
        return None
    after = _FIRST.sub("", clause[mark.end() :])
    end = _REFERENCE_ENDS.search(after)
    against = after[: end.start()] if end else after
    rest = f"{clause[: mark.start()]} {after[len(against) :]}"
    reference, subject = about(against), about(rest)
    return subject - reference, reference - subject or reference
