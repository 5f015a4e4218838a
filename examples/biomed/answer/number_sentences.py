"""Of a source's sentences those that give the number that is asked for, and which of several comes first. Without I/O."""

from __future__ import annotations

import re

from ..sentences import sentences
from .asked import Question
from .aspects import counted
from .bounds import bounds_of, is_of_others
from .figures import gives
from .measured import ALL, WHOLE, Source, share_named
from .no_findings import is_told
from .telling_sentences import LONGEST
from .zones import Part, parts_of

SHORTEST_NUMBER = 15
"""Characters of a sentence that is quoted for its number alone: "CRC prevalence was 3.3%."."""
HALF = 0.49
"""How much of the question's things a sentence has to name that is quoted for its number alone: a share may be of anything."""


def with_figure(source: Source, told: list[str], question: Question) -> list[str]:
    """Of a source whose sentences that answer do not give the number that is asked for those others that do; a dose and a time are told with what was done, too."""
    if any(map(source.gives, told)):
        return []
    about = question.entities.get("concepts", [])
    of_methods = [one for one in question.figures if one.is_of_methods]
    things = [one for one in question.wanted if one[0] >= 1]
    is_its_own = any(one.is_its_own for one in question.figures)

    def gives_it(part: Part) -> bool:
        if of_methods:
            return gives(part.text, of_methods)
        return part.zone != "before" and is_told(part.text) and source.gives(part.text)

    def is_on_it(text: str) -> bool:
        share = share_named(source.full(text), things)
        if is_its_own:
            return share > 0 or source.share >= ALL
        if question.of and source.names_of(text):
            # It names that of which the number is asked.
            return share > 0
        return share > HALF or bool(of_methods and share > 0 and source.share >= WHOLE)

    return [
        one.text
        for one in parts_of(sentences(source.record.get("text", "")))
        if one.zone != "beside"
        and SHORTEST_NUMBER <= len(one.text) <= LONGEST
        and gives_it(one)
        and is_on_it(one.text)
        and counted(source.whole, source.full(one.text), question.text, about)
    ]


def _gives_here(source: Source, told: str, question: Question) -> bool:
    """Whether a sentence gives the number that is asked for, and not for another age, time or dose."""
    return source.gives(told) and not is_of_others(told, question.bounds)


_OF_ALL = re.compile(
    r"\b(?:overall|total|pooled) (?:\w+ )?(?:incidence|prevalence|rates?|frequency|risk|mortality|survival|sensitivity|specificity)\b|"
    r"\b(?:incidence|prevalence) of\b",
    re.IGNORECASE,
)
"""Says the number of all, before those of some."""


def with_number_first(source: Source, told: list[str], question: Question) -> list[str]:
    """Sentences with the number that is asked for first: that of all before those of some, and of several cut-offs the one that is told first."""
    told = [one for one in told if not source.is_of_another(one)]
    here = [one for one in told if _gives_here(source, one, question)]
    if not any(one.kind == "level" for one in question.bounds):
        text = source.record.get("text", "")
        here.sort(key=lambda one: text.find(one) if _has_level(one) else -1)
    here.sort(key=lambda one: _OF_ALL.search(one) is None)
    if cut_off := _CUT_OFF.search(question.text):
        # "At 250", in whatever unit, before what is told of another.
        here.sort(key=lambda one: cut_off["at"] not in re.findall(r"\d+(?:\.\d+)?", one))
    if unit := _HOW_MANY.search(question.text):
        # "How many days?" is told in days, and not in the year that the trial took.
        here.sort(key=lambda one: unit["unit"].lower() not in one.lower())
    things = [one for one in question.wanted if one[0] >= 1]
    rest = [one for one in told if one not in here]
    # What names nothing of the question is no second to the number.
    return here + [one for one in rest if not here or share_named(source.full(one), things) > 0]


_CUT_OFF = re.compile(
    r"\b(?:at|of|above|below|over|cut-?off|threshold) (?P<at>\d+(?:\.\d+)?)\b(?!\s*(?:%|-|years?|months?|weeks?|days?|hours?|min|mg\b|g\b|mcg|patients|people|women|men|children))(?=\s*(?:\?|$|for|in|of|to|and|or|with|as|[\w/µμ]+/))",
    re.IGNORECASE,
)
_HOW_MANY = re.compile(r"\bhow many (?P<unit>minute|hour|day|week|month|year)s\b", re.IGNORECASE)


def _has_level(text: str) -> bool:
    return any(one.kind == "level" for one in bounds_of(text))
