"""From entities to tool calls: what each source is asked, in its own query language."""

from __future__ import annotations

from typing import Any

from .entities import Entities, topics
from .options import SourceName
from .state import Call
from .vocabulary import CLASS_MEMBERS, CLASS_SYNONYMS

_PUBMED_PHASES = {
    "EARLY_PHASE1": "i",
    "PHASE1": "i",
    "PHASE2": "ii",
    "PHASE3": "iii",
    "PHASE4": "iv",
}
MAX_PMIDS = 100
"""As many as ``pubmed_get`` takes in one call."""
SERVER_SHARE = 0.9
"""The part of a source's time a tool may use; the rest is for the way there and back."""


def plan(source: SourceName, query: str, entities: Entities, options: dict[str, Any]) -> list[Call]:
    """The tool calls for one source; empty where the question gives it nothing to search for."""
    if source == "literature":
        return _literature(entities, options)
    if source == "trials":
        return _trials(entities, options)
    return [
        {
            "tool": "documents_search",
            "arguments": {"query": query, "limit": limit_of(source, options)},
        }
    ]


def _literature(entities: Entities, options: dict[str, Any]) -> list[Call]:
    timeout = {"timeout_ms": _timeout(options)}
    named: list[Call] = []
    if pmids := entities["pmids"][:MAX_PMIDS]:
        named = [{"tool": "pubmed_get", "arguments": {"pmids": pmids, **timeout}}]
        if not entities["nct_ids"]:
            return named
    more = {"limit": limit_of("literature", options), **_dates(entities, options), **timeout}
    queries = [pubmed_query(entities, options, narrow=narrow) for narrow in (True, False)]
    searches = [{"query": query, **more} for query in queries if query]
    return [*named, *_searches("pubmed_search", searches)]


def _trials(entities: Entities, options: dict[str, Any]) -> list[Call]:
    timeout = {"timeout_ms": _timeout(options)}
    if entities["nct_ids"]:
        return [
            {"tool": "trials_get", "arguments": {"nct_id": nct_id, **timeout}}
            for nct_id in entities["nct_ids"]
        ]
    names = {
        "intervention": _either(_interventions(entities)),
        "condition": _either(entities["conditions"]),
        "sponsor": _either(entities["companies"]),
    }
    named = {name: value for name, value in names.items() if value}
    words = topics(entities)
    # With a name known, any of the other words will do; without, all of them have to.
    narrow = {"term": _either(words) if named else " ".join(words)} if words else {}
    more = {
        "phases": options.get("phases") or entities["phases"],
        "statuses": options.get("statuses") or entities["statuses"],
        "limit": limit_of("trials", options),
        **_dates(entities, options),
        **timeout,
    }
    queries: list[dict[str, Any]] = [{**named, **narrow}, named]
    return _searches("trials_search", [{**query, **more} for query in queries if query])


def _searches(tool: str, arguments: list[dict[str, Any]]) -> list[Call]:
    """One search, and where it can be wider, that one in case the first finds nothing."""
    calls: list[Call] = []
    for one in arguments:
        if not calls:
            calls.append({"tool": tool, "arguments": one})
        elif one != calls[0]["arguments"]:
            calls.append({"tool": tool, "arguments": one, "only_if_empty": True})
    return calls


def pubmed_query(entities: Entities, options: dict[str, Any], *, narrow: bool = True) -> str:
    """The question in PubMed's syntax: each group of synonyms joined by OR, the groups by AND.

    Args:
        entities: What the question names.
        options: Its filters.
        narrow: Also ask for any of the words that are no known names.

    Source: PubMed Help, "Advanced search" and its field tags (``[tiab]``, ``[pt]``, ``[si]``).
    """
    groups = []
    if entities["nct_ids"]:
        # [si]: the registry numbers an article names.
        groups.append(_any([f"{nct_id}[si]" for nct_id in entities["nct_ids"]]))
    else:
        if names := _interventions(entities):
            groups.append(_any([f"{_quoted(name)}[tiab]" for name in names]))
        if entities["conditions"]:
            groups.append(_any([f"{_quoted(name)}[tiab]" for name in entities["conditions"]]))
        words = topics(entities)
        if not groups:
            groups = words
        elif words and narrow:
            groups.append(_any(words))
    if not groups:
        return ""
    if phases := options.get("phases") or entities["phases"]:
        types = dict.fromkeys(_PUBMED_PHASES[one] for one in phases if one in _PUBMED_PHASES)
        if types:
            groups.append(_any([f'"clinical trial, phase {one}"[pt]' for one in types]))
    elif entities["intent"] in ("trials", "recruiting"):
        groups.append("clinical trial[pt]")
    elif entities["intent"] == "review":
        groups.append("(systematic review[pt] OR meta-analysis[pt] OR review[pt])")
    return " AND ".join(groups)


def _interventions(entities: Entities) -> list[str]:
    names = list(entities["drugs"])
    # A named drug says more than its class.
    for one in entities["drug_classes"] if not names else ():
        names += [one, *CLASS_SYNONYMS.get(one, ()), *CLASS_MEMBERS.get(one, ())]
    return names


def _either(names: list[str]) -> str:
    return " OR ".join(_quoted(name) for name in names)


def _quoted(name: str) -> str:
    name = name.replace('"', " ").strip()
    return f'"{name}"' if " " in name or "-" in name else name


def _any(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"({' OR '.join(parts)})"


def _dates(entities: Entities, options: dict[str, Any]) -> dict[str, str]:
    dates = {
        "date_from": options.get("date_from") or entities["date_from"],
        "date_to": options.get("date_to") or entities["date_to"],
    }
    return {name: value for name, value in dates.items() if value}


def limit_of(source: SourceName, options: dict[str, Any]) -> int:
    return int(options.get("limits", {}).get(source, options["limit"]))


def _timeout(options: dict[str, Any]) -> int:
    return max(1, int(options["time_budget_ms"] * SERVER_SHARE))
