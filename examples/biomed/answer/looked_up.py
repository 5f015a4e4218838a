"""A look-up is answered by the record itself: what it is, how it stands, and what came of it. Without I/O."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from ..entities import Entities
from ..markdown import quoted
from ..queries.identifiers import OF_ARTICLES, OF_TRIALS, is_same_trial
from ..records import Record
from .designs import design_of
from .instructions import own_words
from .speaking import Cited, is_called
from .telling_sentences import telling_sentences

_LABELS = {"pmids": "PMID ", "dois": "DOI "}
_CONCLUDES = re.compile(r"\b(?:conclusions?|interpretation)\b[^:.]{0,40}:\s*", re.IGNORECASE)
MOST = 10
"""Records that are told one by one."""


def asked_numbers(entities: Entities) -> list[tuple[str, str]]:
    """The numbers a question looks up, each with its kind, out of `Entities`."""
    named: Any = entities
    return [(kind, one) for kind in (*OF_TRIALS, *OF_ARTICLES) for one in named.get(kind) or ()]


def is_it(record: Record, kind: str, number: str) -> bool:
    """Whether a record is the one of that number."""
    if kind == "registry_ids":
        return record["type"] == "trial" and any(
            is_same_trial(number, other) for other in record.get("registry_ids", [])
        )
    own = {"dois": record.get("doi", ""), "pmcids": record.get("pmcid", "")}.get(kind, record["id"])
    is_article = record["type"] == "article"
    return is_article == (kind in OF_ARTICLES) and own.lower() == number.lower()


def looked_up(entities: Entities, cited: Cited, why: Callable[[str], str]) -> str:
    """What the numbers of a question stand for, one paragraph each; empty where it names none.

    Args:
        entities: What the question names.
        cited: The numbered results.
        why: Says of a source why it may have nothing, "PubMed could not be reached"; empty where it was asked.
    """
    asked = asked_numbers(entities)
    told = [one for kind, number in asked[:MOST] for one in _paragraphs(kind, number, cited, why)]
    if (more := len(asked) - MOST) > 0:
        told.append(f"{more} more numbers were looked up; see the lists below.")
    return "\n\n".join(dict.fromkeys(told))


def called(entities: Entities, cited: Cited) -> str:
    """What is known of the trials that a question calls by their short names; empty where it names none."""
    text = entities.get("question", "")
    own = [(c["n"], one) for c, one in cited if is_called(one.get("acronym", ""), text)]
    trials = {one["acronym"] for _, one in own if one["type"] == "trial"}
    return "\n\n".join(
        _told(f"**{quoted(one['acronym'])}**", n, one, cited)
        for n, one in own[: 2 * MOST]
        # Of a trial that is there its paper is named in one line with it.
        if one["type"] == "trial" or one["acronym"] not in trials
    )


def _paragraphs(kind: str, number: str, cited: Cited, why: Callable[[str], str]) -> Iterator[str]:
    label = quoted(f"{_LABELS.get(kind, '')}{number}")
    own = [(citation["n"], record) for citation, record in cited if is_it(record, kind, number)]
    if not own:
        reason = why("trials" if kind in OF_TRIALS else "literature")
        yield f"**No record of {label} was found.**{f' {reason}' if reason else ''}"
    for n, record in own:
        yield _told(f"**{label}**", n, record, cited)


def _told(label: str, n: int, record: Record, cited: Cited) -> str:
    said = [f"{label} is {_what(record)} [{n}]."]
    if result := _result(record):
        said.append(f"{result} [{n}].")
    if others := _others(record, cited, n):
        linked = "Its paper" if record["type"] == "trial" else "Its registered trial"
        said.append(f"{linked}: {others}.")
    return " ".join(said)


def _what(record: Record) -> str:
    title = f"“{quoted(record['title'])}”"
    if record["type"] == "article":
        by = ", ".join(
            quoted(one)
            for one in (_authors(record), record.get("journal", ""), str(record["year"] or ""))
            if one
        )
        retracted = "Retracted Publication" in record.get("publication_types", [])
        design = f"{'a retracted ' if retracted else 'a '}{design_of(record)}"
        design = re.sub(r"^a (?=[aeio])", "an ", design)
        return f"{title} ({by}), {design}" if by else f"{title}, {design}"
    facts = [*_design(record), *_dates(record)]
    return f"the trial {title}: {', '.join(quoted(one) for one in facts)}"


def _authors(record: Record) -> str:
    authors = record.get("authors", [])
    return f"{authors[0]} et al." if len(authors) > 1 else "".join(authors[:1])


def _design(record: Record) -> Iterator[str]:
    phases = [one for one in record.get("phases", []) if one[-1:].isdigit()]
    if phases:
        early = "early " if phases[0].startswith("EARLY") else ""
        yield f"{early}phase {'/'.join(one[-1] for one in phases)}"
    if status := record.get("status"):
        why = record.get("why_stopped")
        yield status.replace("_", " ").lower() + (f" ({why.rstrip('.')})" if why else "")
    if people := record.get("enrollment"):
        yield f"{people} participants"
    if sponsor := record.get("sponsor"):
        yield f"sponsor {sponsor}"


def _dates(record: Record) -> Iterator[str]:
    for name, words in (
        ("first_posted", "first posted"),
        ("start_date", "started"),
        ("primary_completion_date", "primary completion"),
    ):
        if day := record.get(name):
            yield f"{words} {day}"


def _result(record: Record) -> str:
    record = own_words(record)
    if outcome := record.get("outcome"):
        return f"Primary result: {quoted(outcome)}"
    if record["type"] == "trial":
        measured = [one for one in record.get("outcomes", []) if one.startswith("primary: ")]
        what = "; ".join(quoted(one.removeprefix("primary: ")) for one in measured[:3])
        state = "" if record.get("has_results") else " (no results posted)"
        return f"Primary outcome{state}: {what.rstrip('.')}" if what else ""
    text = record.get("text", "")
    if match := _CONCLUDES.search(text):
        said = text[match.end() :].strip()
    else:
        told = telling_sentences(record, [])
        said = told[0] if told else ""
    return f"It concludes: {quoted(said[:600]).rstrip('.')}" if said else ""


def _others(record: Record, cited: Cited, n: int) -> str:
    """The paper of a trial and the trial of a paper, among the results."""
    mine = {record["id"], *record.get("registry_ids", []), *record.get("publications", [])}
    numbers = [
        f"[{citation['n']}]" + (f" ({year})" if (year := other.get("year")) else "")
        for citation, other in cited
        if citation["n"] != n
        and other["type"] != record["type"]
        and (
            other["id"] in mine
            or record["id"] in (*other.get("registry_ids", []), *other.get("publications", []))
        )
    ]
    return ", ".join(numbers[:5])
