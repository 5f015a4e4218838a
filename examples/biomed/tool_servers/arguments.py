"""Our arguments in the form that a foreign tool's schema asks for. Without I/O."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from .constants import constant_of, constants_of
from .key_words import key_words
from .schema import Path, bound_of, choices_of, form_at, letters_of, types_of

_QUERY = (
    "query term searchterm q search searchquery text keywords keyword terms question searchtext"
)
_TOP = "limit maxresults pagesize retmax numresults resultlimit topk count size n k rows max"
_FROM = "datefrom mindate startdate fromdate dateafter from since yearfrom startyear minyear"
_TO = "dateto maxdate enddate todate datebefore to until yearto endyear maxyear"

ALIASES: dict[str, dict[str, tuple[str, ...]]] = {
    capability: {argument: tuple(names.split()) for argument, names in table.items()}
    for capability, table in {
        "pubmed_search": {"query": _QUERY, "limit": _TOP, "date_from": _FROM, "date_to": _TO},
        "pubmed_get": {
            "pmids": "pmids pmid ids id pubmedids pubmedid articleid articleids uid uids"
        },
        "trials_search": {
            "condition": "condition conditions disease diseases querycond cond conditionquery indication",
            "intervention": "intervention interventions drug drugs treatment queryintr intr "
            "interventionquery therapy",
            "sponsor": "sponsor sponsors queryspons leadsponsor sponsorquery",
            "term": "term terms otherterms query queryterm q search keywords keyword searchquery",
            "phases": "phase phases phasefilter filterphase",
            "statuses": "status statuses overallstatus recruitingstatus recruitmentstatus statusfilter "
            "filteroverallstatus",
            "location": "location locations place country city querylocn locn",
            "distance": "distance geo filtergeo geofilter",
            "sex": "sex gender",
            "age_groups": "agegroups agegroup stdage age ages",
            "age_from": "agefrom minage minimumage agemin",
            "age_to": "ageto maxage maximumage agemax",
            "min_enrollment": "minenrollment enrollmentmin minimumenrollment",
            "max_enrollment": "maxenrollment enrollmentmax maximumenrollment",
            "with_results": "withresults hasresults resultsonly",
            "randomized": "randomized randomised",
            "excluded_locations": "excludedlocations excludelocations",
            "study_types": "studytype studytypes",
            "excluded_conditions": "excludedconditions excludeconditions",
            "excluded_interventions": "excludedinterventions excludeinterventions",
            "limit": _TOP,
            "date_from": _FROM,
            "date_to": _TO,
            "date_field": "datefield datetype",
        },
        "trials_get": {"nct_id": "nctid nctids id ids studyid trialid nctnumber nct"},
        "documents_search": {"query": _QUERY, "limit": _TOP},
    }.items()
}
"""By capability and argument: the names, letters and digits alone, that mean the same."""

_NEEDED = {
    "pubmed_search": ("query",),
    "pubmed_get": ("pmids",),
    "trials_search": ("condition", "term"),
    "trials_get": ("nct_id",),
    "documents_search": ("query",),
}
"""One of these has to have a place in the tool's schema."""

_TOPICAL = ("condition", "intervention", "sponsor", "term")


def can_fill(capability: str, schema: Mapping[str, Any], given: Collection[str] = ()) -> bool:
    """Whether a call is possible: there is a place for what is asked, and nothing else is required that has no value.

    Args:
        capability: Which of ours the tool would serve.
        schema: The tool's input schema.
        given: The parameters whose value the settings give.
    """
    places = _places(capability, schema)
    if not any(argument in places for argument in _NEEDED[capability]):
        return False
    return not [one for one in missing(capability, schema) if one not in given]


def missing(capability: str, schema: Mapping[str, Any]) -> list[str]:
    """The parameters that a tool requires and that nothing here has a value for."""
    filled = {path[0] for path in _places(capability, schema).values()}
    properties = schema.get("properties") or {}
    return [
        name
        for name in schema.get("required") or []
        if name not in filled
        and "default" not in (properties.get(name) or {})
        and constant_of(capability, name, properties.get(name) or {}) is None
    ]


def taken(capability: str, schema: Mapping[str, Any]) -> int:
    """How many of our arguments a tool takes."""
    return len(_places(capability, schema))


