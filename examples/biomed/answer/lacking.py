"""What an answer lacks of what was asked about: told before what is quoted, or in its place. Without I/O."""

from __future__ import annotations

from collections.abc import Sequence

from ..leaving_out import is_outside
from .alternatives import told_of_left_out, told_of_other_alternative
from .asked import Question
from .asked_on import told_of_other_setting
from .bounds import told_of_other_bounds
from .causes import lists_factors
from .facets import called, lost, told_of_others
from .families import told_otherwise
from .harms import names_harm, told_of_no_harm
from .measured import Source
from .naming import names_of
from .of_a_class import told_of_class
from .subgroups import told_of_other_subgroup


def told_as_lost(
    quoted: Sequence[tuple[str, Source]], sources: Sequence[Source], question: Question
) -> tuple[str, list[str]]:
    """What to know first of quoted sentences, as Markdown, and which people, outcomes and ranges that were asked about they are not on.

    Args:
        quoted: The sentences, each with its source.
        sources: All that were read.
        question: What was asked.
    """
    texts = [text for text, _ in quoted]
    said_by = list({one.n: one for _, one in quoted}.values())
    records = [one.record for one in said_by]
    note, parts = told_otherwise(texts, question.named)
    harm, unseen = told_of_no_harm(
        [_beside_title(one, text) for text, one in quoted],
        [f"{one.whole['title']} {one.whole.get('text', '')}" for one in sources],
        question.harm,
        question.asked,
        question.named,
    )
    of_others = told_of_others(records, question.facets)
    bounds, missed = told_of_other_bounds(
        texts,
        [f"{one['title']} {one.get('text', '')}" for one in records],
        question.bounds,
    )
    people, strange = told_of_other_subgroup(
        [one.full(text) for text, one in quoted],
        [one.whole for one in said_by],
        question.subgroup,
    )
    setting, elsewhere = told_of_other_setting(
        [(one.full(text), one.whole) for text, one in quoted],
        [] if strange else question.entities.get("settings", []),
    )
    figure, uncounted = _told_of_no_figure(quoted, question)
    other, not_on = told_of_other_alternative(quoted, question)
    outside, not_taken = told_of_left_out(quoted, question.text)
    of_class, members = told_of_class(
        [each for one in said_by for each in one.instead]
        if all(one.instead for one in said_by)
        else []
    )
    return " ".join(
        filter(
            None, (harm, of_class, figure, other, outside, of_others, people, setting, note, bounds)
        )
    ), [
        *members,
        *unseen,
        *uncounted,
        *lost(records, question.facets),
        *strange,
        *elsewhere,
        *parts,
        *missed,
        *not_on,
        *not_taken,
    ]


def _beside_title(source: Source, text: str) -> str:
    """A sentence as it is read; what the risk factors are is told of what its source has in the title."""
    full = source.full(text)
    return f"{source.whole['title']}: {full}" if lists_factors(text) else full


def _told_of_no_figure(
    quoted: Sequence[tuple[str, Source]], question: Question
) -> tuple[str, list[str]]:
    """That no quoted sentence gives the number that is asked for, as Markdown, and what kind that is; empty where one does."""
    is_asked = bool(quoted and question.figures)
    if not is_asked or any(source.gives(text) for text, source in quoted):
        return "", []
    kinds = " or ".join(one.name for one in question.figures)
    return f"**Nothing was found with the number that is asked for, {kinds}.**", [kinds]


def unsaid(sources: Sequence[Source], speaking: Sequence[Source], question: Question) -> list[str]:
    """What none of the sources, where some are near, speaks of: things, people, or a side of what they are on."""
    if speaking and question.fact is not None:
        return [question.fact.what]
    texts = [f"{one.whole['title']} {one.whole.get('text', '')}" for one in sources]
    is_unnamed = question.harm and not any(names_harm(one, question.asked) for one in texts)
    unnamed = [question.harm] if is_unnamed else []
    if speaking:
        causes = [f"the causes of {question.effect}"] if question.effect else []
        return [*unnamed, *causes, *(one.name for one in question.facets.aspects)]
    near = max(sources, key=lambda one: (one.share, -one.place), default=None)
    if near is None:
        return []
    if left_out := _left_out(sources, question):
        return left_out
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
    return [*(things or unnamed), *map(called, people), *sides]


def _left_out(sources: Sequence[Source], question: Question) -> list[str]:
    """What a session asks for alone, where the sources that speak of the rest are of other things, or of other years."""
    entities = question.entities
    rest = [one.whole for one in sources if not one.gap.things and is_outside(one.whole, entities)]
    if not rest:
        return []
    only = [
        one["text"]
        for one in entities.get("only", [])
        if all(is_outside(each, {**entities, "only": [one]}) for each in rest)
    ]
    has_dates = bool(entities["date_from"] or entities["date_to"])
    return only or (["the years that are asked for"] if has_dates else [])
