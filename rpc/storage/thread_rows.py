"""A thread as plain LangGraph keeps it on PostgreSQL: rows of the tables of `langgraph-checkpoint-postgres`, without the thread's id."""

from msgspec import Struct


class ThreadCheckpoint(Struct, frozen=True):
    """A row of `checkpoints`; `checkpoint` and `metadata` are JSON, UTF-8."""

    namespace: str
    checkpoint_id: str
    parent_id: str | None
    checkpoint: bytes
    metadata: bytes


class ThreadValue(Struct, frozen=True):
    """A row of `checkpoint_blobs`: a channel's value in one version; `data` is None where it has none."""

    namespace: str
    channel: str
    version: str
    kind: str
    data: bytes | None


class ThreadWrite(Struct, frozen=True):
    """A row of `checkpoint_writes`: what a task wrote at a checkpoint."""

    namespace: str
    checkpoint_id: str
    task_id: str
    task_path: str
    position: int
    channel: str
    kind: str
    data: bytes


class ThreadRows(Struct, frozen=True):
    """Some of a thread's rows, or all; checkpoints the oldest first."""

    checkpoints: list[ThreadCheckpoint]
    values: list[ThreadValue]
    writes: list[ThreadWrite]
