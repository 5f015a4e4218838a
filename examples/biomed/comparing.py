"""Which results compare what a question compares, and which are on one side of it alone. Without I/O."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .entities import Entities
from .markdown import quoted
from .records import Record
from .sentences import sentences
from .speaking import Cited, roots
from .vocabulary import CLASS_MEMBERS

MOST = 8
"""Numbers that are named one by one."""
CONCLUDING = 2
"""Sentences at the end of a text that are what it concludes."""
_COMPARES = re.compile(
    r"\b(?:than|versus|vs|compared (?:with|to)|superior|non-?inferior|inferior)\b", re.IGNORECASE
)


def sides(entities: Entities) -> list[str]:
    """What a comparison compares, as far as it is named; empty for any other question."""
    if entities["intent"] != "compare":
        return []
    drugs = [*entities["drugs"], *entities["drug_classes"]]
    return drugs if len(drugs) > 1 else []


def direct(entities: Entities, cited: Cited) -> list[int]:
    """The numbers of the results that have all sides of a comparison in their title or arms, or compare them in what they conclude."""
    named = sides(entities)
    return [citation["n"] for citation, record in cited if named and _compares(record, named)]


def compared(entities: Entities, cited: Cited) -> str:
    """Whether any result compares them directly, and what there is on each side; empty for any other question."""
    named = sides(entities)
    if not named or not cited:
        return ""
    *first, final = (quoted(one) for one in named)
    whole = f"{first[0]} with {final}" if len(first) == 1 else f"{', '.join(first)} and {final}"
    both = direct(entities, cited)
    if both:
        told = "; ".join(
            f"{quoted(outcome)} [{citation['n']}]"
            for citation, record in cited
            if citation["n"] in both and (outcome := record.get("outcome"))
        )
        verb = "compares" if len(both) == 1 else "compare"
        titles = "; ".join(
            f"{quoted(record['title'])} [{citation['n']}]"
            for citation, record in cited
            if citation["n"] in both[:MOST]
        )
        return f"**{_numbers(both)} {verb} {whole} directly:** {titles}." + (
            f" {told}." if told else " What it found is not in the results read here."
        )
    each = [
        (one, [citation["n"] for citation, record in cited if _has(record, one)]) for one in named
    ]
    if not any(numbers for _, numbers in each):
        return ""
    lines = [
        f"on {quoted(one)} alone {_numbers(numbers)}" if numbers else f"nothing on {quoted(one)}"
        for one, numbers in each
    ]
    return f"**No result compares {whole} directly:** {'; '.join(lines)}."


def _compares(record: Record, named: Sequence[str]) -> bool:
    ends = sentences(record.get("text", ""))[-CONCLUDING:]
    return all(_has(record, one) for one in named) or any(
        _COMPARES.search(end) and all(_names(end, one) for one in named) for end in ends
    )


def _has(record: Record, name: str) -> bool:
    """Whether a record's title or arms name it; a class is named by any of its members."""
    return _names(" ".join([record["title"], *record.get("interventions", [])]), name)


def _names(text: str, name: str) -> bool:
    said = roots(text)
    return any(roots(one) <= said for one in (name, *CLASS_MEMBERS.get(name, ())))


def _numbers(numbers: Sequence[int]) -> str:
    more = f" and {len(numbers) - MOST} more" if len(numbers) > MOST else ""
    return "".join(f"[{one}]" for one in numbers[:MOST]) + more
