"""A thread's states as LangGraph's own server shows them: JSON of its snapshots, whole."""

from typing import Any

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.types import StateSnapshot

from rpc.engine.gate.stops import is_stop
from rpc.engine.langgraph.exits import Ordinary
from rpc.engine.langgraph.names import NAMESPACE_KEYS, SERVERS_KEYS
from rpc.engine.langgraph.place import Place
from rpc.engine.langgraph.snapshots import read_apart
from rpc.engine.thread.config import RUN_KEY, Graph, thread_config
from rpc.engine.thread.look import graph_at
from rpc.engine.values.to_json import to_json
from rpc.storage.store import StorageError


def config_of(session_id: str, checkpoint: dict[str, Any] | None) -> RunnableConfig:
    """LangGraph's config of a checkpoint, as its clients name one; of the newest where None."""
    config = thread_config(session_id, None)
    given = checkpoint or {}
    for key in ("checkpoint_id", "checkpoint_ns", "checkpoint_map"):
        if given.get(key):
            config["configurable"][key] = given[key]
    return config


async def snapshot(
    graph: Graph, session_id: str, checkpoint: dict[str, Any] | None, *, subgraphs: bool
) -> dict[str, Any]:
    """The thread's state, now or at a checkpoint, with that of its subgraphs where asked for.

    Where LangGraph cannot go on from it, as far as it can be read, without that of its subgraphs. Raises `StorageError`, `ValueError`.
    """
    config = config_of(session_id, checkpoint)
    try:
        with Ordinary():
            return shown(await graph.aget_state(config, subgraphs=subgraphs))
    except StorageError:
        raise
    except Exception:
        # What tasks wrote may not go together, and a reducer or a type of the graph's may raise anything.
        saver = graph.checkpointer
        own = graph_at(graph, Place.of(config["configurable"].get("checkpoint_ns", "")))
        if own is None or not isinstance(saver, BaseCheckpointSaver):
            raise
        saved = await saver.aget_tuple(config)
        if saved is None:
            raise
        live = "checkpoint_id" not in config["configurable"]
        return shown((await read_apart(own, saved, saver, live=live)).snapshot)


async def snapshots(
    graph: Graph,
    session_id: str,
    checkpoint: dict[str, Any] | None,
    *,
    limit: int,
    before: str | None,
    metadata: dict[str, Any] | None,
) -> list[dict[str, Any]]:
    """The thread's states, newest first; `before`: only those older than this checkpoint."""
    config = config_of(session_id, checkpoint)
    older = None if before is None else config_of(session_id, {"checkpoint_id": before})
    history = graph.aget_state_history(config, filter=metadata, before=older, limit=limit)
    return [shown(one) async for one in history]


def shown(found: StateSnapshot) -> dict[str, Any]:
    """A snapshot as JSON."""
    exists = found.created_at is not None
    return {
        "values": to_json(found.values),
        "next": list(found.next),
        "tasks": [
            {
                "id": task.id,
                "name": task.name,
                "path": to_json(task.path),
                "error": None if task.error is None else str(task.error),
                "interrupts": [
                    {"id": one.id, "value": to_json(one.value)}
                    for one in task.interrupts
                    if not is_stop(one.value)
                ],
                "checkpoint": _checkpoint(task.state) if isinstance(task.state, dict) else None,
                "state": shown(task.state) if isinstance(task.state, StateSnapshot) else None,
                "result": to_json(task.result),
            }
            for task in found.tasks
        ],
        "metadata": _metadata(found) if exists else None,
        "created_at": found.created_at,
        "checkpoint": _checkpoint(found.config) if exists else None,
        "parent_checkpoint": _checkpoint(found.parent_config),
        "interrupts": [
            {"id": one.id, "value": to_json(one.value)}
            for one in found.interrupts
            if not is_stop(one.value)
        ],
        "checkpoint_id": _id(found.config) if exists else None,
        "parent_checkpoint_id": _id(found.parent_config),
    }


def _metadata(found: StateSnapshot) -> dict[str, Any]:
    given: dict[str, Any] = dict(found.metadata or {})
    run_id = given.get(RUN_KEY)
    kept = {key: value for key, value in given.items() if not key.startswith(SERVERS_KEYS)}
    if run_id is not None:
        kept["run_id"] = run_id
    conf = found.config["configurable"]
    kept["thread_id"] = conf.get("thread_id")
    if namespace := conf.get("checkpoint_ns"):
        # LangGraph keeps the whole config of who called a subgraph beside its states.
        kept |= dict.fromkeys(NAMESPACE_KEYS, namespace)
        kept["checkpoint_map"] = kept.get("parents", {})
    shown: dict[str, Any] = to_json(kept)
    return shown


def _id(config: RunnableConfig | None) -> str | None:
    return None if not config else config["configurable"].get("checkpoint_id")


def _checkpoint(config: Any) -> dict[str, Any] | None:
    conf = (config or {}).get("configurable", {})
    if not conf.get("thread_id"):
        return None
    found = {"thread_id": conf["thread_id"], "checkpoint_ns": conf.get("checkpoint_ns") or ""}
    # That of a subgraph's newest state has none.
    if conf.get("checkpoint_id"):
        found["checkpoint_id"] = conf["checkpoint_id"]
    if conf.get("checkpoint_map"):
        found["checkpoint_map"] = conf["checkpoint_map"]
    return found
