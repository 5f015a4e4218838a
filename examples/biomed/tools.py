"""The MCP server: PubMed, ClinicalTrials.gov and the document collection as five tools.

Over stdio: ``python -m biomed``, or ``python`` with this folder's path. In process:
:func:`build_server` and the SDK's in-memory transport.
"""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Annotated, Any

from mcp.server.fastmcp import Context, FastMCP
from mcp.server.session import ServerSession
from pydantic import Field

from .options import Phase, Status
from .queries.trials_query import DESIGN, AgeGroup, DateField, Sex, StudyType
from .records import Record, SearchPage
from .services import documents
from .services.limiter import Limiter
from .services.pubmed import PubMed
from .services.trials import Trials
from .settings import Settings

Limit = Annotated[int, Field(ge=1, le=100, description="How many results at most.")]
Timeout = Annotated[
    int, Field(ge=1, le=120_000, description="Time for the whole call, in milliseconds.")
]
DateText = Annotated[
    str | None,
    Field(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$", description="YYYY[-MM[-DD]], inclusive."),
]
Text = Annotated[str, Field(max_length=4000)]
Years = Annotated[int | None, Field(ge=0, le=150, description="An age in years.")]


@dataclass(frozen=True)
class Clients:
    """What lives as long as one MCP session."""

    pubmed: PubMed
    trials: Trials


ToolContext = Context[ServerSession, Clients, Any]


def build_server(settings: Settings, *, pubmed_rate: Limiter | None = None) -> FastMCP[Clients]:
    """The server with its five tools.

    Args:
        settings: Endpoints, keys, folders.
        pubmed_rate: Takes the place of the process's shared PubMed limiter.
    """

    @asynccontextmanager
    async def lifespan(_: FastMCP[Clients]) -> AsyncIterator[Clients]:
        async with AsyncExitStack() as stack:
            pubmed = await stack.enter_async_context(PubMed(settings, pubmed_rate))
            trials = await stack.enter_async_context(Trials(settings))
            yield Clients(pubmed, trials)

    with _root_logger_kept():
        server: FastMCP[Clients] = FastMCP(
            "biomed",
            instructions="Literature, clinical trials and local documents, as structured records.",
            lifespan=lifespan,
        )

    @server.tool()
    async def pubmed_search(
        query: Text,
        context: ToolContext,
        limit: Limit = 10,
        date_from: DateText = None,
        date_to: DateText = None,
        words: Annotated[
            str, Field(max_length=4000, description="The same without syntax, for its spelling.")
        ] = "",
        timeout_ms: Timeout = 10_000,
    ) -> SearchPage:
        """Search PubMed; `query` is in PubMed's own syntax, dates are of publication."""
        return await _clients(context).pubmed.search(
            query,
            limit=limit,
            date_from=date_from,
            date_to=date_to,
            words=words,
            timeout_ms=timeout_ms,
            report=_reporter(context),
        )

    @server.tool()
    async def pubmed_get(
        pmids: Annotated[list[str], Field(min_length=1, max_length=100)],
        context: ToolContext,
        timeout_ms: Timeout = 10_000,
    ) -> SearchPage:
        """Get PubMed articles with their abstracts by PMID."""
        return await _clients(context).pubmed.get(pmids, timeout_ms=timeout_ms)

    @server.tool()
    async def trials_search(
        context: ToolContext,
        condition: Text = "",
        intervention: Text = "",
        sponsor: Text = "",
        term: Text = "",
        phases: list[Phase] = [],  # noqa: B006  (a schema default, copied by pydantic)
        statuses: list[Status] = [],  # noqa: B006
        excluded_conditions: list[Text] = [],  # noqa: B006
        excluded_interventions: list[Text] = [],  # noqa: B006
        location: Text = "",
        distance: Annotated[str, Field(description="distance(48.1,11.6,50km)")] = "",
        sex: Sex | None = None,
        age_groups: list[AgeGroup] = [],  # noqa: B006
        age_from: Years = None,
        age_to: Years = None,
        min_enrollment: Annotated[int | None, Field(ge=0)] = None,
        max_enrollment: Annotated[int | None, Field(ge=0)] = None,
        with_results: bool = False,
        randomized: bool = False,
        excluded_locations: list[Text] = [],  # noqa: B006
        study_types: list[StudyType] = [],  # noqa: B006
        designs: list[Annotated[str, Field(pattern=f"^{DESIGN}$")]] = [],  # noqa: B006
        date_from: DateText = None,
        date_to: DateText = None,
        date_field: DateField = "start",
        limit: Limit = 10,
        timeout_ms: Timeout = 10_000,
    ) -> SearchPage:
        """Search ClinicalTrials.gov; `date_field` says which of a study's dates is meant."""
        return await _clients(context).trials.search(
            condition=condition,
            intervention=intervention,
            sponsor=sponsor,
            term=term,
            phases=phases,
            statuses=statuses,
            excluded_conditions=excluded_conditions,
            excluded_interventions=excluded_interventions,
            location=location,
            distance=distance,
            sex=sex,
            age_groups=age_groups,
            age_from=age_from,
            age_to=age_to,
            min_enrollment=min_enrollment,
            max_enrollment=max_enrollment,
            with_results=with_results,
            randomized=randomized,
            excluded_locations=excluded_locations,
            study_types=study_types,
            designs=designs,
            date_from=date_from,
            date_to=date_to,
            date_field=date_field,
            limit=limit,
            timeout_ms=timeout_ms,
            report=_reporter(context),
        )

    @server.tool()
    async def trials_get(
        nct_id: Annotated[str, Field(pattern=r"^NCT\d{8}$")],
        context: ToolContext,
        timeout_ms: Timeout = 10_000,
    ) -> SearchPage:
        """Get one study of ClinicalTrials.gov by its NCT number."""
        return await _clients(context).trials.get(nct_id, timeout_ms=timeout_ms)

    @server.tool()
    async def documents_search(query: Text, limit: Limit = 10) -> SearchPage:
        """Search the local document collection by BM25; `query` is plain text."""
        return await documents.search(settings, query, limit)

    return server


@contextmanager
def _root_logger_kept() -> Iterator[None]:
    # FastMCP gives a root logger without handlers one of its own and sets its level; inside
    # somebody's process that is not its to decide.
    placeholder = logging.NullHandler()
    logging.getLogger().addHandler(placeholder)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(placeholder)


def _clients(context: ToolContext) -> Clients:
    return context.request_context.lifespan_context


def _reporter(context: ToolContext) -> Callable[[int, Sequence[Record]], Awaitable[None]]:
    """Send what is known so far as an MCP progress notification: JSON in its message."""

    async def report(total: int, records: Sequence[Record]) -> None:
        partial = [{"id": record["id"], "title": record["title"]} for record in records]
        message = json.dumps({"found": total, "partial": partial})
        await context.report_progress(len(records), total, message)

    return report
