"""What ClinicalTrials.gov is asked, as the arguments of ``trials_search``.

Source: clinicaltrials.gov/data-api/api and "Constructing complex search queries" there: ``AND``, ``OR``, ``NOT``,
quotation marks, parentheses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..terms.lay import LAY
from ..terms.names import key_of, load, unturned
from ..terms.word_forms import TRUNCATED
from ..vocabulary import CLASS_MEMBERS, CLASS_SYNONYMS, COMPANIES, FILLER
from ..words import unique
from . import trial_filters
from .concept import Concept
from .designs import registry_designs, study_types
from .gene_states import sign_of, state_names
from .intent import lists_trials, works_asked
from .kinds_left_out import registry_exclusions, remaining_types
from .preparing import prepared
from .regions import countries
from .sponsors import sponsor_classes

if TYPE_CHECKING:
    from ..entities import Entities

Query = dict[str, Any]
_RESERVED = str.maketrans('"[](){}*', " " * 8)


def trial_queries(
    question: str, entities: Entities, options: Mapping[str, Any]
) -> Iterator[tuple[Query, str]]:
    """The search, and wider ones for the case that it finds nothing, each with what it leaves out."""
    filters = _filters(entities, options)
    names = {
        "intervention": _interventions(entities),
        "condition": _conditions(entities),
        "sponsor": _either(entities["companies"]),
    }
    names = {name: value for name, value in names.items() if value}
    words = _words(entities)
    sides = _words(entities, only_compared=True)
    if entities.get("language") and question:
        yield {"term": _plain(question), **filters}, ""
    if names and words:
        yield {**names, "term": " AND ".join(words), **filters}, ""
        if sides and len(sides) < len(words):
            others = ", ".join(one for one in words if one not in sides)
            yield {**names, "term": " AND ".join(sides), **filters}, others
        yield {**names, **filters}, ", ".join(words)
    elif names:
        yield {**names, **filters}, ""
    elif words:
        yield {"term": " AND ".join(words), **filters}, ""
        if 1 < len(sides) < len(words):
            others = ", ".join(one for one in words if one not in sides)
            yield {"term": " AND ".join(sides), **filters}, others
        if len(words) > 2:
            yield {"term": _any(words), **filters}, "that all its words are in one study"
    elif any(name in filters for name in ("location", "distance")):
        yield filters, ""
    narrow = {
        "location", "distance", "sex", "age_groups", "age_from", "age_to", "min_enrollment", "max_enrollment",
        "with_results", "randomized", "excluded_locations", "study_types", "designs",
    }  # fmt: skip
    if (names or words) and narrow & filters.keys():
        left = {name: value for name, value in filters.items() if name not in narrow}
        dropped = ", ".join(sorted(narrow & filters.keys())).replace("_", " ")
        query: Query = names or {"term": " AND ".join(words)}
        yield {**query, **left}, f"its limits of {dropped}"


def _filters(entities: Entities, options: Mapping[str, Any]) -> Query:
    excluded = entities.get("excluded", [])
    unwanted = entities.get("excluded_designs", [])
    left_out = [one for one in entities.get("concepts", []) if one["excluded"]]
    # What is no condition is something taken; people and places are filters of their own.
    others = {
        one["name"]
        for one in left_out
        if one["kind"] != "condition" and not _is_had(one) and not state_names(one["name"])
    }
    filtered = {
        one["name"]
        for one in left_out
        if (_is_people(one) and not _is_had(one)) or one["heading"] == "Smokers"
    }
    places = {one.lower() for one in entities.get("excluded_places", [])}
    filtered |= {
        one["name"]
        for one in left_out
        if one["text"].lower() in places or trial_filters.places(one["text"])
    }
    taken = others - filtered
    had = set(excluded) - others - filtered
    nouns = {one["name"]: _noun(one) for one in left_out}
    # "Cohort studies and RCTs" are of no one type.
    asked = [] if lists_trials(entities["question"]) else entities.get("designs", [])
    chosen: Query = {
        "phases": options.get("phases") or entities["phases"],
        "statuses": options.get("statuses") or entities["statuses"],
        "date_from": options.get("date_from") or entities["date_from"],
        "date_to": options.get("date_to") or entities["date_to"],
        "excluded_conditions": [
            each
            for one in excluded
            if one in had
            for each in state_names(one) or [nouns.get(one, one)]
        ],
        "excluded_interventions": [
            each for one in excluded if one in taken for each in (one, *CLASS_MEMBERS.get(one, ()))
        ],
        "location": _either(countries(entities.get("places", []))),
        "distance": entities.get("distance"),
        "sex": entities.get("sex"),
        "age_groups": entities.get("age_groups"),
        "age_from": entities.get("age_from"),
        "age_to": entities.get("age_to"),
        "min_enrollment": entities.get("min_enrollment"),
        "max_enrollment": entities.get("max_enrollment"),
        "with_results": entities.get("with_results"),
        "randomized": entities.get("randomized")
        and (
            entities["intent"] in ("trials", "recruiting")
            or (works_asked(entities["question"]) == ["trials"] and not entities.get("designs"))
        ),
        "excluded_locations": countries(entities.get("excluded_places", [])),
        "study_types": study_types(asked) or remaining_types(unwanted),
        "designs": [
            *registry_designs(asked),
            *registry_exclusions(unwanted),
            *sponsor_classes(entities["question"]),
        ],
    }
    if chosen["date_from"] or chosen["date_to"]:
        chosen["date_field"] = entities.get("date_field")
    kept = {
        name: value
        for name, value in chosen.items()
        if value or (value == 0 and value is not False)
    }
    return {"phases": [], "statuses": [], **kept}


def _is_had(concept: Concept) -> bool:
    return concept["heading"] in (
        "Pregnancy",
        "Pregnant Women",
        "Pregnant People",
        "Neoplasm Metastasis",
    )


def _noun(concept: Concept) -> str:
    """ "Obese" as the registry lists it: obesity."""
    if concept["heading"] in ("Pregnant Women", "Pregnant People"):
        return "pregnancy"
    heading = unturned(concept["heading"])
    is_adjective = concept["name"].lower().endswith(("ic", "ics", "ive", "ese", "ous"))
    if concept["kind"] == "condition" and heading and is_adjective:
        return "diabetes" if heading == "Diabetes Mellitus" else heading.lower()
    return concept["name"]


def _interventions(entities: Entities) -> str:
    groups = {name: _either([name]) for name in entities["drugs"]}
    for name in entities["drug_classes"]:
        members = CLASS_MEMBERS.get(name, ())
        # A named drug says more than its own class, unless the two are compared.
        if entities["intent"] == "compare" or not set(members) & set(entities["drugs"]):
            groups[name] = _either([name, *CLASS_SYNONYMS.get(name, ()), *members])
    return _joined(groups, entities)


def _conditions(entities: Entities) -> str:
    said = {one["name"]: _said_and_heading(one) for one in _concepts(entities)}
    groups = {name: _either(said.get(name, [name])) for name in entities["conditions"]}
    return _joined(groups, entities)


def _said_and_heading(concept: Concept) -> list[str]:
    """A condition that is called or written otherwise also by its heading: "hep c" is registered as hepatitis C, "osteo-arthritis" as osteoarthritis."""
    said, heading = concept["text"], unturned(concept["heading"]).lower()
    is_lay = _is_lay(said) or ("-" in said and not load().of_key(key_of(said)))
    return unique([concept["name"].lower(), heading]) if is_lay and heading else [concept["name"]]


def _joined(groups: Mapping[str, str], entities: Entities) -> str:
    """All of them, as a comparison needs; of those that the question leaves the choice between, any.

    One that may be chosen instead of something that is none of them, "dressings or wound care", is required only where nothing else is.
    """
    chosen = {one["name"]: one["either"] for one in _concepts(entities)}
    apart = {one["either"] for one in _concepts(entities) if one["name"] not in groups}
    together: dict[object, list[str]] = {}
    for name, group in groups.items():
        together.setdefault(chosen.get(name, 0) or name, []).append(group)
    needed = {key: any_of for key, any_of in together.items() if key not in apart}
    parts = [_any(any_of) for any_of in (needed or together).values()]
    if len(parts) < 2:
        return "".join(parts)
    return (" AND " if needed else " OR ").join(
        f"({part})" if " OR " in part else part for part in parts
    )


def _words(entities: Entities, *, only_compared: bool = False) -> list[str]:
    """The other concepts, as the question has them; only those that it compares."""
    named = {*entities["drugs"], *entities["conditions"], *entities["drug_classes"]}
    places = {one.lower() for one in entities.get("places", [])}
    words: list[str] = []
    choices: dict[int, int] = {}
    for one in _concepts(entities):
        named_place = trial_filters.places(one["text"])
        filler = FILLER if one["kind"] == "word" else ()
        silent = one["text"].lower() in (*filler, *places) or set(named_place) & set(
            entities.get("places", [])
        )
        if one["excluded"] or one["kind"] in ("drug", "condition") or silent:
            continue
        if only_compared and not one["compared"]:
            continue
        if one["name"] in named or one["text"] in COMPANIES or _is_people(one):
            continue
        if not TRUNCATED.fullmatch(one["text"]):  # the registry takes whole words only
            called = re.sub(r"['’]s$", "", sign_of(one["text"], entities["question"]))
            called = _as_registered(one, _said(one, _plain(called), entities["question"]))
            if (place := choices.get(one["either"])) is not None:
                words[place] = f"({words[place].strip('()')} OR {called.strip('()')})"
                continue
            if one["either"]:
                choices[one["either"]] = len(words)
            words.append(called)
    return words


def _said(concept: Concept, words: str, question: str) -> str:
    """Words that stand together in quotes; those of a phrase that others part in the question, each by itself: "mouthwash stains teeth"."""
    whole = _spaced(concept["text"])
    is_whole = any(whole in _spaced(one) for one in (question, prepared(question)))
    if concept["kind"] != "phrase" or is_whole:
        return _quoted(words)
    return " AND ".join(_quoted(_plain(part)) for part in concept["parts"])


def _spaced(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def _as_registered(concept: Concept, said: str) -> str:
    """What people say for something, or what it is called: "care homes" are registered as nursing homes."""
    called = unturned(concept["heading"]).lower()
    is_other = called and called != concept["text"].lower() and _is_lay(concept["text"])
    return f"({said} OR {_quoted(_plain(called))})" if is_other else said


def _is_lay(said: str) -> bool:
    """Whether something is named as people speak."""
    return key_of(said) in LAY or said.lower() in LAY


_PEOPLE = frozenset(
    [
        "adult",
        "child",
        "boys",
        "girls",
        "boy",
        "girl",
        "women",
        "men",
        "adults",
        "males",
        "females",
        "pediatric",
        "paediatric",
        "pediatrics",
        "paediatrics",
    ]
)


def _is_people(concept: Concept) -> bool:
    """Whom a study is made with is a filter of the registry, not a word."""
    return concept["text"].lower() in _PEOPLE or concept["heading"] in (
        "Child", "Child, Preschool", "Adult", "Aged", "Adolescent", "Infant", "Women", "Men", "Female", "Male", "Pregnant People",
        "Pregnant Women", "Young Adult", "Infant, Newborn", "Aged, 80 and over",
    )  # fmt: skip


def _concepts(entities: Entities) -> list[Concept]:
    return entities.get("concepts", [])


def _either(names: Sequence[str]) -> str:
    return _any([_quoted(_plain(name)) for name in names])


def _any(parts: Sequence[str]) -> str:
    return " OR ".join(parts)


def _quoted(name: str) -> str:
    return f'"{name}"' if " " in name or "-" in name else name


def _plain(text: str) -> str:
    words = text.translate(_RESERVED).split()
    return " ".join(word.lower() if word in ("AND", "OR", "NOT") else word for word in words)
