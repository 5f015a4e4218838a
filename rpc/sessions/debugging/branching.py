"""Which line of a graph's history each checkpoint is on, as a drawing of it needs. A decision without I/O."""

from collections.abc import Iterable
from itertools import count

from rpc.storage.store import CheckpointOutline


def branches(outlines: Iterable[CheckpointOutline]) -> dict[str, int]:
    """By checkpoint, the number of its branch in its graph: 0 for what came first and all that followed from it in a row.

    A checkpoint whose parent has been followed already (after a rewind, or an edit at an earlier place) begins the next one, as
    does one whose parent is not there any more.
    """
    found: dict[str, int] = {}
    # By namespace: the next number; and the checkpoints that were followed.
    numbers: dict[str, count[int]] = {}
    followed: set[tuple[str, str]] = set()
    # Ids grow with time.
    for one in sorted(outlines, key=lambda outline: outline.checkpoint_id):
        parent = one.parent_id
        place = (one.namespace, parent or "")
        if parent is not None and parent in found and place not in followed:
            followed.add(place)
            found[one.checkpoint_id] = found[parent]
        else:
            found[one.checkpoint_id] = next(numbers.setdefault(one.namespace, count()))
    return found
