"""Changing a session's thread: its state, and where it stands in its history."""

import copy
from collections.abc import Mapping
from typing import Any, get_args, get_type_hints

import pydantic
from langchain_core.messages import BaseMessage
from langchain_core.runnables import RunnableConfig
from langgraph.channels.binop import BinaryOperatorAggregate
from langgraph.channels.delta import DeltaChannel
from langgraph.channels.topic import Topic
from langgraph.checkpoint.base import WRITES_IDX_MAP
from langgraph.errors import InvalidUpdateError
from langgraph.types import Command, Overwrite

from protocol.errors import INVALID_PARAMS, ProtocolError
from rpc.engine.checkpoints.collecting import CollectingSaver
from rpc.engine.langgraph.names import COPY, NO_TASK, OVERWRITE, is_internal
from rpc.engine.langgraph.place import Place
from rpc.engine.thread.config import Graph, checkpoint_config
from rpc.engine.thread.subgraphs import subgraph
from rpc.engine.thread.trial import refusal, try_tasks, try_writes
from rpc.engine.values.to_json import encode
from rpc.storage.store import StorageError
from rpc.suggest import did_you_mean


async def edit_in_place(
    graph: Graph, session_id: str, place: Place, checkpoint_id: str, values: Mapping[str, Any]
) -> None:
    """Write to the state of a checkpoint whose tasks stand, without making them other tasks.

    The updates go through the reducers when the thread goes on, and show in its state at once. `place`: the
    (sub)graph's. Raises `ProtocolError` (invalid params) where the graph would not take them, `StorageError`.
    """
    saver = _collecting(graph)
    own = subgraph(graph, place.names)
    config = checkpoint_config(session_id, place, checkpoint_id)
    writes = await _earlier(saver, config)
    for name, value in values.items():
        writes = _with(writes, name, own.channels[name], copy.deepcopy(value))
    await try_writes(own, saver, config, [*values], writes)
    await try_tasks(own, saver, config, [*values], writes)
    saver.replace_writes(config, writes, NO_TASK)


async def _earlier(saver: CollectingSaver, config: RunnableConfig) -> list[tuple[str, Any]]:
    """The edits in place that were made at a checkpoint."""
    saved = await saver.aget_tuple(config)
    return [
        (channel, value)
        for task, channel, value in (saved.pending_writes if saved else None) or ()
        if task == NO_TASK and channel not in WRITES_IDX_MAP
    ]


def _with(
    writes: list[tuple[str, Any]], name: str, channel: object, value: Any
) -> list[tuple[str, Any]]:
    """Earlier edits and a new one, so that LangGraph can apply them all in one go."""
    adds = isinstance(channel, BinaryOperatorAggregate | DeltaChannel | Topic)
    if not adds or isinstance(value, Overwrite):
        return [*(one for one in writes if one[0] != name), (name, value)]
    if not isinstance(channel, BinaryOperatorAggregate):
        return [*writes, (name, value)]
    for index, (other, earlier) in enumerate(writes):
        if other == name and isinstance(earlier, Overwrite):
            # LangGraph drops what is added after an overwrite.
            try:
                both = Overwrite(channel.operator(copy.deepcopy(earlier.value), value))
            except Exception as error:
                # A reducer of the graph's, which may raise anything.
                raise refusal(error, (name,), (name,)) from error
            return [*writes[:index], (name, both), *writes[index + 1 :]]
    return [*writes, (name, value)]


async def edit_as(
    graph: Graph, session_id: str, place: Place, values: Mapping[str, Any], as_node: str | None
) -> str:
    """Save a new checkpoint with `values` as a node's update; its id in the top graph.

    What was edited in place before goes into it. Raises `ProtocolError` (invalid params) where the graph refuses it,
    `StorageError`.
    """
    saver = _collecting(graph)
    own = subgraph(graph, place.names)
    config = checkpoint_config(session_id, place)
    writes = earlier = await _earlier(saver, config)
    for name, value in values.items():
        writes = _with(writes, name, own.channels[name], copy.deepcopy(value))
    names = [*values]
    if await saver.aget_tuple(config) is not None:
        await try_writes(own, saver, config, names, writes)
    update: Any = dict(values)
    if earlier:
        # One update each, since a channel with a reducer may have several.
        update = [Command(update={name: value}) for name, value in writes]
    try:
        saved = await graph.aupdate_state(config, update, as_node=as_node)
    except InvalidUpdateError as error:
        hint = "" if as_node else "; name the node with `as_node`"
        raise ProtocolError(INVALID_PARAMS, f"{error}{hint}", path="$.as_node") from error
    except StorageError:
        raise
    except Exception as error:
        # The graph's own functions: reducers, and what decides where the node leads.
        raise refusal(error, (), names) from error
    await try_tasks(own, saver, checkpoint_config(session_id, place), names)
    return str(saved["configurable"]["checkpoint_id"])


async def fork(graph: Graph, session_id: str, place: Place, checkpoint_id: str) -> str:
    """Make a copy of a checkpoint its (sub)graph's newest; the copy's id. What came after stays in the history."""
    config = checkpoint_config(session_id, place, checkpoint_id)
    saved = await graph.aupdate_state(config, None, as_node=COPY)
    return str(saved["configurable"]["checkpoint_id"])


def checked(graph: Graph, path: tuple[str, ...], values: Mapping[str, Any]) -> dict[str, Any]:
    """`values` as the schema of the (sub)graph's state takes them.

    `path`: node names from the top graph. Raises `ProtocolError` (invalid params), its path the channel's.
    """
    found = subgraph(graph, path)
    schema = getattr(getattr(found, "builder", None), "state_schema", None)
    channels = [name for name in found.channels if not is_internal(name)]
    for name in values:
        if name not in channels:
            raise ProtocolError(
                INVALID_PARAMS,
                f"the state has no {name!r}; {did_you_mean(name, channels)}it has "
                + ", ".join(sorted(channels)),
                path=f"$.values.{name}",
            )
    hints = _hints(schema)
    return {
        name: _taken(name, value, hints.get(name, Any), found.channels[name])
        for name, value in values.items()
    }


def _hints(schema: Any) -> dict[str, Any]:
    try:
        return get_type_hints(schema, include_extras=False) if schema is not None else {}
    except (NameError, TypeError):
        return {}


def _taken(name: str, value: Any, hint: Any, channel: object) -> Any:
    """A client's value as the channel takes it; `{"__overwrite__": …}` replaces, past the reducer."""
    if not (isinstance(value, dict) and value.keys() == {OVERWRITE}):
        return _checked(name, value, hint)
    whole = _checked(name, value[OVERWRITE], hint)
    # A channel without a reducer is replaced by any value, and knows no `Overwrite`.
    reduces = isinstance(channel, BinaryOperatorAggregate | DeltaChannel)
    return Overwrite(whole) if reduces else whole


def _checked(name: str, value: Any, hint: Any) -> Any:
    """One value by its channel's type; where pydantic cannot check the type, the value as it is."""
    if _holds_messages(hint):
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


def _holds_messages(hint: Any) -> bool:
    """Whether a type is LangChain's messages, or one made of them: a list, a union, `Annotated`."""
    if isinstance(hint, type) and issubclass(hint, BaseMessage):
        return True
    return any(_holds_messages(one) for one in get_args(hint))


def _collecting(graph: Graph) -> CollectingSaver:
    if not isinstance(graph.checkpointer, CollectingSaver):
        raise TypeError("the graph is not bound for an edit")
    return graph.checkpointer
