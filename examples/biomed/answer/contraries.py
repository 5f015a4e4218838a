"""Words that say which of two a question means, low or high, at term or before: a sentence on the other is no answer to it. Without I/O."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from ..markdown import escape
from ..queries.concept import NAMED, Concept
from .asked import Question
from .measured import Source
from .outcomes import names_outcome
from .telling_sentences import telling_sentences

_PAIRS: Final = (
    (r"low", r"high|elevated|increased"),
    (r"mild|moderate", r"severe"),
    (r"acute", r"chronic"),
    (r"(?:newly|recently)[- ]diagnosed", r"long[- ]?standing|established"),
    (r"localized|localised|early[- ]stage", r"metastatic|advanced|late[- ]stage"),
    (r"inpatients?", r"outpatients?"),
    (r"unilateral", r"bilateral"),
    (r"primary", r"secondary"),
)
"""Each says which of two a noun is meant of, "low risk" and "high risk"."""
_AT_TERM: Final = (
    r"at term|(?<!pre)(?<!long-)(?<!short-)\bterm (?:infants?|bab(?:y|ies)|births?|deliver\w+|newborns?|neonates?|pre-?eclampsia|labou?r)",
    r"pre-?term|prematur\w+|before term",
)
_SMALL = r"(?!(?:and|or|than|versus|vs|to|in|of|with|for|at|on|by|is|was|are|were|doses?|dosage)\b)"
_OF_WHAT = rf"[- ]{_SMALL}(?P<first>[a-z]{{3,}})(?:[- ]{_SMALL}(?P<second>[a-z]{{3,}}))?"
"""What it is said of, in one word or two: "risk", "viral load"."""
_BE = r" (?:is|was|are|were) "


class Contrary(NamedTuple):
    """What a question asks for, and what would be the other of it."""

    text: str
    """As the question has it: "low risk"."""
    own: re.Pattern[str]
    other: re.Pattern[str]


def contraries_of(question: str, about: Sequence[Concept]) -> list[Contrary]:
    """What a question asks for where there is another of it; nothing of which it names both.

    Args:
        question: As it was asked.
        about: What it is about. What is a name itself, "chronic pancreatitis", is held against a source as such.
    """
    named = " ; ".join(one["text"].lower() for one in about if one["kind"] in NAMED)
    found: list[Contrary] = []
    for pair in _PAIRS:
        for one, other in (pair, pair[::-1]):
            asked = rf"\b(?:{one})\b{_OF_WHAT}|\b(?P<noun>[a-z]{{3,}}){_BE}(?:{one})\b"
            for match in re.finditer(asked, question, re.IGNORECASE):
                words = [word for word in match.groups() if word]
                if (
                    match[0].lower() in named
                    or f"{match[0].split()[0]} {words[0]}".lower() in named
                ):
                    continue
                noun = "|".join(map(re.escape, words))
                found.append(Contrary(match[0], _said(one, noun), _said(other, noun)))
    for one, other in (_AT_TERM, _AT_TERM[::-1]):
        if term := re.search(one, question, re.IGNORECASE):
            found.append(Contrary(term[0], _pattern(one), _pattern(other)))
    return [one for one in found if not one.other.search(question)]


def _said(which: str, noun: str) -> re.Pattern[str]:
    """How a text says which of a noun it is."""
    return _pattern(
        rf"\b(?:{which})[- ](?:[a-z-]+ )?(?:{noun})|\b(?:{noun}){_BE}(?:\w+ )?(?:{which})\b"
    )


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


def rank(text: str, wanted: Sequence[Contrary]) -> int:
    """0 for a sentence on what is asked for, 2 for one on the other alone, 1 for any other."""
    if any(one.own.search(text) for one in wanted):
        return 0
    return 2 if any(one.other.search(text) for one in wanted) else 1


def on_their_side(
    telling: Sequence[tuple[Source, list[str]]], wanted: Sequence[Contrary], question: Question
) -> list[tuple[Source, list[str]]]:
    """What sources tell, those first that tell of what is asked for and not of its contrary; where any does, nothing of the contrary is left."""
    sides = []
    for source, told in telling:
        if not any(rank(source.full(text), wanted) == 0 for text in told):
            # One that says "at term" may not name the outcome as plainly as others do.
            others = telling_sentences(source.record, question.wanted, question.text, source.full)
            told = [
                *(
                    text
                    for text in others
                    if rank(source.full(text), wanted) == 0
                    and (
                        not question.asked.ways or names_outcome(source.full(text), question.asked)
                    )
                ),
                *told,
            ]
        sides.append((source, sorted(told, key=lambda text: rank(source.full(text), wanted))))
    if any(rank(source.full(told[0]), wanted) == 0 for source, told in sides):
        sides = [
            (source, kept)
            for source, told in sides
            if (kept := [text for text in told if rank(source.full(text), wanted) < 2])
        ]
    return sorted(sides, key=lambda one: rank(one[0].full(one[1][0]), wanted))


def told_of_the_other(
    quoted: Sequence[str], titles: Sequence[str], wanted: Sequence[Contrary]
) -> tuple[str, list[str]]:
    """What to know first where the quoted sentences, and the titles of what they are of, are on the other alone, as Markdown; and what they are not on.

    Args:
        quoted: The sentences.
        titles: Those of their sources.
        wanted: What was asked for.
    """
    notes, lost = [], []
    said = " ; ".join([*quoted, *titles])
    for one in wanted:
        if quoted and not one.own.search(said) and (other := one.other.search(said)):
            lost.append(one.text)
            notes.append(
                f'**Nothing was found on "{escape(one.text)}".** What is quoted is on "{escape(other[0])}".'
            )
    return " ".join(notes), lost