def adapt(
    capability: str,
    arguments: Mapping[str, Any],
    schema: Mapping[str, Any],
    description: str = "",
    names: Mapping[str, str] | None = None,
    values: Mapping[str, Any] | None = None,
) -> tuple[list[dict[str, Any]], list[str]]:
    """The calls that ask what ``arguments`` ask, and the arguments that have no place.

    Several calls where the tool takes one identifier at a time.

    Args:
        capability: Which of ours the tool serves.
        arguments: In our own tool's form.
        schema: The tool's input schema.
        description: Its description: says which syntax a query has.
        names: The parameter for an argument, from the settings.
        values: What the settings give with every call, by parameter.
    """
    if not schema.get("properties") and schema.get("additionalProperties") is not False:
        # It does not say what it takes: then what ours takes.
        whole = {
            name: one for name, one in arguments.items() if name not in ("timeout_ms", "words")
        }
        return [{**whole, **(values or {})}], []
    places = _places(capability, schema, names or {})
    given = {name: value for name, value in arguments.items() if value not in (None, "", [])}
    lost = []
    about = f"{description} {schema}".lower()
    if capability == "trials_search":
        given = _merged(given, places)
    elif (
        capability == "pubmed_search"
        and "pubmed" not in about
        and "boolean" not in about
        and "array" not in types_of(form_at(schema, places.get("query", ())))
    ):
        given["query"] = " ".join(key_words(given["query"]))
    call: dict[str, Any] = {**constants_of(capability, schema), **(values or {})}
    many: tuple[Path, list[Any]] | None = None
    for name, value in given.items():
        if name in ("timeout_ms", "words") and name not in places:
            continue
        if name not in places:
            lost.append(name)
            continue
        path = places[name]
        form = form_at(schema, path)
        if name == "pmids" and "array" not in types_of(form):
            many = (path, [_one(form, pmid) for pmid in value])
            continue
        fitted = _fitted(name, value, form, about)
        if fitted is None:
            lost.append(name)
        else:
            _put(call, path, fitted)
    if many is None:
        return [call], lost
    calls = []
    for value in many[1]:
        one = {**call}
        _put(one, many[0], value)
        calls.append(one)
    return calls, lost


def _places(
    capability: str, schema: Mapping[str, Any], names: Mapping[str, str] | None = None
) -> dict[str, Path]:
    """Where each of our arguments goes, as the path in the tool's."""
    known = dict(_parameters(schema))
    places: dict[str, Path] = {}
    for argument in (*ALIASES[capability], "timeout_ms"):
        if (set_by_hand := (names or {}).get(argument)) and set_by_hand in (
            schema.get("properties") or {}
        ):
            places[argument] = (set_by_hand,)
            continue
        for alias in (letters_of(argument), *ALIASES[capability].get(argument, ())):
            if alias in known and known[alias] not in places.values():
                places[argument] = known[alias]
                break
    return places


def _parameters(schema: Mapping[str, Any], above: Path = ()) -> Iterator[tuple[str, Path]]:
    for name, form in (schema.get("properties") or {}).items():
        if not isinstance(form, dict):
            continue
        yield letters_of(name), (*above, name)
    for name, form in (schema.get("properties") or {}).items():
        # Such as dateRange: {minDate, maxDate}.
        if isinstance(form, dict) and not above:
            for branch in (form, *(form.get("anyOf") or ())):
                yield from _parameters(branch, (name,))


def _put(call: dict[str, Any], path: Path, value: object) -> None:
    for name in path[:-1]:
        call = call.setdefault(name, {})
    call[path[-1]] = value


def _fitted(name: str, value: Any, form: Mapping[str, Any], about: str) -> Any:
    """The value in the schema's type, or None where it has no place there."""
    types = types_of(form)
    if name == "limit":
        most = int(min(max(value, bound_of(form, "minimum", 1)), bound_of(form, "maximum", 100)))
        return _one(form, most)
    if name in ("date_from", "date_to"):
        return _date(str(value), name, form, types, about)
    values = value if isinstance(value, list) else [value]
    if enum := choices_of(form):
        by_letters = {letters_of(str(one)): one for one in enum}
        values = [
            by_letters[letters_of(str(one))] for one in values if letters_of(str(one)) in by_letters
        ]
        if not values:
            return None
    if "array" in types:
        if name in ("query", "term") and isinstance(value, str):
            return key_words(value, "|" if "'|'" in about or "or syntax" in about else "")
        if isinstance(value, str):
            return [one.strip().strip('"') for one in value.split(" OR ")]
        return values
    if isinstance(value, list):
        if len(values) == 1:
            return _one(form, values[0])
        return None if choices_of(form) else " OR ".join(str(one) for one in values)
    return _one(form, values[0])


def _one(form: Mapping[str, Any], value: Any) -> Any:
    types = types_of(form)
    if types & {"integer", "number"} and "string" not in types and str(value).isdigit():
        return int(value)
    if types == {"string"} and isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value


def _date(text: str, name: str, form: Mapping[str, Any], types: set[str], about: str) -> Any:
    if types & {"integer", "number"} and "string" not in types:
        return int(text[:4])
    hints = (
        f"{form.get('pattern', '')} {form.get('description', '')} {form.get('format', '')}".lower()
    )
    parts = text.split("-")
    if "yyyy-mm-dd" in hints or r"-\d{2}" in hints or "yyyy/mm/dd" in hints or form.get("format"):
        from ..options import first_day, last_day

        parts = (first_day(text) if name == "date_from" else last_day(text)).split("-")
    return ("/" if "yyyy/mm" in hints or "/" in str(form.get("pattern")) else "-").join(parts)


def _merged(given: dict[str, Any], places: Mapping[str, Path]) -> dict[str, Any]:
    """What has no parameter of its own goes into the free words."""
    homeless = [name for name in _TOPICAL if name in given and name not in places]
    if not homeless or "term" not in places:
        return given
    words = [given[name] for name in (*homeless, "term") if name in given]
    rest = {name: value for name, value in given.items() if name not in homeless}
    return {**rest, "term": " AND ".join(f"({one})" if " OR " in one else one for one in words)}
