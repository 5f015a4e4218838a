"""How strong an answer is: designs, people, years, and whether the sources agree. Without I/O."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from ..records import Record
from .agreement import agreement
from .answering import Found
from .designs import design_of, named, people_of
from .same_study import counted_once, study_of
from .speaking import Cited


def strength(found: Found, cited: Cited) -> str:
    """How strong the evidence is: designs, people, years, and whether the sources agree."""
    by_number = {citation["n"]: record for citation, record in cited}
    once = counted_once(found.speaking, by_number)
    twice = set(found.speaking) - {*once}
    found = msgspec.structs.replace(
        found,
        speaking=once,
        sentences=[one for one in found.sentences if one.n not in twice],
        readings=[one for one in found.readings if one.n not in twice],
    )
    own = [by_number[n] for n in found.speaking if n in by_number]
    if not own:
        return ""
    designs: dict[str, int] = {}
    for record in own:
        name = design_of(record)
        designs[name] = designs.get(name, 0) + 1
    years = sorted(year for record in own if (year := record.get("year")))
    people = max((people_of(record) for record in own), default=0)
    facts = [
        f"{len(own)} {'source speaks' if len(own) == 1 else 'sources speak'} to the question: "
        + ", ".join(f"{count} {named(name, count)}" for name, count in designs.items()),
        f"the largest has {people} participants" if people else "",
        f"from {years[0]} to {years[-1]}" if years and years[0] != years[-1] else "",
        f"of {years[0]}" if years and years[0] == years[-1] else "",
    ]
    note = " ".join(
        f"{''.join(f'[{n}]' for n in [*_articles(one, once, by_number), one])} are one study, and count once."
        for one in sorted(twice)
    )
    lines = ["; ".join(fact for fact in facts if fact) + ".", note, agreement(found, cited)]
    return "\n\n".join(line for line in lines if line)


def _articles(trial: int, numbers: Sequence[int], records: Mapping[int, Record]) -> list[int]:
    """Which sources are of the study that a registration is of."""
    return [n for n in numbers if n in records and study_of(records[n]) == study_of(records[trial])]
