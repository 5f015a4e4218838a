"""Whether a model's sentence claims something, and whether the passage it cites bears it out. Without I/O.

Its words and numbers have to be there (:mod:`.bearing`), nothing may say the contrary (:mod:`.contrary`), and it may be no surer than its
source (:mod:`.surer`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from ..answer.directions import ways_of
from ..answer.general_words import GENERAL
from ..answer.speaking import Cited, roots
from ..citations import cited_numbers
from ..records import Record
from ..sentences import sentences
from .bearing import is_borne
from .contrary import is_contrary
from .surer import is_surer
from .wording import CITED, CURES

NOT_FOUND = "not found in the source it cites"
CONTRARY = "the source it cites says otherwise"
SURER = "surer than the source it cites"
UNCITED = "no source cited"
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
    plain = CITED.sub("", sentence).strip()
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
    return bool(ways_of(rest) - {"unchanged"} or CURES.search(rest) or re.search(r"\d", rest))


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
