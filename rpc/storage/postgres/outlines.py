"""Checkpoints without what they hold, for those who decide what may be deleted."""

from collections.abc import Sequence
from typing import Any

from psycopg import Connection

from rpc.storage.decoding import versions_of
from rpc.storage.postgres.reading import rows
from rpc.storage.store import CheckpointOutline


def outlines(connection: Connection[Any], thread_id: str) -> list[CheckpointOutline]:
    """All checkpoints of a thread."""
    # Which values are missing is asked of the same moment.
    found = rows(
        connection,
        """SELECT c.namespace, c.checkpoint_id, c.parent_id, c.created_at, c.versions::text, c.metadata,
                (SELECT array_agg(j.key) FROM json_each_text(c.versions) j WHERE NOT EXISTS (
                    SELECT 1 FROM channel_values v WHERE v.thread_id = c.thread_id
                        AND v.namespace = c.namespace AND v.channel = j.key AND v.version = j.value))
            FROM checkpoints c WHERE c.thread_id = $1""",
        thread_id,
    )
    return [
        CheckpointOutline(
            thread_id,
            namespace,
            checkpoint_id,
            parent_id,
            created_at,
            versions_of(versions, thread_id, checkpoint_id),
            frozenset(without or ()),
            metadata,
        )
        for namespace, checkpoint_id, parent_id, created_at, versions, metadata, without in found
    ]


def of_runs(connection: Connection[Any], run_ids: Sequence[str]) -> list[tuple[str, str, str]]:
    """The checkpoints that these runs made."""
    found = rows(
        connection,
        "SELECT thread_id, namespace, checkpoint_id FROM checkpoints WHERE run_id = ANY($1::text[])",
        list(run_ids),
    )
    return [(row[0], row[1], row[2]) for row in found]
