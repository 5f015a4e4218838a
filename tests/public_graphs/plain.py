"""The same graph in plain LangGraph: a saver and a store in memory, and nothing of ours."""

import copy
from collections import Counter
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

from langchain_core.messages import AIMessageChunk
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.pregel import Pregel
from langgraph.store.memory import InMemoryStore
from langgraph.types import Command, StateSnapshot

from rpc.engine.graphs.factories import for_run, make
from rpc.engine.graphs.loading import import_object
from tests.public_graphs.example import Edit, Example


@dataclass
class Told:
    """What LangGraph's streams told of a run."""

    # How often each node began, by path.
    starts: Counter[str] = field(default_factory=Counter)
    # How often each node wrote an update, by path.
    updates: Counter[str] = field(default_factory=Counter)
    # What was written to the stream writer.
    progress: list[Any] = field(default_factory=list)
    # Texts of chat models' messages by their ids, put together.
    texts: dict[str, str] = field(default_factory=dict)


class Plain:
    """One thread of a graph."""

    def __init__(self, example: Example, graph: Pregel[Any, Any, Any, Any], config: Any) -> None:
        self.example = example
        self.graph = graph
        self.config: RunnableConfig = {
            "configurable": {"thread_id": "plain", **config},
            "recursion_limit": 100,
        }
        self.told = Told()
        self.result: Any = None

    async def run(self, input: Any, *, until: str | None = None, config: Any = None) -> None:
        """To its end, or `until` it stands before that node; questions are answered on the way."""
        # Some graphs change their input.
        input = copy.deepcopy(input)
        before = [until] if until is not None else None
        if config is None:
            config = self.config
        else:
            # A checkpoint's own has nothing of what the run was given.
            given: Any = {**self.config["configurable"], **config["configurable"]}
            config = {**self.config, "configurable": given}
        while True:
            async for namespace, mode, data in self.graph.astream(
                input,
                config,
                stream_mode=["values", "updates", "messages", "custom", "tasks"],
                subgraphs=True,
                # As `ainvoke` does it.
                output_keys=self.graph.output_channels,
                interrupt_before=before,
            ):
                self._take(namespace, mode, data)
            config = self.config
            state = await self.graph.aget_state(config)
            if not state.interrupts:
                return
            assert self.example.answers is not None
            input = Command(
                resume={one.id: self.example.answers(one.value) for one in state.interrupts}
            )

    def _take(self, namespace: tuple[str, ...], mode: str, data: Any) -> None:
        if mode == "values":
            if not namespace:
                self.result = data
        elif mode == "updates":
            for node in data.keys() - {"__interrupt__", "__metadata__"}:
                self.told.updates[path(namespace, node)] += 1
        elif mode == "tasks":
            if "input" in data:
                self.told.starts[path(namespace, data["name"])] += 1
        elif mode == "custom":
            self.told.progress.append(data)
        else:
            message, _ = data
            known = self.told.texts.get(message.id, "")
            more = known + message.text if isinstance(message, AIMessageChunk) else message.text
            self.told.texts[message.id] = more

    async def state(self) -> StateSnapshot:
        """Of now."""
        return await self.graph.aget_state(self.config)

    async def edit(self, edit: Edit) -> None:
        """`update_state`, where it stands."""
        state = await self.state()
        assert set(state.next) == {edit.before}, f"it stands before {state.next}"
        values: Mapping[str, Any] = state.values
        await self.graph.aupdate_state(self.config, edit.update(values), as_node=edit.as_node)

    async def history(self) -> list[StateSnapshot]:
        """Oldest first."""
        return [one async for one in self.graph.aget_state_history(self.config)][::-1]


def path(namespace: tuple[str, ...], node: str) -> str:
    """Of a node. What numbers the graphs that one function calls is left out."""
    names = [part.split(":")[0] for part in namespace if ":" in part]
    return "/".join([*names, node])


async def plain(example: Example, stack: AsyncExitStack, user: str) -> Plain:
    """The example's graph, made as the server makes it, with a thread of its own."""
    store = InMemoryStore()
    config: dict[str, Any] = {"user_id": user}
    found: Any = import_object(example.target)
    found = await make(found, for_run(store, {"configurable": config}, None), stack)
    update: dict[str, Any] = {"checkpointer": InMemorySaver()}
    if found.store is None:
        update["store"] = store
    return Plain(example, found.copy(update), config)
