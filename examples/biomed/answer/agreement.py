"""Whether the sources that speak to a question agree, and where they do not, how: what each side says, and what kind of sources it is. Without I/O."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ..markdown import escape
from ..records import Record
from .answering import Found
from .changed import by_way, called, go_apart
from .designs import design_of, named, people_of
from .directions import OPPOSITE
from .of_whom import ON, speaks_of
from .populations import POPULATIONS
from .readings import Reading
from .speaking import Cited

Sides = Sequence[tuple[str, Sequence[int]]]
"""What each side says, as the end of "[1] says …", and who says it; in the question's order."""

_AMONG = ("age", "sex", "pregnancy", "species")
"""Groups of people by which the sides of a disagreement are told apart."""


def directly(found: Found) -> str:
    """Which way the sources say that something goes, where one says otherwise than was asked; else empty, as where it cannot be told."""
    sides = _directions(found) if found.direction and not _is_general(found.outcome) else []
    if not sides or [way for way, _ in sides] == [_ways(found)[0][1]]:
        return ""
    told = {n for _, numbers in sides for n in numbers}
    if found.sentences and found.sentences[0].n not in told:
        # What is quoted first may say otherwise, if not plainly.
        return ""
    said = [f"{_numbers(numbers)} {_say(numbers)} that {what}" for what, numbers in sides]
    if len(said) == 1 and sides[0][0] == _ways(found)[1][1]:
        said[0] += f", not {found.direction}"
    return f"**{_listed(said)}.**"


def agreement(found: Found, cited: Cited) -> str:
    """Whether the sources that speak agree, and how they differ where they do not; of those whose finding cannot be told that is said."""
    if len(found.speaking) == 1:
        return _alone(found, cited)
    if not found.outcome or _is_general(found.outcome):
        # Each may tell of another outcome: an effect on one and none on another is no disagreement, nor is it agreement.
        return _of_shared(found, cited)
    read = {one.n: one for one in _read(found)}
    sides = _sides(found)
    told = {n for _, numbers in sides for n in numbers}
    left = {citation["n"] for citation, record in cited if record["type"] == "trial"} | {
        *found.apart
    }
    untold = [n for n in found.speaking if n not in told and n not in left]
    lines = []
    if len(sides) > 1:
        lines.append(_apart(sides, cited))
    elif not untold and len(told) > 1:
        what, numbers = sides[0]
        if all(read[n].negative for n in numbers) or all(read[n].against for n in numbers):
            lines.append(f"The sources agree: {_numbers(numbers)} say that {what}.")
        # Where it is not known which way each goes, nothing is known of their agreement.
    if untold and told:
        # What the others found may be the contrary.
        many = len(untold) > 1
        lines.append(
            f"{_numbers(untold)} {'were' if many else 'was'} not compared with the other sources: which way "
            f"{'their findings go' if many else 'its finding goes'} could not be read."
        )
    return " ".join(lines)


def _alone(found: Found, cited: Cited) -> str:
    """What is known of the agreement of one source: nothing contradicts it only where nothing else was found on what it is about."""
    others = [citation["n"] for citation, _ in cited if citation["n"] not in found.speaking]
    if not others:
        return "One source alone speaks to the question; nothing confirms or contradicts it here."
    return "One source alone speaks to the question; the others listed were not held against it."


def _of_shared(found: Found, cited: Cited) -> str:
    """The same of the outcome that several of them tell of, where the question names none; of agreement only where all do."""
    told = [one for one in found.shared if one.n in found.speaking and one.n not in found.apart]
    if len(told) < 2:
        return ""
    what = called([one.what for one in told])
    sides = [(_goes(what, way), numbers) for way, numbers in by_way(told).items()]
    if go_apart(told):
        return _apart(sides, cited) if len(sides) > 1 else ""
    trials = {citation["n"] for citation, record in cited if record["type"] == "trial"}
    if len(sides) > 1 or not {*found.speaking} - trials - {*found.apart} <= {*sides[0][1]}:
        return ""
    return f"The sources agree: {_numbers(sides[0][1])} say that {sides[0][0]}."


def _apart(sides: Sides, cited: Cited) -> str:
    """That sources do not agree: what each side says, and what kind of sources it is."""
    said = [f"{_numbers(numbers)} {_say(numbers)} that {what}" for what, numbers in sides]
    told = f"**The sources do not agree.** {_listed(said)}."
    differ = _differ(sides, {citation["n"]: record for citation, record in cited})
    return f"{told} How they differ: {differ}." if differ else told


_GENERAL = re.compile(
    r"\b(?:outcomes?|results?|responses?|effects?|benefits?|patients?|people|persons?|children|infants?|adolescents|adults?|women|men|participants|individuals|subjects)\W*$",
    re.IGNORECASE,
)


def _is_general(outcome: str) -> bool:
    """Whether it names no one outcome, "radical prostatectomy outcome", "septic patients": what one source counts another need not."""
    return _GENERAL.search(outcome) is not None


