"""Checkpoints without what they hold, for those who decide what may be deleted."""

import sqlite3
from collections.abc import Sequence

import msgspec

from rpc.storage.decoding import versions_of
from rpc.storage.store import CheckpointOutline


def outlines(connection: sqlite3.Connection, thread_id: str) -> list[CheckpointOutline]:
    """All checkpoints of a thread."""
    values = frozenset(
        connection.execute(
            "SELECT namespace, channel, version FROM channel_values WHERE thread_id = ?",
            (thread_id,),
        )
    )
    rows = connection.execute(
        "SELECT namespace, checkpoint_id, parent_id, created_at, versions, metadata"
        " FROM checkpoints WHERE thread_id = ?",
        (thread_id,),
    )
    found: list[CheckpointOutline] = []
    for namespace, checkpoint_id, parent_id, created_at, encoded, metadata in rows:
        versions = versions_of(encoded, thread_id, checkpoint_id)
        without = frozenset(
            channel
            for channel, version in versions.items()
            if (namespace, channel, version) not in values
        )
        found.append(
            CheckpointOutline(
                thread_id,
                namespace,
                checkpoint_id,
                parent_id,
                created_at,
                versions,
                without,
                metadata,
            )
        )
    return found


def of_runs(connection: sqlite3.Connection, run_ids: Sequence[str]) -> list[tuple[str, str, str]]:
    """The checkpoints that these runs made."""
    return connection.execute(
        "SELECT c.thread_id, c.namespace, c.checkpoint_id FROM json_each(?) j"
        " JOIN checkpoints c ON c.run_id = j.value",
        (msgspec.json.encode(run_ids).decode(),),
    ).fetchall()
