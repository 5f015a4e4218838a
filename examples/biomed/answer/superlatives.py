"""Questions for which of several has the most or the least of something, or is the most frequent, and the sentences that tell it. Without I/O.

"Which dose has the lowest rate of bleeding?" asks for no dose, and is answered by who gives the bleeding by dose.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..sentences import sentences
from .asked import Question
from .figures import STATISTICS
from .measured import Source, share_named
from .most_frequent import MostFrequent, says_it
from .no_findings import is_told
from .speaking import Concept
from .telling_sentences import LONGEST
from .ways import all_words, has
from .zones import parts_of

SHORTEST = 20
"""Characters of a sentence that gives two numbers: "Falls: 18% with A, 9% with B."."""
ENOUGH = 0.3
"""How much of what else is asked a sentence has to name that does not name the kind of which it tells the most frequent."""
_BY_DOSE = re.compile(r"^\W*(?:\w+ )?(?:which|what) (?:[\w-]+ )?dos(?:e|es|age)\b", re.IGNORECASE)
_DOSE = re.compile(r"\bdos(?:e|es|age)\b|\d ?(?:mg|mcg|µg|μg|g|IU)\b", re.IGNORECASE)
MANY = 3
"""Numbers from which on more of them make a sentence no better."""
_NUMBER = re.compile(
    r"(?<![\w.-])\d[\d,]*(?:\.\d+)?(?![\w.,-]*\d)(?! ?(?:mg|mcg|g|IU|weeks?|days?|months?|years?)\b)"
)
_SAYS = re.compile(r"\bthan\b|\b(?:most|least|highest|lowest|greatest|smallest|best|worst|longest|shortest)\b", re.IGNORECASE)  # fmt: skip


_HIGHEST = re.compile(
    r"\b(?:risks?|rates?|odds|hazards?|incidence|likelihood) (?:was|were|is|are) (?:the )?(?:most|least|highest|lowest|greatest|smallest|largest)\b"
    r"|\b(?:highest|lowest|greatest|smallest|largest) (?:risks?|rates?|odds|hazards?|incidence|likelihood)\b(?! of| for)",
    re.IGNORECASE,
)
"""Says which has the most or the least of a risk, and not of which."""


def asks_by_dose(question: Question) -> bool:
    """Whether a question asks which dose has the most of something."""
    return bool(question.most and _BY_DOSE.search(question.text))


def tells_by_dose(text: str) -> bool:
    return _DOSE.search(text) is not None


def give_each(source: Source, question: Question) -> list[str]:
    """The sentences of a source that give for several things what a question asks the most or the least of, best first."""
    parts = [
        one
        for one in parts_of(sentences(source.record.get("text", "")))
        if one.zone not in ("before", "beside")
        and SHORTEST <= len(one.text) <= LONGEST
        and is_told(one.text)
    ]
    told = [
        one.text
        for one in parts
        if _names(source.full(one.text), question)
        and (_numbers(one.text) > 1 or _SAYS.search(one.text))
    ]
    # "The risk was highest with B" is of what the source comes back to.
    is_on_it = sum(_names(source.full(one.text), question) for one in parts) > 1
    extreme = [one.text for one in parts if is_on_it and _HIGHEST.search(one.text)]
    is_by_dose = asks_by_dose(question)
    # Who gives three has it by what is asked for, and who gives two mostly by what was tried.
    told.sort(
        key=lambda one: (
            is_by_dose and not tells_by_dose(one),
            -min(_numbers(one), MANY),
            -round(share_named(source.full(one), question.wanted), 2),
        ),
    )
    return [*extreme, *(one for one in told if one not in extreme)]


def _names(text: str, question: Question) -> bool:
    words = all_words(text)
    return any(has(words, one) for one in question.most)


def _numbers(text: str) -> int:
    return len(_NUMBER.findall(STATISTICS.sub(" ", text)))


def tell_most_frequent(source: Source, asked: MostFrequent, things: Sequence[Concept]) -> list[str]:
    """The sentences of a source that tell it, best first: those that found it before those that knew it before."""
    found = []
    for place, part in enumerate(parts_of(sentences(source.record.get("text", "")))):
        text = part.text
        if part.zone == "beside" or not SHORTEST <= len(text) <= LONGEST:
            continue
        if not says_it(text, asked):
            continue
        is_named = any(has(all_words(text), one) for one in asked.kind)
        share = share_named(source.full(text), things) if things else 1.0
        if not is_named and share < ENOUGH:
            continue
        is_known_before = part.zone == "before" or not is_told(text)
        found.append((is_known_before, not is_named, -round(share, 2), place, text))
    return [one[-1] for one in sorted(found)]
