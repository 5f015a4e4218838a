"""A key for each task, the same on every try, that its body can give to the services it calls.

LangGraph's own ids of tasks are made of a checkpoint's id. That is another one where a graph keeps no checkpoints, or where
its first one was not saved before the process died; and what a function calls is counted on when the function is tried again.
So a key is made of where a task is in what was asked:

- a run's id is the root of the keys of the top graph; a task's key is that of the graphs and `@task`s that its body calls,
  with how many it called before in this try;
- in a graph, tasks differ by superstep (counted from where the graph began), path and name;
- a checkpoint that somebody made (an edit, a rewind) is a root of its own: what follows it is another branch;
- edits in place count for the tasks of their superstep.

What cannot be known from a checkpoint itself, the root and the superstep it began with, is kept in its metadata.

Borrowed: `PregelLoop._first` decides whether a graph begins or goes on, and saves the checkpoint of its input; every loop
saves with `checkpoint_config`, whose metadata the saver keeps, and prepares its tasks with `config`; `@task` calls go
through `PregelLoop.accept_push`, with the calling task's config.
"""

import hashlib
from itertools import count
from typing import Any

from langgraph._internal._config import patch_configurable
from langgraph._internal._constants import CONF, CONFIG_KEY_TASK_ID
from langgraph.checkpoint.base import CheckpointMetadata
from langgraph.pregel._loop import PregelLoop
from langgraph.types import PregelExecutableTask
from msgspec import Struct

from rpc.engine.langgraph.names import TASK_KEY

EDITED = "stepwire_edited"
"""The metadata of a checkpoint as it is read for what was edited in place there: a digest of that."""

BEGAN = "stepwire_began"
"""The metadata of a saved checkpoint for its graph's root and first superstep."""

ROOT = "__stepwire_root"
"""The key of a run's `configurable` for the root of its top graph."""

_LINE = "__stepwire_line"
"""That of the tasks of a graph for what they have in common."""

_CALL = "__stepwire_call"
"""That of a `@task` call for its function's key and its number."""

MADE_BY_HAND = ("update", "fork")
"""The sources of checkpoints that no run saved."""


class Line(Struct, frozen=True):
    """What the tasks of one graph's run have in common. `edited`: what was edited in place before superstep `edited_step`."""

    root: str
    began: int
    edited: str = ""
    edited_step: int | None = None


class Tries:
    """What a task's body called in its present try: graphs and `@task`s, counted."""

    def __init__(self) -> None:
        self.again()

    def again(self) -> None:
        """Another try begins."""
        self.graphs, self.calls = count(), count()


def digest(*parts: object) -> str:
    """A text that is the same for the same parts, in every process."""
    return hashlib.blake2b(repr(parts).encode(), digest_size=16).hexdigest()


def root_of(loop: PregelLoop, tries: Tries | None) -> str:
    """The root of a graph's run that begins now; `tries`: of the task whose body calls it."""
    conf = loop.config[CONF]
    holder = conf.get(TASK_KEY) if CONFIG_KEY_TASK_ID in conf else conf.get(ROOT)
    return digest(holder, "graph", next(tries.graphs) if tries is not None else 0)


def prepare(loop: PregelLoop, root: str) -> str:
    """Before a loop's `_first`: what it saves there has its root. Returns the id of the checkpoint it has."""
    _save_with(loop, root)
    return loop.checkpoint["id"]


def begin(loop: PregelLoop, root: str, before: str) -> None:
    """After it: its tasks are given what they have in common. `before`: what `prepare` returned."""
    metadata = loop.checkpoint_metadata
    if loop.checkpoint["id"] != before and metadata.get("source") == "input":
        line = Line(root, metadata["step"])
    else:
        line = _going_on(loop.checkpoint["id"], metadata, root)
    _save_with(loop, f"{line.root} {line.began}")
    loop.config = patch_configurable(loop.config, {_LINE: line})


def _going_on(checkpoint_id: str, metadata: CheckpointMetadata, root: str) -> Line:
    step, edited = metadata.get("step", -1), str(metadata.get(EDITED, ""))
    saved, _, began = str(metadata.get(BEGAN, "")).partition(" ")
    if metadata.get("source") in MADE_BY_HAND or not saved:
        # By hand, or by a version that kept no root.
        saved, began = checkpoint_id, str(step)
    return Line(saved, int(began) if began else step, edited, step + 1)


def _save_with(loop: PregelLoop, began: str) -> None:
    config = loop.checkpoint_config
    metadata: dict[str, Any] = {**config.get("metadata", {}), BEGAN: began}
    loop.checkpoint_config = {**config, "metadata": metadata}


def called(task: PregelExecutableTask, caller: PregelExecutableTask, tries: Tries | None) -> None:
    """`caller`'s body calls `task`, a `@task`."""
    number = next(tries.calls) if tries is not None else 0
    task.config[CONF][_CALL] = (key_of(caller), number)


def is_call(task: PregelExecutableTask) -> bool:
    """Whether a function called it, a `@task`."""
    return task.path[-1] is True


def key_of(task: PregelExecutableTask) -> str:
    """A task's key."""
    conf = task.config[CONF]
    if is_call(task) and (call := conf.get(_CALL)) is not None:
        return digest(*call, task.name)
    line: Line | None = conf.get(_LINE)
    if line is None:
        return task.id
    step = task.config.get("metadata", {}).get("langgraph_step", 0)
    edited = line.edited if step == line.edited_step else ""
    return digest(line.root, step - line.began, edited, task.path, task.name)


def give(task: PregelExecutableTask, key: str) -> None:
    """Put a task's key where its body finds it, and what traces it."""
    task.config[CONF][TASK_KEY] = key
    task.config.setdefault("metadata", {})[TASK_KEY] = key
