"""Kinds of studies that a question wants left out: "excluding case reports", "human studies only". Without I/O.

Sources: PubMed Help, "Publication Types"; MeSH's check tags, of which an article on animals alone has ``animals`` without ``humans``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple, get_args

from ..words import unique
from .designs import DESIGNS, WORKS, Design
from .trials_query import StudyType

ANIMALS: Final = "animal study"
_OTHERS: Final[dict[str, Design]] = {
    ANIMALS: Design(
        rf"(?:animals?|pre-?clinical|rodents?|mouse|murine|rats?) (?:{WORKS}|models?|experiments?)|animals|mice|rats|rodents",
        "(animals[mh] NOT humans[mh])",
    ),
    "in vitro study": Design(
        rf"(?:in[- ]vitro|cell[- ]culture|cell[- ]line) (?:{WORKS}|experiments?)",
        '("In Vitro Techniques"[mh] OR in vitro[ti])',
    ),
    "systematic review": Design(r"systematic reviews?", "systematic review[pt]"),
    "review": Design(
        r"(?:(?:literature|narrative|scoping|umbrella|expert) )*reviews?(?: (?:articles?|papers?))?",
        "(review[pt] OR systematic review[pt])",
    ),
    "randomized trial": Design(
        r"(?:(?:randomi[sz]ed|controlled|clinical) )*randomi[sz]ed (?:(?:controlled|clinical) )*(?:trials?|studies)|rcts?",
        "randomized controlled trial[pt]",
        area="DesignAllocation",
        value="RANDOMIZED",
    ),
    "editorial": Design(r"editorials?", "editorial[pt]"),
    "letter": Design(r"letters?(?: to the editor)?", "letter[pt]"),
    "comment": Design(r"comment(?:s|ar(?:y|ies))|opinion (?:pieces?|articles?)", "comment[pt]"),
    "preprint": Design(r"pre-?prints?", "preprint[pt]"),
    "conference abstract": Design(
        r"(?:conference|congress|meeting) (?:abstracts?|proceedings|papers?)", "congress[pt]"
    ),
    "study protocol": Design(r"(?:study |trial )?protocols", '"clinical trial protocol"[pt]'),
    "retracted article": Design(
        r"retracted (?:articles?|papers?|publications?|studies)|retractions",
        '"retracted publication"[pt]',
    ),
}
"""Kinds that nobody asks for as kinds, or that have a filter of their own."""
_KINDS: Final = {**_OTHERS, **DESIGNS}
_ONE = {"case report": r"case (?:reports?|series|studies|study)", "meta-analysis": r"meta-?analys[ei]s"}  # fmt: skip
_RULES = {
    name: re.compile(rf"\b(?:{_ONE.get(name, one.pattern)})(?![\w-])", re.IGNORECASE)
    for name, one in _KINDS.items()
}
_WHOLE_TYPES: Final[dict[str, StudyType]] = {
    "observational study": "OBSERVATIONAL",
    "interventional study": "INTERVENTIONAL",
    "expanded access": "EXPANDED_ACCESS",
}
"""Kinds that are a type of the registry's: the others are what is left."""
_DENIES = re.compile(
    r"(?<![\w-])(?:(?:(?:but|and|please)\s+)?(?:exclud(?:e|es|ed|ing)|except(?:ing)?(?: for)?|not including|not interested in|"
    r"(?:do not|don['’]?t) (?:want|show|include|need)|(?<!there are )(?<!there is )(?<!there were )(?<!are there )(?<!is there )(?<!were there )(?<!why )(?:no|not|nor)|without|"
    r"other than|rather than|instead of|apart from|aside from|besides|omit(?:ting)?|leav(?:e|ing) out|ignor(?:e|ing)|skip(?:ping)?|"
    r"minus|filter(?:ing)? out|remov(?:e|ing)|NOT)\s+|non-)(?:(?:in|a|an|any|all|the|for|from|those|single|small)\s+)*",
    re.IGNORECASE,
)
_JOINED = re.compile(
    r"\s*(?:,\s*(?:and/or|or|nor|and)\b|\band/or\b|,|/|&|\bor\b|\bnor\b|\band\b)\s*(?:(?:in|any|all|the|no|not)\s+)*",
    re.IGNORECASE,
)
_LEFT_OUT = re.compile(
    r"\s+(?:(?:are|is|were|be|being|should be|must be|to be)\s+)?(?:excluded|left out|omitted)\b",
    re.IGNORECASE,
)
_PEOPLE = rf"humans?(?: (?:{WORKS}|subjects|participants|beings))?"
_HUMANS = re.compile(
    rf"\b(?:only (?:in |on |from |with )?{_PEOPLE}|(?:in |on )?{_PEOPLE} only|human {WORKS})(?![\w-])",
    re.IGNORECASE,
)


