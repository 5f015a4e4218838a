"""What nodes write to their stream, as parts of LangGraph's: a run may have a thousand times as many as of all other events.

So they are neither decoded nor encoded again. Of an event's bytes only what stands around the value is looked at, and that is decoded once
for all that have the same around it.
"""

from collections.abc import Sequence

import msgspec
from msgspec import Struct

from rpc.events.encoding import TO_BODY_BYTES
from rpc.transports.langgraph.frames import framed, on_a_line
from rpc.transports.langgraph.parts import Parts

PROGRESS = b"progress"
"""The events that tell of it."""

STARTED = b"node.started"
"""What tells where a task is, by which the parts of what it writes are called."""

MANY = 1024
"""Of how many tasks that write it is kept what stands around what each writes."""

_NOT_WANTED: Sequence[bytes] = ()

_DATA = b'"data":'
_BEHIND = b',"node":'
_SEQ = b',"seq":'


class Written(Struct, frozen=True, gc=False):
    """What is read of a `progress` event. `data`: as it stands in its bytes."""

    run_id: str
    seq: int
    data: msgspec.Raw
    path: str | None = None
    task_id: str | None = None


class _Progress(Struct, frozen=True, gc=False):
    params: Written


_decoded = msgspec.json.Decoder(_Progress).decode


class WrittenParts:
    """Those of one run. `after`: those up to this are not wanted."""

    def __init__(self, parts: Parts, run_id: str, after: tuple[int, int]) -> None:
        self.parts = parts
        self.run_id = run_id
        self.after = after
        # What stands before the number of each.
        self.head: bytes | None = None
        # The names of parts, by what stands behind the value.
        self.names: dict[bytes, bytes] = {}

    def known(self, event: bytes) -> Sequence[bytes] | None:
        """The event as a part of the stream, none where that is not wanted; None where it has to be looked at by `frame`."""
        if self.head is None or not event.startswith(self.head):
            return None
        begins = len(self.head)
        ends = event.find(b",", begins)
        at = ends + TO_BODY_BYTES
        # The last one is the event's own: in a text its quotes would be escaped, and nothing with a name follows that has another.
        behind = event.rfind(_BEHIND)
        name = self.names.get(event[behind:])
        if name is None or not event.startswith(_DATA, at):
            return None
        seq = event[begins:ends]
        if (int(seq), 1) <= self.after:
            return _NOT_WANTED
        return [framed(name, event[at + len(_DATA) : behind], b"%b-1" % seq)]

    def frame(self, event: bytes) -> Sequence[bytes]:
        """The same, of any `progress` event: it is decoded."""
        written = _decoded(event).params
        if written.run_id != self.run_id:
            return _NOT_WANTED
        called = self.parts.custom(written.task_id, written.path)
        if called is None:
            return _NOT_WANTED
        name = on_a_line(called)
        behind = event.rfind(_BEHIND)
        if behind >= 0:
            self.head = event[: event.index(_SEQ) + len(_SEQ)]
            if len(self.names) >= MANY:
                self.names.clear()
            self.names[event[behind:]] = name
        if (written.seq, 1) <= self.after:
            return _NOT_WANTED
        return [framed(name, bytes(written.data), b"%d-1" % written.seq)]

    def forget(self) -> None:
        """Where more is known of where tasks are, their parts may be called otherwise."""
        self.names.clear()
