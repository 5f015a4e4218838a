"""Reaching the tools as an MCP client: configured servers first, our own in process for the rest.

A server of the ``mcpServers`` file serves a capability (see :mod:`.survey`) if one of
its tools fits; the first in the file's order is asked. What none serves, or none that runs, is
taken from the server of :mod:`.tools`, in process over the SDK's in-memory transport.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING, Any

import anyio
import msgspec
from langgraph.errors import GraphBubbleUp

from ..errors import SourceError, from_text
from ..settings import Settings
from . import in_process, results
from .arguments import adapt
from .configuration import Configuration, Server, read
from .failures import as_source_error, bare
from .pool import pool
from .rest import WHOLE
from .running import RunningServer
from .survey import FOREIGN_SHARE, IN_PROCESS, Served, survey

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool
    from mcp import ClientSession
    from mcp.types import CallToolResult, Tool


Progress = Callable[[dict[str, Any]], None]
"""Called with what a tool knows so far: ``found`` and ``partial``, or its plain ``message``."""

MAX_NAMED = 20
"""Articles that are fetched where a search names them by their numbers alone."""
FOREIGN_S = 60.0


class Toolbox:
    """Tools by capability, wherever they are served. Open one with :func:`open_toolbox`."""

    def __init__(
        self, settings: Settings, mapping: Served, stack: AsyncExitStack, progress: Progress
    ) -> None:
        self._settings = settings
        self._mapping = mapping
        # Owns the session in process: it closes when the toolbox does.
        self._stack = stack
        self._progress = progress
        self._own: dict[str, BaseTool] = {}
        self._failed: dict[str, SourceError] = {}
        """By a configured server's name, why it is not asked again in this search."""

    def serves(self, name: str) -> str:
        """The configured server that serves a capability, as errors name it; empty for the one in process."""
        found = self._mapping.serving(name)
        return "" if found is None else f"MCP server {found[1].name}"

    async def call(
        self, name: str, arguments: Mapping[str, Any], budget_s: float = FOREIGN_S
    ) -> dict[str, Any]:
        """Call what serves a capability; its records, with what could not be passed on as warnings.

        ``server`` in it is the configured server that answered; empty for the one in process. Where a
        configured server's call fails, or takes longer than its share of ``budget_s`` seconds, the tool in
        process is called in its place; ``failed`` in the answer is then the server's name, kind and message.

        Raises:
            SourceError: the tool failed, or nothing serves ``name``. Where both fail, the one in process
                is raised, with the server's failure in ``failed``.
        """
        found = self._mapping.serving(name)
        if found is None:
            return await self._call_own(name, arguments)
        entry = found[1]
        failure = self._failed.get(entry.name)
        if failure is None:
            try:
                with anyio.fail_after(budget_s * FOREIGN_SHARE):
                    answer = await self._call_configured(found, name, arguments)
                # Out of the scope above: a session that is opened here outlives it.
                found[0].rests.answered(found[2].name)
                if numbers := answer.pop("numbers", None):
                    return await self.call("pubmed_get", {"pmids": numbers}, budget_s)
                return answer
            except TimeoutError:
                late = f"no answer within {budget_s * FOREIGN_SHARE:g} s"
                failure = SourceError("timeout", f"MCP server {entry.name}: {late}")
                found[0].rests.note(WHOLE, SourceError("timeout", late), budget_s * FOREIGN_SHARE)
            except SourceError as error:
                if error.kind == "not_found":
                    raise
                failure = error
                found[0].rests.note(found[2].name, bare(error), budget_s * FOREIGN_SHARE)
            self._failed[entry.name] = failure
        failed = {"server": entry.name, "kind": failure.kind, "message": failure.message}
        try:
            answer = await self._call_own(name, arguments)
        except Exception as error:  # the border to our own tools, which fail as MCP tools do
            own = as_source_error(error)
            own.failed = failed
            raise own from None
        warning = f"the MCP server {entry.name} failed; asked without it"
        return {**answer, "warnings": [*_list(answer.get("warnings")), warning], "failed": failed}

    async def _call_configured(
        self, found: tuple[RunningServer, Server, Tool], name: str, arguments: Mapping[str, Any]
    ) -> dict[str, Any]:
        server, entry, tool = found
        label = f"MCP server {entry.name}"
        unknown = unknown_names(tool.inputSchema, entry, name)
        calls, lost = adapt(
            name,
            arguments,
            tool.inputSchema,
            tool.description or "",
            entry.arguments.get(name),
            entry.values.get(name),
        )
        answer: dict[str, Any] = {"records": [], "total": 0}
        for call in calls:
            part = await self._call_foreign(label, server, tool, name, call)
            answer = {
                **part,
                "records": [*answer["records"], *part["records"]],
                "total": answer["total"] + _whole(part.get("total"), len(part["records"])),
            }
        if lost:
            warning = f"{tool.name} of this server does not take: {', '.join(sorted(lost))}"
            answer["warnings"] = [*_list(answer.get("warnings")), warning]
        if unknown:
            warning = f"{tool.name} of this server has no parameter {', '.join(unknown)}, which the settings name"
            answer["warnings"] = [*_list(answer.get("warnings")), warning]
        asked = [{"parameters": {"tool": tool.name, **call}} for call in calls]
        asked[-1]["count"] = answer["total"]
        return {**answer, "server": entry.name, "searched": asked}

    async def _call_foreign(
        self, label: str, server: RunningServer, tool: Tool, name: str, call: dict[str, Any]
    ) -> dict[str, Any]:
        from langchain_core.tools import StructuredTool

        async def run(**arguments: Any) -> tuple[str, CallToolResult]:
            result = await pool().call(server, tool.name, arguments, self._report)
            return "", result

        # As a tool of LangChain's, so that a debugger and a tracer see the call.
        wrapped = StructuredTool(
            name=tool.name,
            description=tool.description or tool.name,
            args_schema=tool.inputSchema,
            coroutine=run,
            response_format="content_and_artifact",
        )
        try:
            message = await wrapped.ainvoke(
                {"type": "tool_call", "id": name, "name": tool.name, "args": call}
            )
            result: CallToolResult = message.artifact
            texts = _texts(result)
            if result.isError:
                raise from_text(" ".join(texts) or "no reason given")
            if not texts and result.structuredContent is None and (what := _unread(result)):
                raise SourceError("bad_data", f"no text in its answer, only {what}")
            unread: SourceError | None = None
            found: dict[str, Any] = {"records": [], "total": 0}
            try:
                found = results.read(name, result.structuredContent, texts)
            except SourceError as error:
                if error.kind != "bad_data":
                    raise
                unread = error
            # Some search tools name the articles by their numbers alone.
            is_search = name == "pubmed_search" and not found["records"]
            if is_search and (named := results.pmids(result.structuredContent, texts)):
                return {**found, "numbers": named[:MAX_NAMED]}
            if unread is not None:
                raise unread
            return found
        except GraphBubbleUp:
            raise
        except (
            Exception
        ) as error:  # the border to foreign servers: whatever fails there is that server's
            failure = as_source_error(error)
            raise SourceError(failure.kind, f"{label}, {tool.name}: {failure.message}") from None

    async def _call_own(self, name: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        if not self._own:
            from langchain_mcp_adapters.callbacks import Callbacks
            from langchain_mcp_adapters.tools import load_mcp_tools

            session: ClientSession = await self._stack.enter_async_context(
                in_process.connect(self._settings)
            )
            tools = await load_mcp_tools(
                session,
                callbacks=Callbacks(on_progress=self._on_progress),
                server_name=IN_PROCESS,
                handle_tool_errors=False,
            )
            self._own = {tool.name: tool for tool in tools}
        tool = self._own.get(name)
        if tool is None:
            raise SourceError("not_configured", f"nothing serves {name}")
        known = {key: value for key, value in arguments.items() if key in tool.args}
        message = await tool.ainvoke({"type": "tool_call", "id": name, "name": name, "args": known})
        artifact = getattr(message, "artifact", None)
        payload = artifact.get("structured_content") if isinstance(artifact, dict) else None
        if not isinstance(payload, dict) or not isinstance(payload.get("records"), list):
            raise SourceError("bad_data", f"{name}: the result has no list of records")
        return {**payload, "server": ""}

    async def _on_progress(
        self, progress: float, total: float | None, message: str | None, context: object
    ) -> None:
        self._report(progress, total, message)

    def _report(self, progress: float, total: float | None, message: str | None) -> None:
        try:
            known = msgspec.json.decode(message or "", type=dict[str, Any])
        except msgspec.DecodeError:
            known = {"message": message} if message else {}
            if total is not None:
                known["found"] = int(total)
        self._progress(known)


async def call_text(
    served: Served, server: str, tool: str, arguments: Mapping[str, Any], wait_s: float = 30.0
) -> str:
    """The text a tool of a running server answers, whatever it serves.

    Raises:
        SourceError: it failed, or was late.
    """
    with anyio.move_on_after(wait_s):
        result = await pool().call(served.running[server][0], tool, arguments)
        text = "\n".join(_texts(result))
        if result.isError:
            raise from_text(text or "no reason given")
        return text
    raise SourceError("timeout", f"MCP server {server}, {tool}: no answer within {wait_s:g} s")


@asynccontextmanager
async def open_toolbox(
    settings: Settings, configuration: Configuration, wait_s: float, progress: Progress
) -> AsyncIterator[Toolbox]:
    """A toolbox for the calls of one search; the server in process is opened when first needed.

    Raises:
        SourceError: whatever failed inside, also where the transports' task groups wrapped it.
    """
    try:
        mapping = await survey(configuration, wait_s)
        async with AsyncExitStack() as stack:
            yield Toolbox(settings, mapping, stack, progress)
    except GraphBubbleUp:
        raise
    except Exception as error:  # the border to foreign servers
        raise as_source_error(error) from error


def read_configuration(settings: Settings) -> Configuration:
    """The configured servers. Reads a file: meant for a worker thread."""
    return read(settings.mcp_config)


def _texts(result: CallToolResult) -> list[str]:
    found = []
    for block in result.content:
        text = getattr(block, "text", None) or getattr(getattr(block, "resource", None), "text", "")
        if text:
            found.append(str(text))
        elif block.type == "resource_link":
            found.append(_as_text(block))
    return found


def _as_text(link: Any) -> str:
    """What a link to a resource says of it, as a record that can be read."""
    address = str(link.uri)
    number = re.search(r"NCT\d{8}|(?<!\d)\d{5,9}(?!\d)", address)
    known = {
        "id": number[0] if number else address,
        "title": link.title or link.name,
        "text": link.description or "",
        "url": address if address.startswith("http") else "",
    }
    return msgspec.json.encode({key: one for key, one in known.items() if one}).decode()


def _unread(result: CallToolResult) -> str:
    """What an answer is that has no text: "an image"; empty where it is nothing."""
    kinds = sorted({block.type for block in result.content})
    return " and ".join(kinds)


def unknown_names(schema: Mapping[str, Any], entry: Server, capability: str) -> list[str]:
    """The parameters that the settings name for a capability and its tool does not have; none where it does not say what it has."""
    known = schema.get("properties") or {}
    named = [*entry.arguments.get(capability, {}).values(), *entry.values.get(capability, {})]
    return [one for one in named if known and one not in known]


def _whole(value: object, default: int) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else default


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
