"""A model's second round for one source: its calls carried out, its tools found, all of it recorded."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import anyio.to_thread

from ..fetching import Emit, fetch
from ..found import Found, add
from ..options import SOURCES_SHARE, SourceName, source_budget_ms
from ..records import Record
from ..settings import Settings
from ..state import Call, SourceState
from ..tool_servers.acting import acts
from ..tool_servers.client import call_text, read_configuration
from ..tool_servers.failures import as_source_error
from ..tool_servers.survey import WAIT_SHARE, Served, survey

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

LITTLE = 3
"""With fewer results a model is asked to search on."""
MOST_TOOLS = 30


async def search_on(
    model: BaseChatModel,
    source: SourceName,
    state: SourceState,
    settings: Settings,
    found: Found,
    emit: Emit,
    spent_ms: float,
) -> None:
    """Add to ``found`` what the model finds in its rounds, and every search it made.

    Raises:
        SourceError: the model failed; what it found before is in ``found``.
    """
    from .second_round import search_on as rounds

    options = state["options"]
    budget_ms = source_budget_ms(options)
    # The model's rounds are inside the sources' part of the whole question's time.
    left_ms = options["whole_budget_ms"] * SOURCES_SHARE - spent_ms
    configuration = await anyio.to_thread.run_sync(read_configuration, settings)
    served = await survey(configuration, budget_ms / 1000 * WAIT_SHARE)
    further = further_tools(served)

    async def ask(calls: list[Call]) -> list[Record]:
        more = await fetch(
            source,
            calls,
            state["query"],
            state["entities"],
            options,
            settings,
            emit,
            stand_in=False,
        )
        return add(found, more)

    async def raw(name: str, arguments: dict[str, Any]) -> str:
        server, tool = further[name]
        search: Any = {
            "service": server,
            "tool": tool,
            "parameters": arguments,
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "via": server,
            "by": "model",
        }
        found.searches.append(search)
        try:
            text = await call_text(served, server, tool, arguments)
        except Exception as error:  # the border to foreign servers
            failure = as_source_error(error)
            search["error"] = f"{failure.kind}: {failure.message}"
            return f"failed: {failure.message}"
        search |= {"count": 0, "returned": 0, "said": ["read by the model alone"]}
        return text

    described = [_function(served, name, *place) for name, place in further.items()]
    number, refused = await rounds(
        model,
        source,
        state["query"],
        state["entities"],
        found.searches,
        ask,
        left_ms,
        described,
        raw,
    )
    found.warnings += [f"a call of the model's was refused: {one}" for one in refused]
    emit({"round": number})


def further_tools(served: Served) -> dict[str, tuple[str, str]]:
    """The configured servers' tools that serve no capability, by a name that any provider takes: server and tool.

    One that acts, where others read, is among them only if the settings offer it: what a document says may move a model to call it.
    """
    found: dict[str, tuple[str, str]] = {}
    for name, (server, entry, mapped) in served.running.items():
        used = {one.tool for one in mapped.values()}
        for tool in server.tools:
            is_offered = tool.name in entry.offer or not acts(tool)
            if tool.name not in used and is_offered and len(found) < MOST_TOOLS:
                found[re.sub(r"[^A-Za-z0-9_-]", "_", f"{name}__{tool.name}")[:64]] = (
                    name,
                    tool.name,
                )
    return found


def _function(served: Served, name: str, server: str, tool: str) -> dict[str, Any]:
    each = next(one for one in served.running[server][0].tools if one.name == tool)
    return {
        "type": "function",
        "function": {
            "name": name,
            "description": (each.description or tool)[:1000],
            "parameters": each.inputSchema,
        },
    }
