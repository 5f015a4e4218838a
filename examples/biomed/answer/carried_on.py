"""Sentences that carry on what the one before them tells, and say only in whom or at what dose: "The risk was not seen in men". Without I/O.

They name nothing of the question but its people, and are its answer where it asks for those.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Final

from ..sentences import sentences
from ..words import STOPWORDS, word_set, words_of
from .asked import Question
from .bounds import bounds_of, held
from .findings import has_figures
from .general_words import GENERAL
from .no_findings import is_told
from .outcomes import names_outcome
from .populations import plain
from .readings import is_negative
from .speaking import roots
from .subgroups import names_them
from .telling_sentences import LONGEST
from .ways import people, telling
from .zones import parts_of

SHORTEST = 20
"""Characters of a sentence that carries on: "In men the HR was 1.04."."""
_SAYS: Final = GENERAL | word_set(
    "hazard odds ratio ratios relative hr rr adjusted pooled estimate estimates confidence interval ci signal excess harm harms link relationship relation correlation finding findings pattern reduction "
    "association increased reduced elevated raised higher lower greater smaller larger stronger weaker similar seen observed found evident apparent present absent noted detected shown reported "
    "significant significantly statistically clinically disappeared vanished persisted remained attenuated lost held confined limited restricted only however conversely contrast such same longer any"
)
"""What a sentence says of what was told before it."""
_IN: Final = re.compile(
    r"\b(?:in|among|amongst|for|at|within|with|without|after|during)\b (?P<whom>(?:(?!(?:increas|decreas|reduc|improv|prevent|lower|rais|rose|fell|doubl|halv)(?:e[sd]?|s|ed)?\b).)+?)"
    r"(?=,|;|\(|\.?$| (?:it|there|this|was|were|is|are)\b| (?:the )?(?:adjusted |pooled )?(?:hazard|odds|risk|rate|relative|(?-i:HR|OR|RR)|effect|association|excess|increase|reduction)\b)",
    re.IGNORECASE,
)
_GONE: Final = re.compile(
    r"\b(?:no|not|nor|neither|never|absent|disappear(?:s|ed)|vanish(?:es|ed)|lost|without)\b",
    re.IGNORECASE,
)


_PART: Final = re.compile(
    r"\b(?:(?:pre-?specified|exploratory) )?(?:sub-?)?groups?\b|\bsubset\b|\bbaseline\b|\banalys[ei]s\b|\bstrat(?:um|a)\b",
    re.IGNORECASE,
)
"""Says that it is a part of all, and not which."""
_DOSE: Final = re.compile(r"\b(?P<how>low|lower|high|higher)[- ]doses?\b", re.IGNORECASE)


def _is_of_dose(text: str, how: str) -> bool:
    """Whether a sentence is of the lower or the higher part of the doses: "1 g or less"."""
    doses = [one for one in bounds_of(text) if one.kind == "dose"]
    if how.startswith("low"):
        return any(one.least == 0 for one in doses)
    return any(math.isinf(one.most) for one in doses)


def carries_on(text: str) -> bool:
    """Whether a sentence says only in whom, or at what dose, what was told before it is so or is not."""
    bare = re.sub(r"\([^)]*\)", "", text)
    left = _IN.sub(" ", bare)
    words = [one for one in words_of(left) if not one[0].isdigit() and one not in STOPWORDS]
    return left != bare and bool(words or has_figures(text)) and {*words} <= _SAYS


def is_denied(text: str) -> bool:
    """Whether a sentence that carries on says that what was told is not so there."""
    return _GONE.search(_IN.sub(" ", text)) is not None or is_negative(text)


def is_of_asked(text: str, question: Question) -> bool:
    """Whether a sentence is of the people, the time or the dose that a question asks for."""
    if any(held(text, one) == "same" for one in question.bounds):
        return True
    if any(_is_of_dose(text, one["how"].lower()) for one in _DOSE.finditer(question.text)):
        return True
    if question.subgroup is not None and names_them(text, question.subgroup):
        return True
    if {*people(question.text)} & {*people(text)}:
        return True
    whom = telling(_PART.sub(" ", " ".join(match["whom"] for match in _IN.finditer(text))))
    if whom and all(roots(one) & roots(question.text) for one in whom):
        return True
    wanted = [one for group in question.facets.populations for one in group]
    return any(one.said.search(plain(text)) for one in wanted)


def carried(text: str, told: Sequence[str], question: Question) -> list[str]:
    """The sentences of a text that carry on one that answers, or that names what is asked about, and are of whom the question asks for.

    Args:
        text: The whole text of a source.
        told: Its sentences that answer.
        question: What was asked.
    """
    found: list[str] = []
    is_on = False
    for one in parts_of(sentences(text)):
        if one.zone in ("before", "beside"):
            continue
        is_named = names_outcome(one.text, question.asked)
        if is_named or not carries_on(one.text):
            is_on = is_named or one.text in told
        elif (
            is_on
            and SHORTEST <= len(one.text) <= LONGEST
            and is_told(one.text)
            and is_of_asked(one.text, question)
        ):
            found.append(one.text)
    return found
