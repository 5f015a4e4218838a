"""What a delta channel is made of: its last stored value, and what tasks wrote since, along the parents."""

from collections.abc import Callable, Sequence

from langgraph.checkpoint.base import DeltaChannelHistory, PendingWrite
from langgraph.checkpoint.serde.base import SerializerProtocol

from rpc.engine.checkpoints.encoding import decode_value
from rpc.storage.store import StoredCheckpoint


def history(
    serde: SerializerProtocol,
    find: Callable[[str], StoredCheckpoint | None],
    target: StoredCheckpoint | None,
    channels: Sequence[str],
) -> dict[str, DeltaChannelHistory]:
    """By channel; only these channels are decoded. `find`: a checkpoint of the target's namespace by its id."""
    # Writes are gathered newest first.
    writes: dict[str, list[PendingWrite]] = {channel: [] for channel in channels}
    found: dict[str, DeltaChannelHistory] = {channel: {"writes": []} for channel in channels}
    open_channels = set(channels)
    passed = set[str]()
    parent_id = target.parent_id if target else None
    while parent_id and open_channels and parent_id not in passed:
        passed.add(parent_id)
        at = find(parent_id)
        if at is None:
            break
        for task_id, channel, kind, data, _, _ in reversed(at.writes):
            if channel in open_channels:
                writes[channel].append((task_id, channel, decode_value(serde, kind, data)))
        for channel, kind, data in at.values:
            if channel in open_channels:
                found[channel]["seed"] = decode_value(serde, kind, data)
                open_channels.discard(channel)
        parent_id = at.parent_id
    for channel in channels:
        found[channel]["writes"] = writes[channel][::-1]
    return found
