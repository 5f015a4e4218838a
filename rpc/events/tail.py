"""The newest committed events of one session, in memory: a decision without I/O."""

from collections import deque
from itertools import islice

from rpc.storage.units import Chunk


class Tail:
    """A bounded run of chunks that ends at `last_seq`."""

    def __init__(self, last_seq: int, limit_bytes: int) -> None:
        # The number of the session's last committed event.
        self.last_seq = last_seq
        # How much is kept; the newest chunk may be larger and is then not kept at all.
        self.limit_bytes = limit_bytes
        self.chunks: deque[Chunk] = deque()
        self.size = 0

    def push(self, chunk: Chunk) -> None:
        """Append what was just committed; drop the oldest past the bound.

        What others have committed in between is not here: readers that want it read the store.
        """
        if chunk.first_seq != self.last_seq + 1:
            self.drop()
        self.last_seq = chunk.last_seq
        self.chunks.append(chunk)
        self.size += chunk.size
        while self.size > self.limit_bytes and self.chunks:
            self.size -= self.chunks.popleft().size

    def moved(self, last_seq: int) -> None:
        """Others have committed events up to this one, which are not here."""
        self.drop()
        self.last_seq = last_seq

    def drop(self) -> None:
        """Keep nothing: readers that lag read the store."""
        self.chunks.clear()
        self.size = 0

    def read(self, after: int, limit_bytes: int) -> list[bytes] | None:
        """The events past `after`, up to about `limit_bytes` and at least one.

        An empty list: there are none yet. None: they are older than what is kept, read the store.
        """
        if after >= self.last_seq:
            return []
        if not self.chunks or after + 1 < self.chunks[0].first_seq:
            return None
        found: list[bytes] = []
        size = 0
        # Most readers are near the end.
        at = len(self.chunks) - 1
        while self.chunks[at].first_seq > after + 1:
            at -= 1
        for chunk in islice(self.chunks, at, None):
            skip = max(0, after + 1 - chunk.first_seq)
            found += chunk.events[skip:] if skip else chunk.events
            size += chunk.size
            if size >= limit_bytes:
                break
        return found
