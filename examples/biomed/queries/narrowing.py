"""What a question narrows by, kind by kind: which kinds it has, and the question without one of them. Without I/O."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from . import trial_filters, trial_people
from .dates import without_dates
from .designs import without_designs
from .kinds_left_out import left_out
from .sizes import without_sizes

_FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "date": ("date_from", "date_to"),
    "place": ("places", "distance", "excluded_places"),
    "people": ("age_groups", "age_from", "age_to", "sex"),
    "phase": ("phases",),
    "status": ("statuses",),
    "design": ("designs", "excluded_designs", "randomized"),
    "size": ("min_enrollment", "max_enrollment"),
    "results": ("with_results",),
}
KINDS: Final = tuple(_FIELDS)
"""Of people a question has one kind: "and in women?" after "and in children?" is about women."""

_WORKS = re.compile(
    r"\b(?:only )?(?:(?:randomi[sz]ed|controlled|clinical) )*(?:trials|rcts|reviews|systematic reviews|meta-?analys[ei]s|guidelines)\b(?=\W*$)",
    re.IGNORECASE,
)

_REMOVED: Final[dict[str, Callable[[str], str]]] = {
    "date": without_dates,
    "place": trial_filters.without_places,
    "people": trial_people.without_people,
    "phase": trial_filters.without_phases,
    "status": trial_filters.without_statuses,
    "design": lambda text: _WORKS.sub(" ; ", without_designs(left_out(text)[1])),
    "size": without_sizes,
    "results": trial_filters.without_results,
}
_NAMED: Final[dict[str, str]] = {
    "date": r"dates?|times?(?: ?frames?| ?spans?| limits?)?|years?|periods?|since(?: .*)?|when",
    "place": r"places?|countr(?:y|ies)|locations?|regions?|cit(?:y|ies)|sites?|geograph\w+|where",
    "people": r"ages?|age (?:groups?|ranges?|limits?)|people|populations?|sex|gender|who(?:m)?",
    "phase": r"phases?",
    "status": r"status(?:es)?|recruitment",
    "design": r"(?:study )?(?:designs?|types?|kinds?)(?: of (?:study|studies|publications?))?|publication types?",
    "size": r"(?:sample )?sizes?|enrol+ment|numbers? of (?:participants|patients)",
    "results": r"results?",
}
_ALL = r"(?:all |any )?(?:the )?(?:filters?|limits?|restrictions?|constraints?)"
_LIFTS = re.compile(
    r"^\W*(?:(?:and|ok(?:ay)?|now|please|but|actually|then)[, ]+)*"
    r"(?:(?:forget|drop|remove|ignore|skip|lift|clear|undo|delete|leave out|take away|never mind|do(?:n['’]t| not) (?:limit|restrict|filter)(?: it| them)?(?: by| to)?|"
    r"without|no|not only)\s+(?:about\s+)?|(?:any|all|every|regardless of(?: the)?|whatever the|no matter(?: the| what)?|irrespective of(?: the)?|of any)\s+(?=\w))"
    r"(?:the |that |any |my |those |this |all )?(?P<what>.+?)(?:\s+(?:filters?|limits?|restrictions?|again|too|now|any ?more))*\W*$",
    re.IGNORECASE,
)
_EVERYWHERE: Final[dict[str, str]] = {
    "place": r"(?:any ?where|every ?where|world ?wide|in any country|all countries)",
    "date": r"(?:any ?time|whenever|all years|of any date|no matter when)",
    "people": r"(?:in )?(?:everyone|everybody|people of (?:all|any) ages?|all ages)",
}


def kinds(entities: Mapping[str, Any]) -> list[str]:
    """The kinds of narrowing that a question has."""
    found = [kind for kind, fields in _FIELDS.items() if any(entities.get(name) for name in fields)]
    if "design" not in found and entities.get("intent") in ("trials", "review"):
        found.append("design")
    return found


def without(text: str, left_out: list[str]) -> str:
    """The text without what narrows it by these kinds; empty where nothing is left but small words."""
    for kind in left_out:
        text = _REMOVED[kind](text)
    text = re.sub(r"\s*;(?:\s*;)*\s*", " ", text)
    text = re.sub(
        r"\b(?:(?:in|for|among|from|at|of|on|with|since|aged|near|within|only|and|or)\s+(?:the\s*)?)+(?=[,.?;]|$)",
        "",
        " ".join(text.split()),
        flags=re.IGNORECASE,
    )
    text = re.sub(r"\s+([,?.])", r"\1", re.sub(r"(?:\s*,)+\s*(?=,|$)", "", text)).strip(" ,;")
    return text if re.sub(_SMALL, "", text).strip(" ,.?!;") else ""


_SMALL = re.compile(
    r"\b(?:and|or|only|what|how|about|in|for|the|a|an|of|also|now|then|since|with|please|show|me|any|but|ones?)\b",
    re.IGNORECASE,
)


def lifted(text: str, read: Callable[[str], Mapping[str, Any]]) -> list[str] | None:
    """The kinds that a question gives up ("forget the date", "any age", "drop Germany"); None where it gives up none.

    Args:
        text: The question.
        read: Reads a text's entities.
    """
    for kind, rule in _EVERYWHERE.items():
        if re.fullmatch(rf"\W*(?:and |or |now |then )*(?:{rule})\W*", text, re.IGNORECASE):
            return [kind]
    match = _LIFTS.match(text)
    if match is None:
        return None
    what = match["what"].strip(" .,!?")
    if re.fullmatch(_ALL, what, re.IGNORECASE) or (
        re.search(r"\b(?:filters?|limits?|restrictions?)\W*$", text) and what in ("all", "")
    ):
        return list(KINDS)
    found = []
    for part in re.split(r",|\band\b|\bor\b", what):
        part = re.sub(r"^(?:the|that|any|my)\s+", "", part.strip(), flags=re.IGNORECASE)
        named = [kind for kind, rule in _NAMED.items() if re.fullmatch(rule, part, re.IGNORECASE)]
        if not named and re.match(
            r"(?i)^\W*(?:and |ok |now )*(?:forget|drop|remove|ignore|lift|not only)", text
        ):
            named = kinds(read(f"in {part}")) or kinds(read(part))
        if not named:
            return None
        found += named
    return list(dict.fromkeys(found))
