"""Which checkpoints of a thread may go: decisions without I/O.

A `DeltaChannel` stores what its tasks wrote, and its value now and then. So a checkpoint without the value of such a
channel needs those before it, back to one that has it. LangGraph counts the steps since then in the metadata, under
`counters_since_delta_snapshot`: that is how a thread's delta channels are known.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from rpc.storage.store import CheckpointOutline

Place = tuple[str, str]
"""A namespace and a checkpoint's id."""

Outlines = Mapping[Place, tuple[CheckpointOutline, Mapping[str, Any]]]
"""A thread's checkpoints with their metadata."""


def of_thread(
    outlines: Outlines, keep_ids: Collection[str], before_ms: int | None = None
) -> list[Place]:
    """Those that may go: all but the newest of each namespace, those with the ids, and what these need.

    `before_ms`: only those made before this time, in milliseconds since 1970. A call of a subgraph goes with the
    top graph's checkpoint that it was made at: nothing can read it any more.
    """
    newest: dict[str, str] = {}
    for namespace, checkpoint_id in outlines:
        newest[namespace] = max(newest.get(namespace, ""), checkpoint_id)
    kept = {
        (namespace, checkpoint_id)
        for (namespace, checkpoint_id), (outline, _) in outlines.items()
        if checkpoint_id == newest[namespace]
        or checkpoint_id in keep_ids
        or (before_ms is not None and outline.created_at >= before_ms)
    }
    kept |= _needed(outlines, kept)
    for namespace, checkpoint_id in newest.items():
        root = outlines[namespace, checkpoint_id][1].get("parents", {}).get("")
        # The namespace of one call ends with its task's id; one without outlives the call.
        if ":" in namespace and ("", root) in outlines and ("", root) not in kept:
            kept = {one for one in kept if one[0] != namespace or one[1] in keep_ids}
    kept |= _needed(outlines, kept)
    return [one for one in outlines if one not in kept]


def of_runs(outlines: Outlines, wanted: Callable[[Place], bool]) -> list[Place]:
    """Those that are wanted gone, except what the others need."""
    kept = {one for one in outlines if not wanted(one)}
    kept |= _needed(outlines, kept)
    return [one for one in outlines if one not in kept]


def _needed(outlines: Outlines, kept: Collection[Place]) -> set[Place]:
    """What the delta channels of those kept are made of."""
    deltas: dict[str, set[str]] = {}
    for (namespace, _), (_, metadata) in outlines.items():
        counters = metadata.get("counters_since_delta_snapshot") or {}
        deltas.setdefault(namespace, set()).update(counters)
    needed: set[Place] = set()
    for namespace, checkpoint_id in kept:
        for channel in deltas[namespace]:
            needed.update(_chain(outlines, namespace, checkpoint_id, channel))
    return needed


def _chain(outlines: Outlines, namespace: str, checkpoint_id: str, channel: str) -> Sequence[Place]:
    """The checkpoints before this one, back to one that has the channel's value."""
    chain: list[Place] = []
    at = outlines[namespace, checkpoint_id][0]
    # One that has no version of the channel yet is where its first writes are, and nothing is before them.
    while channel in at.without:
        place = (namespace, at.parent_id or "")
        # An id that was put again below one of its own descendants makes a ring.
        if place not in outlines or place in chain:
            break
        chain.append(place)
        at = outlines[place][0]
    return chain
