"""Whom a question is about, in PubMed's syntax: children, older people, one sex. Without I/O."""

from __future__ import annotations

import re

from .entities import AGE_GROUPS, Entities
from .queries.concept import Concept

_PEOPLE = {
    "CHILD": 'child* OR pediatric* OR paediatric* OR infant* OR neonat* OR newborn* OR adolescen* OR "Child"[mh] '
    'OR "Infant"[mh] OR "Adolescent"[mh]',
    "OLDER_ADULT": 'elderly OR older OR geriatric* OR senior* OR "Aged"[mh]',
    "YOUNG": 'young OR youth* OR adolescen* OR "Young Adult"[mh] OR "Adolescent"[mh]',
    "FEMALE": 'women OR woman OR female* OR girl* OR mother* OR "Female"[mh]',
    "MALE": 'men OR man OR male* OR boy* OR "Male"[mh]',
}
_PEOPLES_CONCEPTS = {
    "CHILD": {"Child", "Infant", "Adolescent", "Infant, Newborn", "Child, Preschool"},
    "FEMALE": {"Pregnant Women", "Pregnancy", "Mothers"},
    "MALE": {"Fathers"},
}
"""A concept under one of these says it already, and more."""
_AS_CONCEPT = {"OLDER_ADULT": "Aged", "FEMALE": "Women", "MALE": "Men"}
"""What would be the same as a concept."""
OLD, GROWN = 60, 18
"""Years."""
_OF_ONE_SEX = re.compile(r"\b(?:wo)?men\b|\b(?:fe)?males\b", re.IGNORECASE)


def people(entities: Entities) -> str:
    """Whom a question is about, in PubMed's syntax: children, older people, one sex; empty where it does not say."""
    headings = {one["heading"] for one in entities.get("concepts", []) if not one["excluded"]}
    said = [
        one for one in _named_people(entities) if not headings & _PEOPLES_CONCEPTS.get(one, set())
    ]
    ages = [one for one in said if one in AGE_GROUPS]
    either = [f"({' OR '.join(_PEOPLE[one] for one in ages)})"] if ages else []
    return " AND ".join([*either, *(f"({_PEOPLE[one]})" for one in said if one not in ages)])


def _named_people(entities: Entities) -> list[str]:
    groups = entities.get("age_groups", [])
    # All but one of them: then that one is left out, and none required.
    named = [*(groups if "ADULT" not in groups else ()), entities.get("sex")]
    youngest, oldest = entities.get("age_from"), entities.get("age_to")
    if not groups and youngest is not None and youngest >= OLD:
        named.append("OLDER_ADULT")
    if not groups and oldest is not None and oldest < GROWN:
        named.append("CHILD")
    if any(_is_young(one) for one in entities.get("concepts", [])):
        named.append("YOUNG")
    left_out = [one for one in entities.get("concepts", []) if one["excluded"]]
    if any(_OF_ONE_SEX.search(one["text"]) for one in left_out):
        named = [one for one in named if one not in ("FEMALE", "MALE")]
    return [one for one in named if one in _PEOPLE]


def _is_young(concept: Concept) -> bool:
    return concept["kind"] == "word" and concept["text"].lower() == "young"


def without_people(about: list[Concept], entities: Entities) -> list[Concept]:
    """The concepts that :func:`people` does not say: not "elderly" beside the group of older adults."""
    said = {_AS_CONCEPT.get(one) for one in _named_people(entities)}
    kept = [
        one
        for one in about
        if not (one["heading"] and one["heading"] in said) and not _is_young(one)
    ]
    return kept or about
