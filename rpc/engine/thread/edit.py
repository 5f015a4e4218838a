"""Changing a session's thread: its state, and where it stands in its history."""

import copy
from collections.abc import Mapping, Sequence
from typing import Any

from langchain_core.runnables import RunnableConfig
from langgraph.channels.binop import BinaryOperatorAggregate
from langgraph.channels.delta import DeltaChannel
from langgraph.channels.topic import Topic
from langgraph.checkpoint.base import WRITES_IDX_MAP, empty_checkpoint
from langgraph.constants import END
from langgraph.errors import InvalidUpdateError
from langgraph.types import Command, Overwrite, Send

from protocol.errors import INVALID_PARAMS, ProtocolError
from rpc.engine.checkpoints.collecting import CollectingSaver
from rpc.engine.checkpoints.encoding import UnserializableError
from rpc.engine.langgraph.exits import Ordinary
from rpc.engine.langgraph.names import COPY, NO_TASK, SENT, is_internal, overwritten
from rpc.engine.langgraph.nesting import keeping_their_own
from rpc.engine.langgraph.place import Place
from rpc.engine.langgraph.snapshots import channels_at
from rpc.engine.thread.config import Graph, checkpoint_config
from rpc.engine.thread.given import check_part, with_messages
from rpc.engine.thread.subgraphs import subgraph
from rpc.engine.thread.trial import refusal, try_tasks, try_writes
from rpc.engine.values.from_json import PlaceholderError, from_json
from rpc.engine.values.pointer import PointerError, parts_of
from rpc.engine.values.replacing import replaced
from rpc.json_values import pointed
from rpc.storage.store import StorageError


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
    _keep(saver, config, writes, [*values])


def _keep(
    saver: CollectingSaver,
    config: RunnableConfig,
    writes: list[tuple[str, Any]],
    names: Sequence[str],
) -> None:
    """Make these the edits in place of a checkpoint.

    They are stored as they were given, which may nest deeper, or be of another type, than what a reducer makes of them.
    `names`: all that were given. Raises `ProtocolError` (invalid params) where they cannot be stored.
    """
    try:
        saver.replace_writes(config, writes, NO_TASK)
    except UnserializableError as error:
        raise refusal(error, (), names) from error


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
    if not adds or overwritten(value)[0]:
        return [*(one for one in writes if one[0] != name), (name, value)]
    if not isinstance(channel, BinaryOperatorAggregate):
        return [*writes, (name, value)]
    for index, (other, earlier) in enumerate(writes):
        overwrites, whole = overwritten(earlier)
        if other == name and overwrites:
            # LangGraph drops what is added after an overwrite.
            try:
                with Ordinary():
                    both = Overwrite(channel.operator(copy.deepcopy(whole), value))
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
        with Ordinary():
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


async def over(graph: Graph, session_id: str, place: Place) -> str:
    """Save a new checkpoint that expects nothing next: what was to run is not; its id in the top graph.

    What finished tasks wrote, and what was edited in place, is in it. Raises `ProtocolError` (invalid params), `StorageError`.
    """
    config = checkpoint_config(session_id, place)
    try:
        with Ordinary():
            saved = await graph.aupdate_state(config, None, as_node=END)
    except StorageError:
        raise
    except Exception as error:
        # As above.
        raise refusal(error, (), ()) from error
    return str(saved["configurable"]["checkpoint_id"])


async def value_replaced(
    graph: Graph, session_id: str, place: Place, checkpoint_id: str, pointer: str, value: Any
) -> dict[str, Any]:
    """The edit that puts a JSON value at a place in the state, and leaves what is beside it as it is.

    Raises `ProtocolError` (invalid params): there is no such place, or it does not take the value.
    """
    saver = _collecting(graph)
    own = subgraph(graph, place.names)
    saved = await saver.aget_tuple(checkpoint_config(session_id, place, checkpoint_id))
    if saved is None:
        raise LookupError(f"there is no checkpoint {checkpoint_id}")
    channels = (await channels_at(own, saved, saver)).values
    state = {
        name: channel.get()
        for name, channel in channels.items()
        if not is_internal(name) and channel.is_available()
    }
    changed = _replaced(state, pointer, value)
    name = parts_of(pointer)[0]
    if name not in own.channels or is_internal(name):
        raise ProtocolError(
            INVALID_PARAMS,
            f"the state has no {name!r}; it has {', '.join(sorted(state))}",
            path="$.value_path",
        )
    changed[name] = with_messages(own, name, state.get(name), changed[name])
    check_part(own, name, state.get(name), changed[name])
    reduces = isinstance(own.channels[name], BinaryOperatorAggregate | DeltaChannel)
    return {name: Overwrite(changed[name]) if reduces else changed[name]}


