"""An edit tried before it is kept: on values read for this alone, so that nothing of the graph or the thread changes."""

import copy
from collections.abc import Sequence
from typing import Any

import pydantic
from langchain_core.runnables import RunnableConfig
from langgraph.channels.base import BaseChannel
from langgraph.channels.delta import DeltaChannel
from langgraph.checkpoint.base import BaseCheckpointSaver, CheckpointTuple

from protocol.errors import INVALID_PARAMS, ProtocolError
from rpc.engine.checkpoints.encoding import UnserializableError, encode_value
from rpc.engine.langgraph.exits import Ordinary, raised
from rpc.engine.langgraph.names import NO_TASK
from rpc.engine.langgraph.snapshots import channels_at, prepared
from rpc.engine.thread.config import Graph
from rpc.engine.values.errors import error_text, error_type
from rpc.storage.store import StorageError

Saver = BaseCheckpointSaver[Any]
Write = tuple[str, Any]


async def try_writes(
    graph: Graph,
    saver: Saver,
    config: RunnableConfig,
    names: Sequence[str],
    writes: Sequence[Write],
) -> None:
    """Give each of these channels what is written to it, and store what comes of it nowhere.

    `graph`: the (sub)graph whose checkpoint `config` names. Raises `ProtocolError` (invalid params), its path the
    channel's.
    """
    saved = await _read(saver, config)
    channels = await channels_at(graph, saved, saver, edited=False)
    for name in names:
        try:
            given = copy.deepcopy([value for channel, value in writes if channel == name])
            channel = channels.values[name]
            with Ordinary():
                channel.update(given)
            encode_value(saver.serde, name, _value(channel))
        except StorageError:
            raise
        except Exception as error:
            # A reducer of the graph's, which may raise anything.
            raise refusal(error, (name,), names) from error


async def try_tasks(
    graph: Graph,
    saver: Saver,
    config: RunnableConfig,
    names: Sequence[str],
    writes: Sequence[Write] | None = None,
) -> None:
    """Make the inputs of a checkpoint's tasks. `writes`: of no task, in place of those that are there.

    Raises `ProtocolError` (invalid params) where the state's own type refuses them.
    """
    saved = await _read(saver, config)
    if writes is not None:
        edits = [(NO_TASK, channel, value) for channel, value in copy.deepcopy([*writes])]
        others = [one for one in saved.pending_writes or () if one[0] != NO_TASK]
        saved = saved._replace(pending_writes=[*others, *edits])
    try:
        with Ordinary():
            prepared(graph, saved, await channels_at(graph, saved, saver), saver)
    except StorageError:
        raise
    except Exception as error:
        raise refusal(error, (), names) from error


def refusal(
    error: Exception, where: Sequence[str | int], names: Sequence[str], field: str = "$.values"
) -> ProtocolError:
    """The answer to an edit that the graph refuses. `where`: in the params' field; `names`: all that were given."""
    kind = error_type(raised(error))
    text = error_text(error).partition("\nFor troubleshooting")[0] or kind
    if isinstance(error, pydantic.ValidationError):
        first = error.errors()[0]
        text = first["msg"]
        if not where and first["loc"][:1] and first["loc"][0] in names:
            where = first["loc"]
    elif isinstance(error, UnserializableError):
        if not where and error.channel in names:
            where = (error.channel,)
    else:
        text = f"{kind}: {text}" if text != kind else text
    path = ".".join([field, *map(str, where)])
    return ProtocolError(
        INVALID_PARAMS, f"the state does not take this: {text} - at `{path}`", path=path
    )


def _value(channel: BaseChannel[Any, Any, Any]) -> Any:
    """What a checkpoint would keep of the channel."""
    if isinstance(channel, DeltaChannel):
        return channel.get()
    return channel.checkpoint()


async def _read(saver: Saver, config: RunnableConfig) -> CheckpointTuple:
    found = await saver.aget_tuple(config)
    if found is None:
        raise LookupError(f"there is no checkpoint {config['configurable']}")
    return found
