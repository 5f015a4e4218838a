"""A search of ClinicalTrials.gov as the parameters of its API v2. Without I/O.

Source: clinicaltrials.gov/data-api/api (the OpenAPI description of version 2), and "Constructing complex
search queries" there: ``AREA[Field]``, ``RANGE[from,to]``, ``MISSING``, ``AND``, ``OR``, ``NOT``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal, get_args

from typing_extensions import TypedDict

from ..errors import SourceError
from ..options import first_day, last_day
from .regions import COUNTRIES

DateField = Literal[
    "start", "primary_completion", "completion", "first_posted", "results_posted", "last_update"
]
"""Which of a trial's dates is meant."""

Sex = Literal["FEMALE", "MALE"]
AgeGroup = Literal["CHILD", "ADULT", "OLDER_ADULT"]

DISTANCE = r"distance\(-?\d{1,2}(?:\.\d+)?,-?\d{1,3}(?:\.\d+)?,\d{1,5}(?:\.\d+)?(?:km|mi)\)"
"""``distance(48.1,11.6,50km)``: latitude, longitude, radius."""

StudyType = Literal["INTERVENTIONAL", "OBSERVATIONAL", "EXPANDED_ACCESS"]

DESIGN = r"(?:NOT )?AREA\[(?:Design(?:ObservationalModel|TimePerspective|InterventionModel|Masking|Allocation)|LeadSponsorClass)\](?:[A-Z_]+|\([A-Z_]+(?: OR [A-Z_]+)*\))"
"""``AREA[DesignObservationalModel]COHORT``: a part of a study's design, or the class of its sponsor, and what it should be, or after NOT should not be."""

_AREAS: dict[str, str] = {
    "start": "StartDate",
    "primary_completion": "PrimaryCompletionDate",
    "completion": "CompletionDate",
    "first_posted": "StudyFirstPostDate",
    "results_posted": "ResultsFirstPostDate",
    "last_update": "LastUpdatePostDate",
}
_QUERIES = {
    "condition": "query.cond",
    "intervention": "query.intr",
    "sponsor": "query.spons",
    "location": "query.locn",
    "term": "query.term",
}
_RESERVED = str.maketrans('"[](){}\\', " " * 8)


class TrialArguments(TypedDict, total=False):
    """What ``trials_search`` may be asked for; each narrows the others.

    ``condition``, ``intervention``, ``sponsor``, ``location`` and ``term`` are in the registry's syntax.
    """

    condition: str
    intervention: str
    sponsor: str
    term: str
    excluded_conditions: Sequence[str]
    """Names that a study's conditions must not have."""
    excluded_interventions: Sequence[str]
    """Names that what it tests must not have."""
    location: str
    """A country, state, city or facility."""
    distance: str
    """See :data:`DISTANCE`."""
    phases: Sequence[str]
    statuses: Sequence[str]
    sex: str | None
    """Studies that take this sex, those that take everyone among them."""
    age_groups: Sequence[str]
    """Studies that take any of these groups."""
    age_from: int | None
    age_to: int | None
    """In years: studies that take somebody of an age between the two."""
    min_enrollment: int | None
    max_enrollment: int | None
    with_results: bool
    """Only studies that have posted results."""
    randomized: bool
    """Only studies whose participants are allocated at random."""
    study_types: Sequence[str]
    """``INTERVENTIONAL``, ``OBSERVATIONAL``, ``EXPANDED_ACCESS``."""
    designs: Sequence[str]
    """Parts of a design in the registry's syntax, see :data:`DESIGN`: all of them."""
    excluded_locations: Sequence[str]
    """Countries, states or cities where a study must have no site."""
    date_from: str | None
    date_to: str | None
    """Bounds, ``YYYY[-MM[-DD]]``, of the date that ``date_field`` names."""
    date_field: str | None


