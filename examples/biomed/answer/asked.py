"""What a question asks, read for its answer: its parts, and the things by which a sentence is told to answer. Without I/O."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from ..entities import Entities
from ..queries.concept import NAMED
from ..queries.concept import Concept as NamedConcept
from ..queries.intent import ASKS_YES_OR_NO
from .bounds import Bounds, bounds_of
from .causes import asked_effect
from .definitions import asked_meaning
from .facets import Facets, without_outcome
from .facets import read as facets_of
from .families import Named
from .families import asked as asked_families
from .figures import Figure, asked_figures, figure_of, most_of
from .harms import asked_harm
from .most_frequent import MostFrequent, asked_most_frequent
from .naming import known_by
from .outcomes import Asked, asked_of
from .speaking import Concept, concepts
from .study_facts import StudyFact, asked_fact
from .subgroups import Subgroup, asked_subgroup
from .ways import Way, any_of, forms_of, others, telling

LONG = 4
"""Telling words of a question that a text may word otherwise; of a shorter one it has to name what is asked about itself."""


_ASKS = re.compile(
    rf"\?|{ASKS_YES_OR_NO.pattern}|\b(?:what|which|whose|who|whom|how|why|when|where|whether|if)\b",
    re.IGNORECASE,
)


class Question(NamedTuple):
    """One question, with what its answer is told by."""

    text: str
    entities: Entities
    wanted: Sequence[Concept]
    asked: Asked
    is_plain: bool
    """Whether it says what it asks about."""
    has_many: bool
    """Whether it names so much that a text may word a part of it otherwise."""
    is_long: bool
    """The same, or what it asks about is not known; what people are asked about is named so by all."""
    is_topic: bool
    """Whether it only names things, "aspirin and stroke": a sentence on one of them is on no more than that."""
    facets: Facets
    """Each thing that it names, whom it is about, and which side of it is asked for."""
    named: tuple[Named, ...] = ()
    """The outcomes that it names and that go by other names too."""
    bounds: tuple[Bounds, ...] = ()
    """The ages, times and doses that it names."""
    names: str = ""
    """Every name of what it names, as one text: where words are held against a text, these count with its own."""
    subgroup: Subgroup | None = None
    """The people that it asks for by a disease, a habit or a treatment."""
    figures: tuple[Figure, ...] = ()
    """The kinds of number that it asks for."""
    of: tuple[Way, ...] = ()
    """How that may be named which it asks the number of; empty where it does not say."""
    most: tuple[Way, ...] = ()
    """How that may be named of which it asks what has the most or the least, "which dose has the lowest rate of bleeding?"."""
    effect: str = ""
    """What it asks the causes of, "what are the risk factors for falls?"."""
    harm: str = ""
    """The harm that it asks for, "does it cause a rash?"."""
    meaning: str = ""
    """What it asks the meaning of: that is answered by who says it, and by no finding."""
    fact: StudyFact | None = None
    """What it asks studies to tell of themselves, "how old were the patients?"."""
    frequent: MostFrequent | None = None
    """What it asks the most frequent of, "what is the commonest complication?"."""


def read_question(entities: Entities) -> Question:
    """What a question asks, of what was read in it."""
    text = entities.get("question", "")
    facets = facets_of(entities)
    asked = asked_of(text, entities.get("concepts", []))
    if facets.is_asked_on:
        # "And what about side effects?" asks no longer for what its topic did.
        entities, asked = without_outcome(entities, asked.outcome), Asked()
        facets = facets._replace(entities=entities)
    facets = facets.beside(asked)
    wanted = concepts(entities)
    is_plain = bool(asked.ways or asked.exposures)
    has_many = sum(weight >= 1 for weight, _ in wanted) >= LONG
    is_long = not is_plain or (has_many and not asked.of_people)
    of_medicine = any(one["kind"] in NAMED for one in entities.get("concepts", []))
    meaning = asked_meaning(text, of_medicine=of_medicine)
    named = asked_families(text, asked.outcome)
    about = entities.get("concepts", [])
    most = _ways_of(most_of(text), about)
    figures = () if meaning or most else asked_figures(text)
    return Question(
        text,
        entities,
        wanted,
        asked,
        is_plain,
        has_many,
        is_long,
        not is_plain and _ASKS.search(text) is None,
        facets,
        named,
        bounds_of(text),
        known_by(entities),
        asked_subgroup(entities),
        figures,
        _ways_of(figure_of(text), about) if figures else (),
        most,
        asked_effect(text),
        asked_harm(text, asked, entities.get("concepts", [])),
        meaning,
        asked_fact(text),
        asked_most_frequent(text),
    )


def _ways_of(text: str, about: Sequence[NamedConcept]) -> tuple[Way, ...]:
    """How something may be named: "major bleeding" is no bleeding alone, and goes by its other names."""
    words = telling(text) or any_of(text)
    own = (tuple(map(forms_of, words)),) if words else ()
    return (*own, *others(text, about)) if own else ()
