"""The graph's state: what its nodes read and write. Only plain JSON values are kept in it.

Keys with a reducer are added to by parallel branches; ``parse`` overwrites them, so that a
follow-up in the same thread starts clean.
"""

from __future__ import annotations

import operator
from typing import Annotated, Any, NotRequired

from typing_extensions import TypedDict

from .entities import Entities
from .records import Record, Search


class Call(TypedDict):
    """One tool call that ``plan`` decided on."""

    tool: str
    arguments: dict[str, Any]
    only_below: NotRequired[int]
    """Made only if the calls before it found fewer results than this; 1: none."""
    by: NotRequired[str]
    """``model`` where a model chose it."""
    widened: NotRequired[str]
    """What such a call no longer asks for, in words."""


class SourceReport(TypedDict):
    """How one source fared. Times in milliseconds."""

    source: str
    status: str
    """``answered``, ``partial``, ``fallback`` (the catalogue in its place), ``failed``."""
    origin: str | None
    """``live``, ``cache``, ``collection``, ``catalogue``; None where nothing came."""
    as_of: str | None
    """The day or time the results are of."""
    via: str
    """The configured MCP server they are from; empty for the tools of this package."""
    found: int
    retrieved: int
    """How many of those found were read, each once."""
    duplicates: int
    """How many results came once more, and were left out."""
    kept: int
    cache: dict[str, int]
    """``hits`` and ``misses`` of the answer cache."""
    warnings: list[str]


class SourceFailure(TypedDict):
    """One entry of ``errors``."""

    source: str
    kind: str
    """One of :data:`biomed.errors.KINDS`."""
    message: str


class Citation(TypedDict):
    """One numbered reference of the answer."""

    n: int
    type: str
    id: str
    """PMID, NCT number, or the document's own identifier."""
    title: str
    authors: list[str]
    journal: str
    doi: str
    year: int | None
    url: str | None
    source: str
    origin: str
    as_of: str | None
    via: str


class Quality(TypedDict):
    """Scores of the answer between 0 and 1; formulas in :mod:`.quality`."""

    completeness: float
    recency: float
    authority: float
    relevance: float
    overall: float


class Ask(TypedDict):
    """The graph's input."""

    query: str
    """The question, in English."""


class Log(TypedDict, total=False):
    """What parallel branches add to."""

    reports: Annotated[dict[str, SourceReport], operator.or_]
    """By source."""
    errors: Annotated[list[SourceFailure], operator.add]
    latencies_ms: Annotated[dict[str, float], operator.or_]
    """By node, and by source for its nodes together; time spent stopped is not in it."""
    cache: Annotated[dict[str, dict[str, int]], operator.or_]
    """By source: ``hits`` and ``misses``."""
    nodes_run: Annotated[list[str], operator.add]
    searches: Annotated[list[Search], operator.add]
    """Every search as it was made, in the order of the answers."""


class Answer(Log, total=False):
    """The graph's output."""

    query: str
    entities: Entities
    answer: str
    """Markdown with numbered citations."""
    citations: list[Citation]
    quality: Quality
    written_by: str
    """``rules`` or ``model``."""
    servers: list[dict[str, Any]]
    """The configured MCP servers: :class:`.mcp_client.ServerState` as JSON values."""


class State(Answer, total=False):
    """Everything the graph keeps."""

    options: dict[str, Any]
    """:class:`.options.QueryOptions` as JSON values."""
    topic: str
    """The session's last question that was whole by itself; a follow-up is read after it."""
    follow_ups: list[str]
    """What was asked on from it and still holds: "and in children?", "only since 2020"."""
    giving_way: list[str]
    """What of them an earlier question asked on: let go where no source answers the present one with it."""
    asked: str
    """The question as it was asked; ``query`` is the whole one."""
    answered: dict[str, Any] | None
    """What the answer before leaves for this question: :class:`.follow_ups.answered.Answered`."""
    aside: str
    """The question outside medicine that was asked last, since the topic; "when?" goes on from it."""
    unclear: str
    """What is asked back, where the question is too vague and ``clarify`` is set; else empty."""
    clarified: bool
    """Whether that was asked: once a question."""
    asked_on: str
    """The day of the question, ``YYYY-MM-DD``: recency counts from it."""
    selected: list[str]
    """The sources ``route`` chose."""
    skipped: dict[str, str]
    """The others, with the reason."""
    results: Annotated[dict[str, list[Record]], operator.or_]
    """By source: the ranked records the answer is written from."""


class SourceInput(TypedDict, total=False):
    """What a source's subgraph is given."""

    query: str
    entities: Entities
    options: dict[str, Any]
    asked_on: str


class SourceOutput(Log, total=False):
    """What a source's subgraph gives back."""

    results: Annotated[dict[str, list[Record]], operator.or_]


class SourceState(SourceInput, SourceOutput, total=False):
    """A source's own state, ``plan`` to ``rank``."""

    plan: list[Call]
    found: list[Record]
    """What ``search`` brought, in the source's order. Edit it to change what is ranked."""
    total: int
    duplicates: int
    origin: str | None
    as_of: str | None
    via: str
    warnings: list[str]
