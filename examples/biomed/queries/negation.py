"""What a question wants left out: "without surgery", "not on insulin", "excluding pregnant women". Without I/O."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from ..terms.find import Found
from ..words import word_set
from .everyday import EVERYDAY

_PEOPLE = (
    r"(?:(?:people|patients|persons?|those|anyone|anybody|individuals|subjects|participants|adults|studies|trials|cases)\s+"
    r"(?:(?:who|that|which)\s+(?:are|is|have|has|had|were|take|took|receive|received|use|used)\s+(?:had\s+)?)?"
    r"(?:(?:with|on|in|taking|having|receiving|using|of|under)\s+)?)?"
)
_TAIL = (
    r"(?:(?:a|an|any|the|known|history|prior|previous|past|earlier|pre-?existing|of|current|currently|established|underlying|evidence|signs?|"
    r"concomitant|diagnosed|in|on|with|for|to|using|having|taking|receiving|being|further|additional) )*"
)
_STRONG = re.compile(
    r"(?:\b(?:without|w/o|sans|exclud(?:ing|es?)|excl\.?|except(?:ing)?(?: for| in)?|other than|besides|apart from|aside from|"
    r"(?-i:outside(?: of)?(?= (?:the )?[A-Z]))|omitting|leaving out|lacking|free (?:of|from)|in the absence of|no (?:evidence|history|signs?) of|"
    r"(?:are|is|were|was|be|been) not|"
    r"not (?:having|with|have|on|in|taking|receiving|using|undergoing|requiring|needing|planning|wanting|considering|wishing|treated (?:with|by)|due to|caused by|related to|"
    r"associated with|because of|(?:yet )?(?:had|taken|received|been on))|"
    r"(?:do|does|did|who do|who did) not (?:have|take|use|receive|need|tolerate)|(?:don['’]?t|doesn['’]?t|didn['’]?t) (?:have|take|use|receive|need)|"
    r"(?:have |has |had )?(?:never|not yet|not) (?:had|have|having|taken?|taking|received?|been on|been treated with|used|undergone|suffered(?: from)?)|"
    r"but not|negative for|(?<=with )no)|,\s*not(?= [a-z]))\s+" + _PEOPLE + _TAIL,
    re.IGNORECASE,
)
"""What leaves out whatever stands after it."""
_WEAK = re.compile(
    r"\b(?:no|not|never|absence of)\s+" + _TAIL,
    re.IGNORECASE,
)
"""What leaves out a medicine or a disease right after it; before other words it may deny a verb."""
_NON = re.compile(r"\bnon[- ](?=[a-z]{4})", re.IGNORECASE)
_NEGATIVE = re.compile(r"(?<![\w-])([A-Za-z][\w]*)-(?:negative|free|uninfected)\b", re.IGNORECASE)
"""``HIV-negative``, ``insulin-free``."""
_EITHER_WAY = re.compile(r"\bwith\s*(?:and|or|and/or|versus|vs\.?|/|,)\s*$", re.IGNORECASE)
_JOINED = re.compile(r"\s*(?:,\s*(?:or|nor|and)\b|,|/|\bor\b|\bnor\b)\s*", re.IGNORECASE)
_ARTICLES = re.compile(r"(?:(?:a|an|any|the|other|with|on)\s+)*", re.IGNORECASE)
WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")

_ENDS = word_set(
    "a about after against all also among an and any are as at be because been before being between but by can compared could did do does "
    "during each for from get give had has have how if in into is it its may might more most much need of on or over per "
    "safe should since so some such than that the their then there these they this those through to under until up versus vs was were "
    "what when where whether which while who whom why will with within would work works help helps reduce improve treat prevent "
    "trial trials study studies review reviews effective better worse"
)
"""Words that a noun phrase ends at."""
BEFORE = re.compile(r"\b(?:prior|previous|past|earlier)\s+$", re.IGNORECASE)
"""Stands before what people have not had yet: a study may well give it to them."""

Span = tuple[int, int]


def spans(text: str, names: Sequence[Found]) -> list[Span]:
    """Where in the text what is wanted left out stands, in order; none overlaps another."""
    found: list[Span] = []
    for match in _STRONG.finditer(text):
        if not _EITHER_WAY.search(text, 0, match.start()):
            found += _phrases(text, match.end(), names)
    for rule in (_WEAK, _NON):
        for match in rule.finditer(text):
            if _EITHER_WAY.search(text, 0, match.start()):
                continue  # "with or without diabetes": with it as well
            if rule is _NON and any(name.start < match.end() <= name.end for name in names):
                continue  # "non-small-cell lung cancer" is a name
            found += _named(text, match.end(), names)
    for match in _NEGATIVE.finditer(text):
        end = match.end(1)
        name = next((one for one in names if one.start == match.start() and one.end <= end), None)
        is_taken = name is not None and (name.kind == "drug" or "D" in name.branches)
        if name and (is_taken if match[0].lower().endswith("free") else name.kind == "condition"):
            found.append((name.start, match.end()))
    apart: list[Span] = []
    for span in sorted(found):
        if not apart or span[0] >= apart[-1][1]:
            apart.append(span)
    return apart


def is_left_out(name: Found) -> bool:
    """Whether a name is a thing that people have or take: a study with it is then not meant."""
    return name.kind in ("drug", "condition") or bool(name.branches & frozenset("CD"))


def _before_a_medicine(place: int, end: int, names: Sequence[Found]) -> int:
    """The end of what is left out: after a disease or a gene a medicine is another thing ("without EGFR mutation osimertinib")."""
    within = [one for one in names if place <= one.start and one.end <= end]
    for before, one in pairwise(within):
        if one.kind == "drug" and before.kind in ("condition", "gene"):
            return one.start
    return end


def _phrases(text: str, place: int, names: Sequence[Found]) -> Iterator[Span]:
    """The noun phrase at ``place``, and those joined to it by "or"."""
    while (end := _phrase_end(text, place)) > place:
        yield place, _before_a_medicine(place, end, names)
        joined = _JOINED.match(text, end)
        if not joined:
            return
        articles = _ARTICLES.match(text, joined.end())
        place = articles.end() if articles else joined.end()


def _phrase_end(text: str, place: int) -> int:
    end = at = place
    for _ in range(5):
        match = WORD.match(text, at)
        if match is None or match[0].lower() in _ENDS:
            break
        if end > place and match[0].lower().endswith("ing") and match[0].lower() in EVERYDAY:
            break
        end = match.end()
        space = re.compile(r" +").match(text, end)
        if space is None:
            break
        at = space.end()
    return end


def _named(text: str, place: int, names: Sequence[Found]) -> Iterator[Span]:
    """The medicines and diseases right at ``place``, and those joined to them by "or"."""
    while name := next((one for one in names if place <= one.start <= place + 1), None):
        if not is_left_out(name):
            return
        yield name.start, name.end
        joined = _JOINED.match(text, name.end)
        if not joined:
            return
        place = joined.end()
