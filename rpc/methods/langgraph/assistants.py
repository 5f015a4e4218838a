"""`assistants.*`."""

from typing import Any

from protocol import langgraph as api
from protocol.errors import GRAPH_NOT_FOUND, INVALID_PARAMS, ProtocolError
from rpc.engine.graphs.langgraph_drawing import drawn, schemas, subgraphs
from rpc.methods.call import Call
from rpc.methods.langgraph.guarding import shows
from rpc.methods.langgraph.shapes import assistant, paged, selected, version
from rpc.sessions.assistants import SYSTEM, Assistants, holds, ordered
from rpc.sessions.threads import Threads
from rpc.storage.records import Assistant


class AssistantMethods:
    """The handlers of `assistants.*`."""

    def __init__(self, assistants: Assistants, threads: Threads) -> None:
        self.assistants = assistants
        self.threads = threads
        self.graphs = assistants.graphs

    async def create(self, call: Call, params: api.AssistantCreate) -> Any:
        _check_settings(params)
        made = await self.assistants.create(
            params.graph_id,
            owner_of(call),
            params.assistant_id,
            existing=params.if_exists == "do_nothing",
            name=params.name,
            description=params.description,
            config=params.config or {},
            context=params.context or {},
            metadata=params.metadata or {},
        )
        return assistant(made)

    async def search(self, call: Call, params: api.AssistantSearch) -> Any:
        rows = [assistant(one) for one in await self._found(call, params)]
        rows = ordered(rows, params.sort_by, params.sort_order, "created_at")
        call.headers |= paged(len(rows), params.limit, params.offset)
        page = rows[params.offset : params.offset + params.limit]
        return [selected(one, params.select) for one in page]

    async def count(self, call: Call, params: api.AssistantCount) -> Any:
        return len(await self._found(call, params))

    async def _found(self, call: Call, params: api.AssistantCount) -> list[Assistant]:
        if params.graph_id is not None:
            # One that is not served is named, not found to have no assistants.
            self.graphs.get(params.graph_id)
        return [
            one
            for one in await self.assistants.all(call.owner)
            if (params.graph_id is None or one.now.graph == params.graph_id)
            and (params.name is None or params.name.lower() in one.now.name.lower())
            and holds(one.now.metadata, params.metadata)
            and (one.owner == SYSTEM or shows(one.now.metadata))
        ]

    async def get(self, call: Call, params: api.AssistantId) -> Any:
        return assistant(await self.assistants.find(params.assistant_id, call.owner))

    async def update(self, call: Call, params: api.AssistantPatch) -> Any:
        _check_settings(params)
        found = await self.assistants.own(params.assistant_id, call.owner)
        config, kept = params.config, found.now.config.get("configurable")
        if config is not None and "configurable" not in config and kept and params.context is None:
            # That is its context, of which nothing was said.
            config = {**config, "configurable": kept}
        changed = await self.assistants.update(
            found,
            graph=params.graph_id,
            name=params.name,
            description=params.description,
            config=config,
            context=params.context,
            metadata=params.metadata,
        )
        return assistant(changed)

    async def delete(self, call: Call, params: api.AssistantId) -> Any:
        found = await self.assistants.own(params.assistant_id, call.owner)
        await self.assistants.delete(found)
        if params.delete_threads:
            # A thread that was made before its runs is its newest run's assistant's.
            gone = await self.threads.matching(
                call.owner,
                lambda record, run: (
                    found.id
                    in (
                        record.metadata.get("assistant_id"),
                        None if run is None else run.metadata.get("assistant_id"),
                    )
                ),
            )
            for record, _ in gone:
                await self.threads.sessions.delete(record.id)

    async def graph(self, call: Call, params: api.AssistantId) -> Any:
        if isinstance(params.xray, int) and not isinstance(params.xray, bool) and params.xray < 1:
            raise ProtocolError(
                INVALID_PARAMS,
                "`xray` is a truth, or how deep: a number from 1 on",
                path="$.xray",
            )
        return drawn(await self._graph(call, params), params.xray or False)

    async def schemas(self, call: Call, params: api.AssistantId) -> Any:
        found = await self.assistants.find(params.assistant_id, call.owner)
        return {
            "graph_id": found.now.graph,
            **schemas(await self._graph(call, params), found.now.graph),
        }

    async def subgraphs(self, call: Call, params: api.AssistantId) -> Any:
        return subgraphs(await self._graph(call, params), params.namespace, recurse=params.recurse)

    async def _graph(self, call: Call, params: api.AssistantId) -> Any:
        found = await self.assistants.find(params.assistant_id, call.owner)
        return self.graphs.get(found.now.graph).graph

    async def versions(self, call: Call, params: api.AssistantVersions) -> Any:
        found = await self.assistants.find(params.assistant_id, call.owner)
        rows = [one for one in reversed(found.versions) if holds(one.metadata, params.metadata)]
        page = rows[params.offset : params.offset + params.limit]
        if not page:
            raise ProtocolError(GRAPH_NOT_FOUND, f"assistant {found.id} has no such version")
        return [version(found, one) for one in page]

    async def latest(self, call: Call, params: api.AssistantLatest) -> Any:
        found = await self.assistants.own(params.assistant_id, call.owner)
        return assistant(await self.assistants.use(found, params.version))


def _check_settings(params: api.AssistantCreate | api.AssistantPatch) -> None:
    """Raises `ProtocolError` (invalid params)."""
    check_config(params.config)
    if params.context and (params.config or {}).get("configurable"):
        raise ProtocolError(
            INVALID_PARAMS, "give `context` or `config.configurable`, not both", path="$.context"
        )


def check_config(config: dict[str, Any] | None) -> None:
    """Raises `ProtocolError` (invalid params) where a part of LangGraph's config is none."""
    for name in ("configurable", "metadata"):
        if not isinstance((config or {}).get(name) or {}, dict):
            raise ProtocolError(INVALID_PARAMS, "expected an object", path=f"$.config.{name}")


def owner_of(call: Call) -> str:
    """Whose what is made is. Raises `ProtocolError` (invalid params)."""
    if call.owner is None:
        raise ProtocolError(
            INVALID_PARAMS, "it has one owner: name that, by `Stepwire-Owner`", path="$"
        )
    return call.owner
