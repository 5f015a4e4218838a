"""How strong an answer is: designs, people, years, and whether the sources agree. Without I/O."""

from __future__ import annotations

import msgspec

from .agreement import agreement
from .answering import Found
from .designs import design_of, named, people_of
from .same_study import counted_once
from .speaking import Cited


def strength(found: Found, cited: Cited) -> str:
    """How strong the evidence is: designs, people, years, and whether the sources agree."""
    by_number = {citation["n"]: record for citation, record in cited}
    others = found.of_other_dose
    if set(found.speaking) <= {*others}:
        others = []  # Nobody is left: they are told of as they are.
    fitting = msgspec.structs.replace(
        found, speaking=[n for n in found.speaking if n not in others]
    )
    once, studies = counted_once(fitting, by_number)
    own = [by_number[group[0]] for group in studies if group[0] in by_number]
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
        f"{''.join(f'[{n}]' for n in sorted(group))} are one study, and count once."
        for group in studies
        if len(group) > 1
    )
    apart = "".join(f"[{n}]" for n in sorted(others))
    left = (
        f"{apart} {'is' if len(others) == 1 else 'are'} of another dose than was asked about, and not counted."
        if others
        else ""
    )
    lines = ["; ".join(fact for fact in facts if fact) + ".", note, left, agreement(once, cited)]
    return "\n\n".join(line for line in lines if line)
