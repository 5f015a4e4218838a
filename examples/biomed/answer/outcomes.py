"""What a question asks about: of "does asthma worsen sleep?" the sleep. A sentence that does not name it is no answer. Without I/O.

Only where a question says it plainly, by a verb of change, of cause or of relation; else nothing is known, and nothing is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from ..queries.concept import Concept
from ..records import Record
from ..sentences import sentences
from ..words import words_of
from .families import apart
from .of_whom import has_title
from .question_parts import COMPARED, after, asking, parts_of, without_people
from .speaking import said
from .ways import (
    Way,
    all_words,
    any_of,
    beside_names,
    forms_of,
    has,
    ill,
    is_there,
    of_its_own,
    others,
    people,
    telling,
)

_PLAIN = re.compile(rf"^(?:(?:the|an?|{COMPARED})\s+)+", re.IGNORECASE)
_LASTS = re.compile(
    r"\b(?:prolong|shorten|delay|accelerate|slow|longer|shorter|speed|hasten|expedite|quicken|faster|sooner)\b",
    re.IGNORECASE,
)
_DURATION = re.compile(
    r"\b(?:prolong\w*|short\w*|long\w*|delay\w*|dura\w+|tim(?:e|es|ing)|accelerat\w*|slow\w*|fast\w*|quick\w*|rapid\w*|sooner|\d (?:hours?|minutes?|days?|weeks?|months?|years?)|"
    r"earlier|later|progress\w*|(?:less|smaller|reduced|lower|lesser) (?:\w+ ){0,2}(?:declin\w*|deteriorat\w*|worsening|loss|decreas\w*|growth|spread))\b",
    re.IGNORECASE,
)


_COMPOUND = re.compile(r"[A-Z][A-Za-z0-9]+-[A-Z]{2,}")
"""A name whose last part stands for it, once the whole is named: the PET of "FDG-PET"."""

_OF_THE_RISK = re.compile(
    r"\b(?:increas|decreas|reduc|rais|lower|doubl|halv|tripl|elevat|high|great|small)\w* (?:(?:in )?the |a |an )?(?:\w+ )?(?:risks?|odds|hazards?|chances?|likelihood)\b(?! (?:of|for|to|in developing)\b)"
    r"|\b(?:risks?|odds|hazards?|likelihood) (?:was|were|is) (?:\w+ly )?(?:higher|lower|increased|reduced|doubled|raised|greater|smaller)\b",
    re.IGNORECASE,
)
"""Says that a risk changes, and not of what."""


class Asked(NamedTuple):
    """What a question asks about. Empty where it does not say it plainly: then any text names it."""

    outcome: str = ""
    """As the question has it: ``sleep``."""
    exposure: str = ""
    """What is asked to change it: ``asthma``."""
    ways: tuple[Way, ...] = ()
    """How the outcome may be named."""
    head: Way = ()
    """The word of it that tells what kind of thing it is: of "birth weight" the weight."""
    exposures: tuple[Way, ...] = ()
    settings: tuple[Way, ...] = ()
    """Where it is asked of: of "mortality after pancreatectomy" the pancreatectomy."""
    lasts: bool = False
    """Whether it is asked how long something takes."""
    of_people: bool = False
    """Whether people are what is asked to make the difference: women, older patients."""


def asked_of(question: str, about: Sequence[Concept]) -> Asked:
    """What a question asks about.

    Args:
        question: As it was asked.
        about: Its concepts; one that is asked about is known by its other names, too.
    """
    clause = asking(question)
    exposure, outcome = parts_of(clause)
    own = of_its_own(exposure)
    of_people = not own and bool(people(exposure))
    own = own or people(exposure) or any_of(exposure)
    exposures = (*((tuple(map(forms_of, own)),) if own else ()), *others(exposure, about))
    words = telling(outcome) or ill(outcome)
    if not words:
        return Asked(exposure=exposure, exposures=exposures)
    # "Growth of the fetus" is a growth, "birth weight" a weight, "risk of stroke" a stroke.
    first, _, rest = outcome.partition(" of ")
    if told := telling(first):
        words, named = told, first
    else:
        named, rest = outcome, ""
    head = words[-1:]
    part = (tuple(map(forms_of, head)),) if _COMPOUND.fullmatch(_PLAIN.sub("", named)) else ()
    if len(words) == 1:
        words = [*_told_apart(named, about), *words]
    return Asked(
        _PLAIN.sub("", outcome),
        exposure,
        (tuple(map(forms_of, beside_names(words, named, about))), *others(named, about), *part),
        tuple(map(forms_of, head)),
        exposures,
        _settings(clause, outcome, rest, about),
        _LASTS.search(clause.replace(exposure, " ", 1)) is not None,
        of_people,
    )


def _told_apart(named: str, about: Sequence[Concept]) -> list[str]:
    """Of a name that MeSH turns, "suicide attempts" as "Suicide, Attempted", the words of every day that tell it from the wider thing: thinking of suicide is none."""
    low = named.lower()
    return [
        word
        for one in about
        if one["text"].lower() in low and "," in one["heading"]
        for word in words_of(one["text"].replace("-", " "))
        if not telling(word)
        and is_there(all_words(one["heading"].partition(",")[2]), forms_of(word))
    ]


def names_outcome(text: str, asked: Asked) -> bool:
    """Whether a text names what is asked about: all of two words, two of three and more; anything where nothing is known.

    Where a question says only that something gets better or worse ("is smoking linked to a worse outcome?"), what is asked to change it.
    """
    words = all_words(apart(text, asked.outcome) if asked.ways else text)
    ways = asked.ways or asked.exposures
    return tells_how_long(text, asked) and (not ways or any(has(words, one) for one in ways))


def tells_how_long(text: str, asked: Asked) -> bool:
    """Whether a text tells how long something takes, or nobody asks that."""
    return not asked.lasts or _DURATION.search(text) is not None


def is_of_outcome(text: str, asked: Asked) -> bool:
    """Whether a few words are one of the words that the outcome is named by."""
    return _is_of(text, asked.ways)


def is_of_exposure(text: str, asked: Asked) -> bool:
    """Whether a few words are one of the words that what is asked to change something is named by."""
    return _is_of(text, asked.exposures)


def _is_of(text: str, ways: Sequence[Way]) -> bool:
    words = all_words(text)
    return any(is_there(words, one) for way in ways for one in way)


def names_exposure(text: str, asked: Asked) -> bool:
    """Whether a text names what is asked to change it; anything where nothing is known."""
    words = all_words(text)
    return not asked.exposures or any(has(words, one) for one in asked.exposures)


def is_titled(record: Record, asked: Asked) -> bool:
    """Whether a record has what is asked to change something in its title: it is what was tried in it."""
    return bool(asked.exposures) and has_title(record) and names_exposure(record["title"], asked)


def relates(record: Record, asked: Asked) -> bool:
    """Whether a record is about what is asked: it names what changes, and what is asked to change it."""
    words = all_words(said(record))
    return all(
        not ways or any(has(words, one) for one in ways)
        for ways in (
            (asked.head, *asked.ways) if asked.ways else (),
            asked.exposures,
            asked.settings,
        )
    )


def together(record: Record, asked: Asked) -> bool:
    """Whether a record names both in one place: then it is about the one in the other, however a sentence puts it."""
    if not (asked.ways and asked.exposures):
        return True
    places = [all_words(one) for one in _places(record)]
    return any(
        any(has(words, way) for way in asked.ways)
        and any(has(words, way) for way in asked.exposures)
        for words in places
    )


def dwells(record: Record, asked: Asked, *, on_a_part: bool = False) -> bool:
    """Whether a record comes back to what is asked to change something: what is named once alone was adjusted for, or is an aside.

    ``on_a_part``: one word of its name is enough.
    """
    words = map(all_words, _places(record))
    if on_a_part:
        parts = [one for way in asked.exposures for one in way]
        return sum(any(is_there(one, part) for part in parts) for one in words) > 1
    return sum(any(has(one, way) for way in asked.exposures) for one in words) > 1


def comes_back_to(record: Record, asked: Asked) -> bool:
    """Whether a record comes back to what is asked about: a risk that one of its sentences does not name is of that."""
    return bool(asked.ways) and sum(names_outcome(one, asked) for one in _places(record)) > 1


def tells_the_risk(text: str, asked: Asked) -> bool:
    """Whether a text says that what is asked to change something changes the risk, and not of what: "smoking doubled the risk"."""
    return _OF_THE_RISK.search(text) is not None and names_exposure(text, asked)


def _places(record: Record) -> list[str]:
    return [record["title"], *sentences(record.get("text", "")), record.get("outcome", "")]


def _settings(clause: str, outcome: str, of: str, about: Sequence[Concept]) -> tuple[Way, ...]:
    """What the outcome is of, else what stands after it, "in heart failure"; its first words, as far as they tell."""
    text = of if telling(of) else after(clause, outcome)
    own = telling(without_people(text))
    return (*((tuple(map(forms_of, own)),) if own else ()), *others(text, about))
