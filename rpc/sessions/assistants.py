"""Assistants: graphs with settings of their own. Each served graph has one that nobody made."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4, uuid5

import msgspec

from protocol.errors import GRAPH_NOT_FOUND, INVALID_PARAMS, WRONG_STATE, ProtocolError
from rpc.clock import now_ms
from rpc.engine.graphs.langgraph_drawing import UNNAMED
from rpc.engine.graphs.registry import Graphs
from rpc.events.log import EventLog
from rpc.storage.records import Assistant, AssistantVersion
from rpc.storage.store import Store
from rpc.storage.units import DeleteAssistant, PutAssistant, Unit

GRAPHS = UUID("6ba7b821-9dad-11d1-80b4-00c04fd430c8")
"""The namespace of which LangGraph's server makes the ids of graphs' own assistants."""

SYSTEM = "system"


def system_id(graph: str) -> str:
    """The id of a graph's own assistant."""
    return str(uuid5(GRAPHS, graph))


class Assistants:
    """Those of one server. `owner`: whose is asked about; everybody's where None."""

    def __init__(self, store: Store, events: EventLog, graphs: Graphs) -> None:
        self.store = store
        self.events = events
        self.graphs = graphs

    async def all(self, owner: str | None) -> list[Assistant]:
        """Those of the graphs, and the owner's."""
        made = [
            one
            for one in await self.store.read(self.store.assistants, owner)
            if self.graphs.find(one.now.graph)
        ]
        return [*made, *map(self._system, self.graphs.loaded)]

    async def find(self, named: str, owner: str | None) -> Assistant:
        """By its id, or its graph's name. Raises `ProtocolError` (graph not found)."""
        if self.graphs.find(named) is not None:
            return self._system(named)
        for graph in self.graphs.loaded:
            if system_id(graph) == named:
                return self._system(graph)
        found = await self.store.read(self.store.assistant, named)
        if found is None or owner not in (None, found.owner):
            raise ProtocolError(
                GRAPH_NOT_FOUND,
                f"there is no assistant {named!r}; give the id of one, or a graph: "
                + ", ".join(self.graphs.loaded),
            )
        return found

    async def own(self, assistant_id: str, owner: str | None) -> Assistant:
        """One that somebody made. Raises `ProtocolError`: graph not found, wrong state."""
        found = await self.find(assistant_id, owner)
        if found.owner == SYSTEM:
            raise ProtocolError(
                WRONG_STATE,
                f"assistant {assistant_id!r} is its graph's own, and is as the graph is; create another one",
            )
        return found

    async def create(
        self,
        graph: str,
        owner: str,
        assistant_id: str | None,
        *,
        existing: bool,
        name: str | None,
        description: str | None,
        config: dict[str, Any],
        context: dict[str, Any],
        metadata: dict[str, Any],
    ) -> Assistant:
        """Make one. `existing`: one of this id is what is wanted, where there is one.

        Raises `ProtocolError`: graph not found, wrong state.
        """
        self.graphs.get(graph)
        if assistant_id is not None:
            _uuid(assistant_id)
            known = await self.store.read(self.store.assistant, assistant_id)
            if known is not None or assistant_id in map(system_id, self.graphs.loaded):
                if existing and (known is None or known.owner == owner):
                    return await self.find(assistant_id, owner)
                raise ProtocolError(WRONG_STATE, f"assistant {assistant_id!r} already exists")
        now = now_ms()
        first = AssistantVersion(
            1, graph, name or "Untitled", description, config, context, metadata, now
        )
        made = Assistant(assistant_id or str(uuid4()), owner, 1, [first], now, now)
        await self._put(made)
        stored = await self.store.read(self.store.assistant, made.id)
        if stored is None or stored.owner != owner:
            # Another owner has just made it.
            raise ProtocolError(WRONG_STATE, f"assistant {made.id!r} already exists")
        return made

    async def update(self, found: Assistant, **changes: Any) -> Assistant:
        """Another version. `changes`: of the version in use; those that are None are none."""
        given = {name: value for name, value in changes.items() if value is not None}
        if "graph" in given:
            self.graphs.get(given["graph"])
        if "metadata" in given:
            given["metadata"] = {**found.now.metadata, **given["metadata"]}
        number = max(one.version for one in found.versions) + 1
        now = now_ms()
        version = msgspec.structs.replace(found.now, version=number, created_at=now, **given)
        changed = msgspec.structs.replace(
            found, version=number, versions=[*found.versions, version], updated_at=now
        )
        await self._put(changed)
        return changed

    async def use(self, found: Assistant, version: int) -> Assistant:
        """Use one of its versions. Raises `ProtocolError` (graph not found)."""
        if all(one.version != version for one in found.versions):
            numbers = ", ".join(str(one.version) for one in found.versions)
            raise ProtocolError(
                GRAPH_NOT_FOUND,
                f"assistant {found.id} has no version {version}; it has {numbers}",
                path="$.version",
            )
        changed = msgspec.structs.replace(found, version=version, updated_at=now_ms())
        await self._put(changed)
        return changed

    async def delete(self, found: Assistant) -> None:
        """Remove it with its versions."""
        await self.events.commit(Unit(None, [], [DeleteAssistant(found.id)]))

    async def _put(self, one: Assistant) -> None:
        await self.events.commit(Unit(None, [], [PutAssistant(one)]))

    def _system(self, graph: str) -> Assistant:
        loaded = self.graphs.get(graph)
        at = loaded.loaded_at
        named = loaded.graph.name
        name = graph if named == UNNAMED else named
        version = AssistantVersion(
            1, graph, name, loaded.description or None, {}, {}, {"created_by": SYSTEM}, at
        )
        return Assistant(system_id(graph), SYSTEM, 1, [version], at, at)


def _uuid(given: str) -> None:
    try:
        UUID(given)
    except ValueError:
        raise ProtocolError(
            INVALID_PARAMS, f"{given!r} is no UUID", path="$.assistant_id"
        ) from None


def holds(metadata: dict[str, Any], wanted: dict[str, Any] | None) -> bool:
    """Whether an object has these members, theirs likewise."""
    return all(
        name in metadata
        and (
            holds(metadata[name], value)
            if isinstance(value, dict) and isinstance(metadata[name], dict)
            else metadata[name] == value
        )
        for name, value in (wanted or {}).items()
    )


def ordered(
    found: Sequence[dict[str, Any]], by: str | None, order: str | None, default: str
) -> list[dict[str, Any]]:
    """Rows by one of their fields, whatever the case of its letters; the newest, or the last, first unless `order` is `asc`."""
    name = by or default
    return sorted(
        found,
        key=lambda one: str(one.get(name) or "").lower(),
        reverse=(order or "desc").lower() != "asc",
    )
