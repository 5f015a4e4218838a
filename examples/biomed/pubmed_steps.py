"""What a search in PubMed requires: first all that a question says, then less, the least decisive first. Without I/O."""

from __future__ import annotations

from collections.abc import Iterator

from .entities import Entities
from .queries.aspects import without_said
from .queries.concept import Concept
from .queries.concepts import decides, named, required
from .queries.contrasts import is_side
from .queries.pubmed_terms import Words, alternatives
from .whom import people, without_people

APART = "that the words stand together of "
"""Begins what is told of a search for a phrase's words apart."""
Step = tuple[list[Concept], Words, list[str], str]
"""What is required, what of its phrases, by what it is narrowed, and what is left out of the whole."""


def steps(entities: Entities, about: list[Concept], filters: str) -> Iterator[Step]:
    """All that the question says, then less, the least decisive first."""
    whom = people(entities)
    narrowed_by = [one for one in (filters, whom) if one]
    asked = entities.get("aspects", [])
    about = without_said(about, asked) or about
    wanted = [one for one in about if not one["excluded"]]
    every = without_people([*wanted, *asked], entities)
    telling = [one for one in every if decides(one)]
    main = without_people(required(about), entities)
    yield every, "all", narrowed_by, ""
    if telling and len(telling) < len(every):
        yield telling, "all", narrowed_by, _names_of(every, telling)
    telling = telling or main
    described = _names_of(every, telling)
    for words in ("beside", "apart"):
        looser = [one for one in telling if _is_looser(one, words)]
        told = APART + ", ".join(repr(one["text"]) for one in looser)
        yield telling, words, narrowed_by, f"{described}, {told}" if described else told
    if _names_of(telling, main):
        yield main, "apart", narrowed_by, _names_of(every, main)
    if filters:
        yield main, "apart", [whom] if whom else [], "the kind of publication"
    if whom:
        yield main, "apart", [], "whom it is about"
    names = [one for one in main if one["kind"] not in ("word", "phrase") or one["compared"]]
    if names and len(names) < len(main):
        yield names, "apart", [], _names_of(main, names)
    sides = [one for one in names if one["compared"]]
    core = [one for one in names if one in sides or one in _said_of(names, sides)]
    known = [one for one in names if one in named(main) or one in core]
    if known and len(known) < len(names):
        yield known, "apart", [], _names_of(main, known)
    if 1 < len(core) < len(known):
        yield core, "apart", [], _names_of(known, core)
    if len(known) > 1:
        # The last resort: works on some of it, so that a reader sees what there is.
        yield (
            [{**one, "either": 1} if one in sides or len(sides) < 2 else one for one in known],
            "apart",
            [],
            "that all of it is in one article",
        )


def _said_of(names: list[Concept], sides: list[Concept]) -> list[Concept]:
    """What sides are said of that tell nothing by themselves: of "open vs laparoscopic appendectomy" the appendectomy."""
    places = [place for place, one in enumerate(names) if one in sides and is_side(one["text"])]
    if not places:
        return []
    after = names[places[-1] + 1 : places[-1] + 2]
    if after and after[0]["kind"] != "condition":
        return after
    return names[max(0, places[0] - 1) : places[0]] or after


def _is_looser(one: Concept, words: Words) -> bool:
    return alternatives(one) != alternatives(one, words=words)


def _names_of(more: list[Concept], fewer: list[Concept]) -> str:
    """What the first have and the second have not, as a reader is told."""
    return ", ".join(repr(one["text"]) for one in more if one not in fewer)
