"""From entities to tool calls: what each source is asked, in its own query language."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .entities import Entities
from .options import SourceName, source_budget_ms
from .pubmed_steps import APART, steps
from .queries.as_written import as_written
from .queries.concept import Concept
from .queries.designs import pubmed_filter
from .queries.identifiers import OF_ARTICLES, is_sponsors, without_tags
from .queries.intent import lists_trials, works_asked
from .queries.kinds_left_out import pubmed_exclusions
from .queries.other_words import in_other_words
from .queries.pubmed_terms import LONGEST, render
from .queries.pubmed_words import any_of, plain
from .queries.trial_terms import trial_queries
from .state import Call
from .terms.respelling import mended

_PUBMED_PHASES = {
    "EARLY_PHASE1": "i",
    "PHASE1": "i",
    "PHASE2": "ii",
    "PHASE3": "iii",
    "PHASE4": "iv",
}
ENOUGH = 5
"""Articles that have the words of each phrase together; where there are fewer, those that have them apart follow."""
MAX_PMIDS = 100
"""As many as ``pubmed_get`` takes in one call."""
MAX_WORDS_CHARS = 300
SERVER_SHARE = 0.9
"""The part of a source's time a tool may use; the rest is for the way there and back."""


def plan(source: SourceName, query: str, entities: Entities, options: dict[str, Any]) -> list[Call]:
    """The tool calls for one source; empty where the question gives it nothing to search for."""
    if source == "literature":
        return _literature(query, entities, options)
    if source == "trials":
        return _trials(query, entities, options)
    return _documents(query, entities, options)


def _documents(query: str, entities: Entities, options: dict[str, Any]) -> list[Call]:
    limit = limit_of("documents", options)
    query = query if entities.get("language") else mended(query)[0]
    # Who wrote of fluoxetine in adolescents has no word of "Prozac for teenagers".
    query = " ".join([query, *in_other_words(entities)])
    calls: list[Call] = [
        {"tool": "documents_search", "arguments": {"query": query, "limit": limit}}
    ]
    return calls + [
        {"tool": "documents_search", "arguments": {"query": one, "limit": limit}, "by": "model"}
        for one in entities.get("planned_documents", [])
        if one != query
    ]


def _literature(query: str, entities: Entities, options: dict[str, Any]) -> list[Call]:
    timeout = {"timeout_ms": _timeout(options)}
    named_ones: list[Call] = []
    if pmids := entities["pmids"][:MAX_PMIDS]:
        named_ones = [{"tool": "pubmed_get", "arguments": {"pmids": pmids, **timeout}}]
        if not any(entities.get(name) for name in ("nct_ids", "dois", "pmcids", "registry_ids")):
            return named_ones
    more = {"limit": limit_of("literature", options), **_dates(entities, options), **timeout}
    calls: list[Call] = []
    written = as_written(query)
    for step, (term, left_out) in enumerate(pubmed_queries(query, entities, options)):
        call: Call = {"tool": "pubmed_search", "arguments": {"query": term, **more}}
        if term == written:  # it has its own dates
            kept = {name: more[name] for name in ("date_from", "date_to") if options.get(name)}
            call["arguments"] = {"query": term, "limit": more["limit"], **kept, **timeout}
        if left_out.startswith(APART):
            call |= {"only_below": ENOUGH, "widened": left_out}
        elif step:
            call |= {"only_below": 1, "widened": left_out}
        elif not _numbers(entities):
            call["arguments"]["words"] = plain(without_tags(query))[:MAX_WORDS_CHARS]
        calls.append(call)
    # Beside the rules' query, and before they widen theirs.
    calls[1:1] = [
        {"tool": "pubmed_search", "arguments": {"query": term, **more}, "by": "model"}
        for term in entities.get("planned", [])
        if calls and term != calls[0]["arguments"]["query"]
    ]
    return [*named_ones, *calls]


def _trials(query: str, entities: Entities, options: dict[str, Any]) -> list[Call]:
    timeout = {"timeout_ms": _timeout(options)}
    if entities["nct_ids"]:
        return [
            {"tool": "trials_get", "arguments": {"nct_id": nct_id, **timeout}}
            for nct_id in entities["nct_ids"]
        ]
    more = {"limit": limit_of("trials", options), **timeout}
    if numbers := entities.get("registry_ids"):
        # The registry keeps them as the sponsor's or as secondary numbers, both of which a term is looked for in.
        term = " OR ".join(f'"{one}"' for one in numbers)
        return [{"tool": "trials_search", "arguments": {"term": term, **more}}]
    if any(entities.get(name) for name in OF_ARTICLES):
        return []  # an article
    calls: list[Call] = []
    for step, (arguments, left_out) in enumerate(trial_queries(query, entities, options)):
        call: Call = {"tool": "trials_search", "arguments": {**arguments, **more}}
        if step:
            call |= {"only_below": 1, "widened": left_out}
        calls.append(call)
    # What narrows a search is the question's, whoever words it.
    own = calls[0]["arguments"] if calls else {}
    narrowed_by = {name: value for name, value in own.items() if name not in _TOPICAL}
    calls[1:1] = [
        {"tool": "trials_search", "arguments": {**one, **narrowed_by}, "by": "model"}
        for one in entities.get("planned_trials", [])
        if calls and any(own.get(name) != value for name, value in one.items())
    ]
    return calls