class _Place(NamedTuple):
    start: int
    end: int
    name: str


def left_out(text: str) -> tuple[list[str], str]:
    """The names of the kinds that are left out, in order, and the text without them and without what denies them."""
    found: list[str] = []
    for start, end, names in reversed([*_denied(text)]):
        found[:0] = names
        text = f"{text[:start]} ; {text[end:]}"
    if _HUMANS.search(text):
        found.append(ANIMALS)
        text = _HUMANS.sub(" ; ", text)
    return unique(found), text


def _denied(text: str) -> Iterator[tuple[int, int, list[str]]]:
    """Where each list of kinds that is left out stands, with what denies it, and its kinds."""
    done = 0
    for match in _DENIES.finditer(text):
        if match.start() >= done and (kinds := _listed(text, match.end())):
            done = kinds[-1].end
            yield match.start(), done, [one.name for one in kinds]
    if done:
        return
    for match in _LEFT_OUT.finditer(text):
        begins = sorted({rule.start() for one in _RULES.values() for rule in one.finditer(text)})
        for start in begins:
            kinds = _listed(text, start)
            if kinds and kinds[-1].end == match.start():
                yield start, match.end(), [one.name for one in kinds]
                return


def _listed(text: str, place: int) -> list[_Place]:
    """The kind right at ``place``, and those joined to it."""
    kinds: list[_Place] = []
    while one := _at(text, place):
        kinds.append(one)
        joined = _JOINED.match(text, one.end)
        if joined is None:
            break
        place = joined.end()
    return kinds


def _at(text: str, place: int) -> _Place | None:
    """The longest kind that begins at ``place``."""
    matches = [
        _Place(place, match.end(), name)
        for name, rule in _RULES.items()
        if (match := rule.match(text, place))
    ]
    return max(matches, key=lambda one: one.end, default=None)


def pubmed_exclusions(names: Iterable[str]) -> list[str]:
    """What an article of such a kind has, in PubMed's syntax: its type or its title, no mere word of its abstract."""
    return unique(_exclusion(_KINDS[one]) for one in names if one in _KINDS)


def _exclusion(kind: Design) -> str:
    term = kind.pubmed.replace("[tiab]", "[ti]")
    # A randomised trial that followed people up has the heading of cohort studies, too.
    is_observed = kind.study_type == "OBSERVATIONAL"
    return f"({term} NOT randomized controlled trial[pt])" if is_observed else term


def registry_exclusions(names: Iterable[str]) -> list[str]:
    """What a study's design should not have, as ``NOT AREA[DesignObservationalModel]COHORT``."""
    return [
        f"NOT AREA[{one.area}]{one.value}"
        for name in names
        if name in _KINDS and (one := _KINDS[name]).area
    ]


def remaining_types(names: Iterable[str]) -> list[StudyType]:
    """The registry's types of studies that are left; none where no whole type is left out."""
    gone = {_WHOLE_TYPES[one] for one in names if one in _WHOLE_TYPES}
    kept: list[StudyType] = [one for one in get_args(StudyType) if one not in gone]
    return kept if gone else []


def told(names: Iterable[str]) -> list[str]:
    """What a reader should know of them."""
    return [f"{one!r} is left out as a kind of study, as the question asks" for one in names]
