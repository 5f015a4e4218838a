"""Which of a server's tools does what a search needs: by settings, else by what the tool says.

Without I/O. A tool is judged by its name, its description's first sentence and its input schema;
one that needs an argument which nobody here could fill is never chosen.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Protocol

import msgspec

from .acting import acts
from .arguments import can_fill, missing, taken

CAPABILITIES = (
    "pubmed_search",
    "pubmed_get",
    "trials_search",
    "trials_get",
    "documents_search",
)
"""What a search needs; our own tools have these names."""

_SEARCH = frozenset(["search", "find", "query", "list", "lookup", "discover"])
_GET = frozenset(["get", "fetch", "retrieve", "read", "detail", "details", "summary"])
_NOUNS = {
    "pubmed": frozenset(
        ["pubmed", "article", "literature", "paper", "publication", "medline", "abstract"]
    ),
    "trials": frozenset(["trial", "study", "clinicaltrial", "clinicaltrials", "nct"]),
    "documents": frozenset(
        ["document", "doc", "note", "file", "corpus", "collection", "knowledge"]
    ),
}
_NEUTRAL = frozenset(
    [
        "the",
        "a",
        "an",
        "by",
        "for",
        "in",
        "of",
        "and",
        "to",
        "with",
        "id",
        "ids",
        "pmid",
        "clinical",
        "record",
        "records",
        "mcp",
    ]
)
_OTHER = frozenset(
    [
        "mesh",
        "gene",
        "variant",
        "drug",
        "disease",
        "label",
        "citation",
        "citations",
        "cite",
        "related",
        "similar",
        "reference",
        "outcome",
        "location",
        "protocol",
        "organization",
        "biomarker",
        "intervention",
        "adverse",
        "device",
        "recall",
        "shortage",
        "approval",
        "fulltext",
        "full",
        "text",
        "pdf",
        "spell",
        "spelling",
        "convert",
        "count",
        "statistic",
        "stats",
        "field",
        "sex",
        "eligibility",
        "size",
        "trend",
        "analyze",
        "analysis",
        "compare",
        "chart",
        "patient",
        "match",
        "definition",
        "metric",
        "endpoint",
        "export",
        "key",
        "advanced",
        "author",
        "journal",
        "link",
        "count",
        "mesh",
        "field",
        "value",
        "result",
        "results",
    ]
)
"""Words of a name that make a tool about something else, or about a part only."""

ENOUGH = 5


class ToolLike(Protocol):
    """What is read of a tool."""

    name: str
    description: str | None
    inputSchema: dict[str, Any]


class Mapped(msgspec.Struct, frozen=True):
    """One capability and the tool that serves it."""

    capability: str
    tool: str
    by: str
    """``settings``, ``name`` (it is called as ours is), or ``description``."""


def choose(
    tools: Iterable[ToolLike],
    chosen: Mapping[str, str] | None = None,
    given: Mapping[str, Mapping[str, object]] | None = None,
) -> tuple[dict[str, Mapped], list[str]]:
    """The tool for each capability, and what is wrong with the settings.

    Args:
        tools: The server's.
        chosen: By capability, the tool's name from the settings; an empty one: none.
        given: By capability, the parameters whose value the settings give.
    """
    by_name = {tool.name: tool for tool in tools}
    given = given or {}
    mapped: dict[str, Mapped] = {}
    wrong = []
    for capability, name in (chosen or {}).items():
        if capability not in CAPABILITIES:
            wrong.append(f"{capability} is no capability; there are {', '.join(CAPABILITIES)}")
        elif name in by_name:
            mapped[capability] = Mapped(capability, name, "settings")
        elif name:
            wrong.append(f"it has no tool {name}, which the settings name for {capability}")
    for capability in CAPABILITIES:
        if capability in (chosen or {}):
            continue
        if capability in by_name:
            mapped[capability] = Mapped(capability, capability, "name")
            continue
        scored = [
            (score(capability, tool, given.get(capability, ())), tool.name)
            for tool in by_name.values()
        ]
        best = max(scored, default=(0.0, ""), key=lambda pair: (pair[0], -len(pair[1])))
        if best[0] >= ENOUGH:
            mapped[capability] = Mapped(capability, best[1], "description")
    return mapped, wrong


def nearly(tools: Iterable[ToolLike], mapped: Mapping[str, Mapped]) -> list[str]:
    """Which tools would serve what none serves, and what each lacks for it."""
    found = []
    for capability in CAPABILITIES:
        for tool in tools if capability not in mapped else ():
            if _fit(capability, tool) < ENOUGH:
                continue
            unknown = missing(capability, tool.inputSchema)
            found.append(
                f"{tool.name} fits {capability}, but "
                + (
                    f"needs {', '.join(unknown)}, which the settings can give as values"
                    if unknown
                    else "has no parameter for what is asked, which the settings can name under arguments"
                )
            )
    return found


def score(capability: str, tool: ToolLike, given: Collection[str] = ()) -> float:
    """How well a tool fits a capability; :data:`ENOUGH` is the least that is used.

    Of two that fit as well the one that takes more of what a search says.
    """
    if not can_fill(capability, tool.inputSchema, given):
        return 0.0
    fit = _fit(capability, tool)
    return fit and fit + 0.1 * taken(capability, tool.inputSchema)


def _fit(capability: str, tool: ToolLike) -> float:
    """How well what a tool says of itself fits a capability; one that acts fits none."""
    subject, act = capability.split("_")
    verbs, nouns = (_SEARCH if act == "search" else _GET), _NOUNS[subject]
    if acts(tool) or _is_of_the_other(subject, tool):
        return 0.0
    name = _words(tool.name)
    said = _words(_first_sentence(tool.description or ""))[:30]
    others = [one for key, words in _NOUNS.items() if key != subject for one in words]
    in_name = bool(nouns & set(name))
    has_verb = bool(verbs & set(name))
    wrong_verb = not has_verb and bool((_GET if act == "search" else _SEARCH) & set(name))
    if wrong_verb or (not in_name and set(others) & set(name)):
        return 0.0
    if not in_name and not (nouns & set(said)):
        return 0.0
    if not has_verb and not (verbs & set(said)):
        return 0.0
    known = verbs | nouns | _NEUTRAL
    strange = [word for word in name if word not in known]
    points = 3.0 * in_name + 3.0 * has_verb
    points += 1.5 * bool(nouns & set(said)) + 1.5 * bool(verbs & set(said))
    points -= 0.5 * len(strange) + 4.0 * len(set(strange) & _OTHER)
    # A tool for everything serves, where none is for this alone.
    return points - (1.0 if not in_name and set(others) & set(said) else 0.0)


def _is_of_the_other(subject: str, tool: ToolLike) -> bool:
    """Whether the description names the other service, and not this one's: a tool "search_pubmed" that searches ClinicalTrials.gov."""
    said = (tool.description or "").lower()
    services = {"pubmed": ("pubmed", "medline"), "trials": ("clinicaltrials.gov",)}
    other = {"pubmed": "trials", "trials": "pubmed"}.get(subject)
    return (
        other is not None
        and any(one in said for one in services[other])
        and not any(one in said for one in services[subject])
        and not _NOUNS[subject] & set(_words(_first_sentence(tool.description or "")))
    )


def _words(text: str) -> list[str]:
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", text).replace("ClinicalTrials.gov", "trials")
    return [_plain(word) for word in re.findall(r"[A-Za-z]+", spaced)]


def _plain(word: str) -> str:
    word = word.lower()
    if word in ("esearch", "efetch", "esummary"):
        return word[1:]  # as the E-utilities call it
    if word in ("searcher", "getter", "fetcher", "finder", "searches", "searching"):
        return {"searches": "search", "searching": "search", "getter": "get"}.get(
            word, word.removesuffix("er")
        )
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    keeps = word.endswith(("ss", "us", "is")) or word in ("details", "results", "clinicaltrials")
    return word if keeps or len(word) < 4 else word.removesuffix("s")


def _first_sentence(text: str) -> str:
    return re.split(r"(?<=[.!?])\s|\n\s*\n", text.strip(), maxsplit=1)[0]