def _sides(found: Found) -> Sides:
    """The sides by the way that was asked about, or by two ways that are opposite; else by whether there is an effect."""
    sides, effects = _directions(found), _effects(found)
    if not found.direction and not {one.against for one in _read(found)} >= {
        "as asked",
        "contrary",
    }:
        return effects
    return effects if not sides or (len(sides) < 2 < len(effects) + 1) else sides


def _read(found: Found) -> list[Reading]:
    """What each source says: of one that is quoted, what the first of its sentences says; a later one may be on something else."""
    read = {one.n: one for one in found.readings}
    first = {one.n: one for one in reversed(found.sentences)}
    for one in first.values():
        if one.is_apart:
            continue
        known = read.get(one.n)
        if known is None or (not known.against and one.against):
            read[one.n] = Reading(one.n, one.negative, one.against)
        elif one.negative and not known.against:
            read[one.n] = Reading(one.n, True)
    return [read[n] for n in sorted(read)]


def _ways(found: Found) -> tuple[tuple[str, str], ...]:
    """What "as asked", "contrary" and "unchanged" mean for what is asked about, in the question's words."""
    asked = found.direction or "up"
    return (
        ("as asked", _goes(found.outcome, asked)),
        ("contrary", _goes(found.outcome, OPPOSITE[asked])),
        ("unchanged", _goes(found.outcome, "unchanged")),
    )


def _goes(what: str, way: str) -> str:
    """Which way something goes, in words."""
    name, many = escape(what), _PLURAL.search(what) is not None and not _SINGULAR.search(what)
    if way == "unchanged":
        # An interval that holds 1 does not say that both are the same.
        return f"{name} {'do' if many else 'does'} not differ significantly"
    if way in ("up", "down"):
        return f"{name} {'go' if many else 'goes'} {way}"
    return f"{name} {'get' if many else 'gets'} {way}"


_SINGULAR = re.compile(
    r"\b(?:caries|diabetes|ascites|herpes|measles|mumps|rabies|scabies|rickets|shingles)$",
    re.IGNORECASE,
)
"""Names of one thing that end as those of many do."""
_PLURAL = re.compile(r"(?:[^siu\W]s|women|men|children|people|feet|teeth)\W*$", re.IGNORECASE)


def _directions(found: Found) -> Sides:
    """The sides by the way that was asked about, or up where none was; empty where nobody tells it."""
    read = _read(found)
    each = []
    for way, what in _ways(found):
        own = [one for one in read if one.against == way]
        leaning = {one.leans for one in own if way == "unchanged"}
        # What went up, if not significantly, is not said not to differ.
        leans = leaning.pop() if len(leaning) == 1 else ""
        told = f"{_goes(found.outcome, leans)}, but not significantly" if leans else what
        each.append((told, [one.n for one in own]))
    return [one for one in each if one[1]]


def _effects(found: Found) -> Sides:
    """The sides by whether there is an effect at all."""
    read = _read(found)
    told = {one.against for one in read if not one.negative}
    # Where all that see one see it go the same way, that is what they say.
    way = next((what for way, what in _ways(found) if told == {way} and way != "unchanged"), "")
    each = [
        (way or "there is an effect or a difference", [one.n for one in read if not one.negative]),
        (
            "there is no such effect or difference, or a limited one",
            [one.n for one in read if one.negative],
        ),
    ]
    return [one for one in each if one[1]]


def _differ(sides: Sides, records: Mapping[int, Record]) -> str:
    """What kind of sources each side is: designs, years, the largest number of people, whom they are of."""
    told = []
    for _, numbers in sides:
        own = [records[n] for n in numbers if n in records]
        others = [
            records[n] for _, rest in sides for n in rest if n not in numbers and n in records
        ]
        if not own:
            return ""
        designs: dict[str, int] = {}
        for one in own:
            designs[design_of(one)] = designs.get(design_of(one), 0) + 1
        years = sorted(year for one in own if (year := one.get("year")))
        people = max(map(people_of, own))
        facts = [
            ", ".join(f"{count} {named(name, count)}" for name, count in designs.items()),
            (f"{years[0]}–{years[-1]}" if years[0] != years[-1] else f"{years[0]}")
            if years
            else "",
            f"up to {people} people"
            if people and len(own) > 1
            else f"{people} people"
            if people
            else "",
            *_whom(own, others),
        ]
        told.append(f"{_numbers(numbers)} {', '.join(one for one in facts if one)}")
    return "; ".join(told)


def _whom(own: Sequence[Record], others: Sequence[Record]) -> list[str]:
    """Whom all of some sources are on, and none of the others."""
    return [
        f"on {one.name}"
        for one in POPULATIONS
        if one.group in _AMONG
        and all(_names(each, one.said) and speaks_of(each, [one]) == ON for each in own)
        and not any(speaks_of(each, [one]) == ON for each in others)
    ]


def _names(record: Record, said: re.Pattern[str]) -> bool:
    text = f"{record['title']} {record.get('text', '')}"
    return said.search(text) is not None


def _say(numbers: Sequence[int]) -> str:
    return "says" if len(numbers) == 1 else "say"


def _listed(parts: Sequence[str]) -> str:
    return ", and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else parts[0]


def _numbers(numbers: Sequence[int]) -> str:
    return "".join(f"[{n}]" for n in sorted(numbers))
