"""What an answer lacks of what was asked about: told before what is quoted, or in its place. Without I/O."""

from __future__ import annotations

from collections.abc import Sequence

from .asked import Question
from .conditions import told_of_other_bounds
from .facets import called, lost, told_of_others
from .families import told_otherwise
from .measured import Source
from .naming import names_of
from .subgroups import told_of_other_subgroup


def told_as_lost(quoted: Sequence[tuple[str, Source]], question: Question) -> tuple[str, list[str]]:
    """What to know first of quoted sentences, as Markdown, and which people, outcomes and ranges that were asked about they are not on.

    Args:
        quoted: The sentences, each with its source.
        question: What was asked.
    """
    texts = [text for text, _ in quoted]
    sources = list({one.n: one for _, one in quoted}.values())
    records = [one.record for one in sources]
    note, parts = told_otherwise(texts, question.named)
    of_others = told_of_others(records, question.facets)
    bounds, missed = told_of_other_bounds(
        texts,
        [f"{one['title']} {one.get('text', '')}" for one in records],
        question.bounds,
    )
    people, strange = told_of_other_subgroup(
        [one.full(text) for text, one in quoted],
        [one.whole for one in sources],
        question.subgroup,
    )
    return " ".join(filter(None, (of_others, people, note, bounds))), [
        *lost(records, question.facets),
        *strange,
        *parts,
        *missed,
    ]


def unsaid(sources: Sequence[Source], speaking: Sequence[Source], question: Question) -> list[str]:
    """What none of the sources, where some are near, speaks of: things, people, or a side of what they are on."""
    if speaking:
        return [one.name for one in question.facets.aspects]
    near = max(sources, key=lambda one: (one.share, -one.place), default=None)
    if near is None:
        return []
    things = [one for one in near.gap.things if all(one in each.gap.things for each in sources)]
    people = [
        one for one in near.gap.populations if all(one in each.gap.populations for each in sources)
    ]
    sides = [
        one.name
        for one in question.facets.aspects
        if not any(one.said.search(each.whole.get("text", "")) for each in sources)
    ]
    if not things and near.gap.things and len(named := names_of(question.entities)) > 1:
        # Each is named somewhere, and nowhere all of them.
        things = [" and ".join(named) + " together"]
    return [*things, *map(called, people), *sides]