def _replaced(whole: Any, pointer: str, value: Any, *, least: int = 1) -> Any:
    """`whole` with a JSON value at the pointer's place, which has `least` parts."""
    try:
        parts = parts_of(pointer)
        if len(parts) < least:
            raise PointerError("it names no value; the first part is the channel's name")
        with Ordinary():
            return replaced(whole, parts, from_json(value))
    except PointerError as error:
        raise ProtocolError(INVALID_PARAMS, str(error), path="$.value_path") from error
    except PlaceholderError as error:
        path = ".".join(["$.value", *map(str, error.path)])
        raise ProtocolError(INVALID_PARAMS, str(error), path=path) from error
    except Exception as error:
        # A class of the graph's, which may raise anything.
        raise refusal(error, (), (), "$.value") from error


async def input_edited(
    graph: Graph,
    session_id: str,
    place: Place,
    checkpoint_id: str,
    index: int,
    values: Mapping[str, Any],
    pointer: str | None,
    value: Any,
) -> None:
    """Edit in place what `Send` gave a task: `index` is which of those the checkpoint keeps.

    `values`: members of it; or the JSON value at `pointer` in it. Raises `ProtocolError` (invalid params).
    """
    saver = _collecting(graph)
    own = subgraph(graph, place.names)
    config = checkpoint_config(session_id, place, checkpoint_id)
    saved = await saver.aget_tuple(config)
    if saved is None:
        raise LookupError(f"there is no checkpoint {checkpoint_id}")
    sends = list((await channels_at(own, saved, saver)).values[SENT].get())
    given = before = sends[index].arg
    if pointer is not None:
        given = _replaced(given, pointer, value, least=0)
    for name, one in values.items():
        given = _replaced(given, pointed("", name), one)
    if isinstance(given, dict):
        edited = {*values, *parts_of(pointer or "")[:1]}
        was = before if isinstance(before, dict) else {}
        given |= {
            name: with_messages(own, name, was.get(name), given[name])
            for name in edited & given.keys()
        }
    sends[index] = Send(sends[index].node, given)
    writes = [*(one for one in await _earlier(saver, config) if one[0] != SENT), (SENT, sends)]
    await try_tasks(own, saver, config, [*values], writes)
    _keep(saver, config, writes, [*values])


async def fork_kept(
    graph: Graph, session_id: str, within: Place, checkpoint_id: str, *, itself: bool = False
) -> None:
    """Take the subgraphs that keep their own checkpoints back to where they were at a checkpoint of the graph around.

    `within`: that graph's place; it is not taken back itself, unless `itself`.
    """
    saver = _collecting(graph)
    before = checkpoint_config(session_id, checkpoint_id=checkpoint_id)
    around = within.names
    for place in keeping_their_own(graph):
        if (place.names == around and not itself) or place.names[: len(around)] != around:
            continue
        config = checkpoint_config(session_id, place)
        newest = await saver.aget_tuple(config)
        if newest is None or newest.checkpoint["id"] < checkpoint_id:
            continue
        then = [one async for one in saver.alist(config, before=before, limit=1)]
        if then:
            await fork(graph, session_id, place, then[0].checkpoint["id"])
        else:
            # It had not run yet: it begins anew.
            await saver.aput(config, empty_checkpoint(), {"source": "fork", "step": -2}, {})


async def fork(graph: Graph, session_id: str, place: Place, checkpoint_id: str) -> str:
    """Make a copy of a checkpoint its (sub)graph's newest; the copy's id. What came after stays in the history."""
    config = checkpoint_config(session_id, place, checkpoint_id)
    saved = await graph.aupdate_state(config, None, as_node=COPY)
    return str(saved["configurable"]["checkpoint_id"])


def _collecting(graph: Graph) -> CollectingSaver:
    if not isinstance(graph.checkpointer, CollectingSaver):
        raise TypeError("the graph is not bound for an edit")
    return graph.checkpointer