def parameters(asked: Mapping[str, Any]) -> dict[str, str]:
    """The parameters that ask for it; see :class:`TrialArguments`.

    Raises:
        SourceError: kind ``invalid_request``: nothing is asked for, or a value is malformed.
    """
    params = {name: asked[key] for key, name in _QUERIES.items() if asked.get(key)}
    if distance := asked.get("distance"):
        if not re.fullmatch(DISTANCE, distance):
            raise SourceError(
                "invalid_request",
                f"distance should be like distance(48.1,11.6,50km), not {distance[:60]!r}",
            )
        params["filter.geo"] = distance
    if not params:
        raise SourceError("invalid_request", "ClinicalTrials.gov: nothing to search for")
    if statuses := asked.get("statuses"):
        params["filter.overallStatus"] = "|".join(statuses)
    if asked.get("with_results"):
        params["aggFilters"] = "results:with"
    if advanced := " AND ".join(_advanced(asked)):
        params["filter.advanced"] = advanced
    return params


def _advanced(asked: Mapping[str, Any]) -> list[str]:
    """What has no parameter of its own, in the registry's search language."""
    parts = []
    if phases := asked.get("phases"):
        parts.append(f"AREA[Phase]({' OR '.join(phases)})")
    if asked.get("date_from") or asked.get("date_to"):
        field = asked.get("date_field") or "start"
        if field not in _AREAS:
            raise SourceError(
                "invalid_request",
                f"date_field should be one of {', '.join(get_args(DateField))}, not {field!r}",
            )
        start = first_day(asked["date_from"]) if asked.get("date_from") else "MIN"
        end = last_day(asked["date_to"]) if asked.get("date_to") else "MAX"
        parts.append(f"AREA[{_AREAS[field]}]RANGE[{start},{end}]")
    if sex := asked.get("sex"):
        parts.append(f"AREA[Sex]({sex} OR ALL)")
    if groups := asked.get("age_groups"):
        parts.append(f"AREA[StdAge]({' OR '.join(groups)})")
    # A study without a bound of its own takes every age.
    if (youngest := asked.get("age_from")) is not None:
        parts.append(f"(AREA[MaximumAge]RANGE[{youngest} years,MAX] OR AREA[MaximumAge]MISSING)")
    if (oldest := asked.get("age_to")) is not None:
        parts.append(f"(AREA[MinimumAge]RANGE[MIN,{oldest} years] OR AREA[MinimumAge]MISSING)")
    least, most = asked.get("min_enrollment"), asked.get("max_enrollment")
    if least is not None or most is not None:
        low, high = ("MIN" if least is None else least), ("MAX" if most is None else most)
        parts.append(f"AREA[EnrollmentCount]RANGE[{low},{high}]")
    if types := asked.get("study_types"):
        parts.append(f"AREA[StudyType]({' OR '.join(types)})")
    for one in asked.get("designs") or ():
        if not re.fullmatch(DESIGN, one):
            raise SourceError(
                "invalid_request",
                f"a design should be like AREA[DesignObservationalModel]COHORT, not {one[:60]!r}",
            )
        parts.append(one)
    if asked.get("randomized"):
        parts.append("AREA[DesignAllocation]RANDOMIZED")
    for key, area in (
        ("excluded_conditions", "Condition"),
        ("excluded_interventions", "InterventionName"),
    ):
        for name in asked.get(key) or ():
            if plain := " ".join(name.translate(_RESERVED).split()):
                parts.append(f'NOT AREA[{area}]"{plain}"')
    parts += _outside(asked.get("excluded_locations") or ())
    return parts


REGION = 3
"""Countries that are searched for together."""


def _outside(names: Sequence[str]) -> list[str]:
    """No site in any of these; the countries of a region together, so that the search stays readable."""
    plain = [one for name in names if (one := " ".join(name.translate(_RESERVED).split()))]
    countries = [one for one in plain if one in COUNTRIES]
    together = countries if len(countries) >= REGION else []
    either = " OR ".join(f'"{one}"' for one in together)
    parts = [f"NOT AREA[LocationCountry]({either})"] if together else []
    for one in plain:
        if one not in together:
            areas = ("LocationCountry", "LocationState", "LocationCity")
            either = " OR ".join(f'AREA[{area}]"{one}"' for area in areas)
            parts.append(f"NOT ({either})")
    return parts
