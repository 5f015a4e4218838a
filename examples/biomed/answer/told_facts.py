"""What is asked on of the studies that answer: how many took part, at which dose, with which p value, how old they were. Without I/O.

Each study tells it for itself, in its methods mostly, where no finding stands.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from ..entities import Entities
from ..markdown import quoted
from ..records import Record
from ..sentences import sentences
from .answering import Found
from .designs import people_of
from .instructions import own_words
from .outcomes import Asked, asked_of, names_exposure, names_outcome
from .speaking import Cited
from .study_facts import FACTS, StudyFact, fact_sentences

MOST: Final = 4
"""Sentences that are quoted."""
_DOSE = re.compile(
    r"(?<![\w.])\d[\d., ]*(?:to |or |and |- ?\d[\d.]* ?)?(?:[mµμun]?g|mcg|kg|IU|U|units?|[mcµμ]?Gy|[mµμ]?Sv|mmol|mEq|drops|tablets?|puffs|capsules?)"
    r"(?:/(?:kg|d|day|m2|m²|min|h|hour|week)\b|(?![\w/]))",
)
"""An amount of something that is given, and none in a volume of blood."""
_P = re.compile(r"\bp(?:[- ]value)? ?(?:for [\w -]{3,30})?[<=>≤≥] ?0?[.·]\d+", re.IGNORECASE)
_INTERVAL = re.compile(r"\b9\d ?% ?(?:CI|CrI|confidence|credible)", re.IGNORECASE)
_LABEL = re.compile(r"^[A-Z][A-Z ,&/-]{3,60}: *")
_NOT_GIVEN = re.compile(
    r"\b(?:less|more|greater|fewer|lower|higher) than\b|\b(?:level|threshold|cut-?off|concentration)s?\b",
    re.IGNORECASE,
)


def told_facts(entities: Entities, cited: Cited, found: Found) -> str:
    """What the sources of an answer tell of what is asked of them, as Markdown; empty where nothing is, or nothing answers."""
    facts = entities.get("of_sources", [])
    numbers = list(dict.fromkeys(one.n for one in found.sentences)) if facts else []
    records = {citation["n"]: own_words(record) for citation, record in cited}
    own = [(n, records[n]) for n in numbers if n in records]
    if not own:
        return ""
    asked = asked_of(entities.get("question", ""), entities.get("concepts", []))
    ways = {"people": _people, "dose": _doses, "p": _p_values}
    told = [ways[fact](own, asked, found) for fact in facts if fact in ways]
    told += [_fact(own, one) for one in FACTS if one.name in facts]
    return "\n\n".join(told)


def _people(own: Sequence[tuple[int, Record]], asked: Asked, found: Found) -> str:
    counted = [(n, people_of(record)) for n, record in own]
    told = [f"{many:,} [{n}]" for n, many in counted if many]
    untold = [n for n, many in counted if not many]
    said = f"**Taking part:** {', '.join(told)}." if told else ""
    return " ".join(one for one in (said, _untold("how many took part", untold)) if one)


def _doses(own: Sequence[tuple[int, Record]], asked: Asked, found: Found) -> str:
    told: list[str] = []
    untold: list[int] = []
    for n, record in own:
        given = [one for one in _all_of(record) if _DOSE.search(one)]
        given = [one for one in given if not _NOT_GIVEN.search(one)] or given
        named = [one for one in given if names_exposure(one, asked)]
        if best := (named or given)[:1]:
            told.append(f"{quoted(best[0])} [{n}]")
        else:
            untold.append(n)
    return _said("The dose", told, _untold("a dose", untold))


def _p_values(own: Sequence[tuple[int, Record]], asked: Asked, found: Found) -> str:
    told: list[str] = []
    untold: list[int] = []
    for n, record in own:
        answers = [one.text for one in found.sentences if one.n == n]
        others = [one for one in _all_of(record) if names_outcome(one, asked)]
        both = [*answers, *others]
        best = next((one for one in both if _P.search(one)), "") or next(
            (one for one in both if _INTERVAL.search(one)), ""
        )
        if best:
            without = "" if _P.search(best) else " (no p value, an interval)"
            told.append(f"{quoted(best)}{without} [{n}]")
        else:
            untold.append(n)
    return _said("The p value", told, _untold("a p value", untold))


def _fact(own: Sequence[tuple[int, Record]], fact: StudyFact) -> str:
    each = [(n, fact_sentences(record, fact)) for n, record in own]
    told = [f"{quoted(found[0])} [{n}]" for n, found in each if found]
    untold = _untold(fact.what, [n for n, found in each if not found])
    return _said(fact.name.capitalize(), told, untold)


def _all_of(record: Record) -> list[str]:
    whole = [_LABEL.sub("", one) for one in sentences(record.get("text", ""))]
    return [*whole, record["title"]]


def _said(name: str, told: Sequence[str], untold: str) -> str:
    said = f"**{name}, as told:** {' '.join(told[:MOST])}" if told else ""
    return " ".join(one for one in (said, untold) if one)


def _untold(what: str, numbers: Sequence[int]) -> str:
    if not numbers:
        return ""
    tell = "does not tell" if len(numbers) == 1 else "do not tell"
    return f"{''.join(f'[{n}]' for n in sorted(numbers))} {tell} {what}."