_TOPICAL = ("condition", "intervention", "term")


def pubmed_query(entities: Entities, options: dict[str, Any]) -> str:
    """The question in PubMed's syntax: each concept required, by any of its names; filters last.

    Empty where the entities have nothing to search for.
    """
    return next((term for term, _ in pubmed_queries("", entities, options)), "")


def pubmed_queries(
    query: str, entities: Entities, options: dict[str, Any]
) -> Iterator[tuple[str, str]]:
    """That query, and wider ones for the case that it finds nothing, each with what it leaves out.

    Source: PubMed Help, its field tags ``[mh]``, ``[pt]``, ``[si]``, ``[doi]``.
    """
    if numbers := _numbers(entities):
        yield numbers, ""
        return
    if written := as_written(query):
        yield written, ""
    elif entities.get("language") and (words := plain(query)):
        yield words, ""
    about = concepts_of(entities)
    excluded = [one for one in about if one["excluded"]]
    kinds = pubmed_exclusions(entities.get("excluded_designs", []))
    unwanted = f" NOT {any_of(kinds)}" if kinds else ""
    seen = set()
    for wanted, words, narrowed_by, left_out in steps(entities, about, _filters(entities, options)):
        # NOT reaches from the left over all before it, so filters stand in front.
        front = "".join(f"{one} AND " for one in narrowed_by)
        room = LONGEST - len(front) - len(unwanted)
        rendered = render([*wanted, *excluded], room, words=words)
        if rendered and (term := front + rendered + unwanted) not in seen:
            seen.add(term)
            yield term, ", ".join(one for one in ("its fields" if written else "", left_out) if one)


def concepts_of(entities: Entities) -> list[Concept]:
    """The concepts, brought up to date with the names beside them, which a model or an edit may have changed."""
    known = entities.get("concepts", [])
    named_now = {
        "drug": [*entities["drugs"], *entities["drug_classes"]],
        "condition": entities["conditions"],
        "gene": entities.get("genes", []),
    }
    kept = [
        one
        for one in known
        if one["excluded"] or one["kind"] not in named_now or one["name"] in named_now[one["kind"]]
    ]
    said = {one["name"].lower() for one in kept} | {one["text"].lower() for one in kept}
    for kind, names in named_now.items():
        for name in names:
            if name.lower() not in said and not any(name.lower() in one.split() for one in said):
                kept.append(_concept(kind, name))
    return kept


def _concept(kind: Any, name: str) -> Concept:
    return {
        "kind": kind,
        "text": name,
        "name": name,
        "heading": "",
        "parts": [name],
        "synonyms": [],
        "excluded": False,
        "either": 0,
        "compared": False,
    }


def _numbers(entities: Entities) -> str:
    """Articles by the registry numbers, DOIs and numbers of PubMed Central they have. ``[si]``: the numbers an article names;
    PubMed knows its own numbers untagged."""
    return any_of(
        [
            *(f"{nct_id}[si]" for nct_id in entities["nct_ids"]),
            *(f'"{plain_doi(doi)}"[doi]' for doi in entities.get("dois", [])),
            *(
                f'"{one}"' if is_sponsors(one) else f'"{one}"[si]'
                for one in entities.get("registry_ids", [])
            ),
            *entities.get("pmcids", []),
        ]
    )


def plain_doi(doi: str) -> str:
    """A DOI without what would end the quotation it stands in."""
    return doi.replace('"', "").replace("[", "").replace("]", "")


_RANDOMIZED = "randomized controlled trial[pt]"


def _filters(entities: Entities, options: dict[str, Any]) -> str:
    if phases := options.get("phases") or entities["phases"]:
        types = dict.fromkeys(_PUBMED_PHASES[one] for one in phases if one in _PUBMED_PHASES)
        return any_of([f'"clinical trial, phase {one}"[pt]' for one in types]) if types else ""
    works: list[str] = [*works_asked(entities["question"])]
    if entities["intent"] in ("trials", "recruiting"):
        works.append("trials")
    of_trials = _RANDOMIZED if entities.get("randomized") else "clinical trial[pt]"
    if asked := pubmed_filter(entities.get("designs", [])):
        if lists_trials(entities["question"]):
            return any_of([asked, of_trials])
        return f"({asked} AND {_RANDOMIZED})" if entities.get("randomized") else asked
    if entities["intent"] == "review":
        works.append("review")
    either = [of_trials] if "trials" in works else []
    if "review" in works:
        either += ["systematic review[pt]", "meta-analysis[pt]", "review[pt]"]
    return any_of(either) if either else ""


def _dates(entities: Entities, options: dict[str, Any]) -> dict[str, str]:
    # "Trials completing before 2024" says when they complete, and no article is of that time.
    of_trials = entities["date_field"] and entities["intent"] in ("trials", "recruiting")
    read: Any = {} if of_trials else entities
    dates = {
        "date_from": options.get("date_from") or read.get("date_from"),
        "date_to": options.get("date_to") or read.get("date_to"),
    }
    return {name: value for name, value in dates.items() if value}


def limit_of(source: SourceName, options: dict[str, Any]) -> int:
    return int(options.get("limits", {}).get(source, options["limit"]))


def _timeout(options: dict[str, Any]) -> int:
    return max(1, int(source_budget_ms(options) * SERVER_SHARE))
