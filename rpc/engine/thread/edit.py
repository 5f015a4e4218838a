"""Changing a session's thread: its state, and where it stands in its history."""

import difflib
from collections.abc import Mapping
from typing import Any, get_type_hints

import pydantic
from langchain_core.runnables import RunnableConfig
from langgraph.channels.binop import BinaryOperatorAggregate
from langgraph.channels.delta import DeltaChannel
from langgraph.channels.topic import Topic
from langgraph.checkpoint.base import WRITES_IDX_MAP
from langgraph.errors import InvalidUpdateError
from langgraph.pregel import Pregel

from protocol.errors import INVALID_PARAMS, NODE_NOT_FOUND, ProtocolError
from rpc.engine.checkpoints.collecting import CollectingSaver
from rpc.engine.langgraph.place import Place
from rpc.engine.running.advance import Graph, thread_config
from rpc.engine.values.to_json import encode

OVERWRITE = "__overwrite__"
"""The key by which LangGraph knows a value that replaces a channel's, past its reducer."""

NO_TASK = "00000000-0000-0000-0000-000000000000"
"""LangGraph applies the writes of this task to a checkpoint's state before its tasks run."""


async def edit_in_place(
    graph: Graph, session_id: str, place: Place, checkpoint_id: str, values: Mapping[str, Any]
) -> None:
    """Write to the state of a checkpoint whose tasks stand, without making them other tasks.

    The updates go through the reducers when the thread goes on, and show in its state at once. `place`: the
    (sub)graph's. Raises `StorageError`.
    """
    checkpointer = _collecting(graph)
    config = _at(session_id, place, checkpoint_id)
    saved = await checkpointer.aget_tuple(config)
    pending = saved.pending_writes if saved is not None and saved.pending_writes else []
    writes = [
        (channel, value)
        for task, channel, value in pending
        if task == NO_TASK and channel not in WRITES_IDX_MAP
    ]
    channels = subgraph(graph, place.names).channels
    for name, value in values.items():
        writes = _with(writes, name, channels[name], value)
    await checkpointer.replace_writes(config, writes, NO_TASK)


def _with(
    writes: list[tuple[str, Any]], name: str, channel: object, value: Any
) -> list[tuple[str, Any]]:
    """Earlier edits and a new one, so that LangGraph can apply them all in one go."""
    adds = isinstance(channel, BinaryOperatorAggregate | DeltaChannel | Topic)
    if not adds or is_overwrite(value):
        return [*(one for one in writes if one[0] != name), (name, value)]
    if not isinstance(channel, BinaryOperatorAggregate):
        return [*writes, (name, value)]
    for index, (other, earlier) in enumerate(writes):
        if other == name and is_overwrite(earlier):
            # LangGraph drops what is added after an overwrite.
            both = {OVERWRITE: channel.operator(earlier[OVERWRITE], value)}
            return [*writes[:index], (name, both), *writes[index + 1 :]]
    return [*writes, (name, value)]


def is_overwrite(value: Any) -> bool:
    """Whether a value replaces its channel's, past the reducer: `{"__overwrite__": …}`."""
    return isinstance(value, dict) and value.keys() == {OVERWRITE}


async def edit_as(
    graph: Graph, session_id: str, place: Place, values: Mapping[str, Any], as_node: str | None
) -> str:
    """Save a new checkpoint with `values` as a node's update; its id in the top graph.

    Raises `ProtocolError` (invalid params) where LangGraph refuses it.
    """
    config = thread_config(session_id, None)
    config["configurable"]["checkpoint_ns"] = place.namespace
    try:
        saved = await graph.aupdate_state(config, dict(values), as_node=as_node)
    except InvalidUpdateError as error:
        hint = "" if as_node else "; name the node with `as_node`"
        raise ProtocolError(INVALID_PARAMS, f"{error}{hint}", path="$.as_node") from error
    return str(saved["configurable"]["checkpoint_id"])


async def fork(graph: Graph, session_id: str, place: Place, checkpoint_id: str) -> str:
    """Make a copy of a checkpoint its (sub)graph's newest; the copy's id. What came after stays in the history."""
    config = _at(session_id, place, checkpoint_id)
    saved = await graph.aupdate_state(config, None, as_node="__copy__")
    return str(saved["configurable"]["checkpoint_id"])


def checked(graph: Graph, path: tuple[str, ...], values: Mapping[str, Any]) -> dict[str, Any]:
    """`values` as the schema of the (sub)graph's state takes them.

    `path`: node names from the top graph. Raises `ProtocolError` (invalid params), its path the channel's.
    """
    found = subgraph(graph, path)
    schema = getattr(getattr(found, "builder", None), "state_schema", None)
    channels = [name for name in found.channels if not name.startswith(("__", "branch:", "join:"))]
    for name in values:
        if name not in channels:
            near = difflib.get_close_matches(name, channels, 1)
            hint = f"; did you mean {near[0]!r}?" if near else "."
            raise ProtocolError(
                INVALID_PARAMS,
                f"the state has no {name!r}; {hint}it has {', '.join(sorted(channels))}",
                path=f"$.values.{name}",
            )
    hints = _hints(schema)
    return {name: _checked(name, value, hints.get(name, Any)) for name, value in values.items()}


def subgraph(graph: Graph, path: tuple[str, ...]) -> Graph:
    """The graph at a path of node names. Raises `ProtocolError` (node not found)."""
    found: Any = graph
    for depth, name in enumerate(path, 1):
        inner = dict(found.get_subgraphs()).get(name)
        if inner is None and isinstance(getattr(found.nodes.get(name), "bound", None), Pregel):
            inner = found.nodes[name].bound
        if inner is None:
            raise ProtocolError(
                NODE_NOT_FOUND, f"{'/'.join(path[:depth])!r} is not a subgraph of this graph"
            )
        found = inner
    return found  # type: ignore[no-any-return]


def _hints(schema: Any) -> dict[str, Any]:
    try:
        return get_type_hints(schema, include_extras=False) if schema is not None else {}
    except (NameError, TypeError):
        return {}


def _checked(name: str, value: Any, hint: Any) -> Any:
    """One value by its channel's type; where pydantic cannot check the type, the value as it is."""
    if is_overwrite(value):
        return {OVERWRITE: _checked(name, value[OVERWRITE], hint)}
    if "BaseMessage" in repr(hint) or "AnyMessage" in repr(hint) or "Message" in repr(hint):
        # `add_messages` takes messages as objects, and gives them their class.
        return value
    try:
        adapter = pydantic.TypeAdapter(hint)
    except pydantic.errors.PydanticUserError:
        return value
    try:
        return adapter.validate_json(encode(value), strict=True)
    except pydantic.ValidationError as error:
        first = error.errors()[0]
        path = ".".join([f"$.values.{name}", *map(str, first["loc"])])
        raise ProtocolError(INVALID_PARAMS, f"{first['msg']} - at `{path}`", path=path) from error


def _at(session_id: str, place: Place, checkpoint_id: str) -> RunnableConfig:
    config = thread_config(session_id, None)
    config["configurable"]["checkpoint_ns"] = place.namespace
    config["configurable"]["checkpoint_id"] = checkpoint_id
    return config


def _collecting(graph: Graph) -> CollectingSaver:
    if not isinstance(graph.checkpointer, CollectingSaver):
        raise TypeError("the graph is not bound for an edit")
    return graph.checkpointer
