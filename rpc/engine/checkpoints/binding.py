"""Graphs bound to a saver: one for each advance, one for each edit."""

import copy
from typing import Any

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import BaseCheckpointSaver, CheckpointTuple
from langgraph.pregel import Pregel
from langgraph.store.base import BaseStore

from rpc.engine.checkpoints.collecting import CollectingSaver
from rpc.engine.checkpoints.protocols import Commits, Facts, Pending
from rpc.engine.checkpoints.saver import Saver
from rpc.engine.langgraph.memory_store import memory_of
from rpc.storage.store import Store
from rpc.storage.units import Unit

Graph = Pregel[Any, Any, Any, Any]

MANY = 32
"""How many units that nobody waits for are kept before it is looked which of them are durable."""


class AdvanceSaver(Saver):
    """The saver of one advance. `namespaces`: of the graphs that save with it."""

    def __init__(
        self, store: Store, commits: Commits, session_id: str, fence: int, facts: Facts, serde: Any
    ) -> None:
        super().__init__(
            store, commits, session_id=session_id, fence=fence, facts=facts, serde=serde
        )
        self.namespaces: set[str] = set()
        # What was put in line and not waited for; it is durable when what was put behind it is.
        self.unsettled: list[Pending] = []
        # The newest of it is the checkpoint of an input, or the writes of its START.
        self.begins = False

    # LangGraph goes on at once after the checkpoint of an input and the writes of its START, and waits for the next
    # checkpoint: only then may a node run that somebody wrote. So all of them are one commit. It never waits for what
    # tasks wrote, but for the checkpoint behind that, whose commit is theirs too or follows it; and `over` for the last.

    async def _commit(self, unit: Unit, source: str | None = None) -> None:
        if source is None:
            self._put_writes(unit)
        elif source == "input":
            self.begins = True
            self.unsettled.append(self.commits.later(unit))
        else:
            self.begins = False
            earlier, self.unsettled = self.unsettled, []
            await super()._commit(unit, source)
            for one in earlier:
                one.result()

    def _put_writes(self, unit: Unit) -> None:
        if self.begins and not unit.drafts:
            self.unsettled.append(self.commits.later(unit))
            return
        if len(self.unsettled) >= MANY:
            waiting = []
            for one in self.unsettled:
                if one.decided:
                    one.result()
                else:
                    waiting.append(one)
            self.unsettled = waiting
        self.unsettled.append(self.commits.soon(unit))

    async def over(self) -> None:
        """The run has ended: wait for what nobody has waited for. Raises `RefusedError`."""
        earlier, self.unsettled = self.unsettled, []
        for one in earlier:
            await self.commits.settled(one)
            one.result()

    # A graph that keeps checkpoints looks for its newest before anything else.

    def get_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        self.namespaces.add(config["configurable"].get("checkpoint_ns", ""))
        return super().get_tuple(config)

    async def aget_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        self.namespaces.add(config["configurable"].get("checkpoint_ns", ""))
        return await super().aget_tuple(config)


def bound(graph: Graph, saver: BaseCheckpointSaver[Any], store: BaseStore | None = None) -> Graph:
    """The graph with another saver, and with `store` where it has no store of its own.

    Not `graph.copy()`: that one builds a new object and drops what is not an argument, such as the types its
    checkpoints may hold and how Pydantic states are rebuilt.
    """
    found = copy.copy(graph)
    found.checkpointer = saver
    if found.store is None:
        found.store = store
    return found


def advancing(
    graph: Graph, store: Store, commits: Commits, *, session_id: str, fence: int, facts: Facts
) -> AdvanceSaver:
    """The saver of an advance of a session under an epoch."""
    return AdvanceSaver(store, commits, session_id, fence, facts, _saver(graph).serde)


def collecting(graph: Graph, store: Store) -> tuple[Graph, CollectingSaver]:
    """The graph for an edit: what it saves is collected, and seen by its own reads only."""
    base = _saver(graph)
    saver = CollectingSaver(store, base.commits, serde=base.serde)
    found = bound(graph, saver)
    # Nothing that an edit runs remembers: whose memory that is would have to be known.
    found.store = None
    return found, saver


def remembering(graph: Graph, owner: str) -> Graph:
    """The graph with the owner's memory in the place of all owners'."""
    memory = memory_of(graph.store, owner)
    if memory is graph.store:
        return graph
    found = copy.copy(graph)
    found.store = memory
    return found


def _saver(graph: Graph) -> Saver:
    if not isinstance(graph.checkpointer, Saver):
        raise TypeError("the graph was not opened by this server")
    return graph.checkpointer
