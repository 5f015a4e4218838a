"""Lists of checkpoints, page by page: what to ask the store for next, and what of it is wanted."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import CheckpointMetadata, get_checkpoint_id
from langgraph.checkpoint.serde.base import SerializerProtocol

from rpc.engine.checkpoints.encoding import decode_metadata
from rpc.storage.store import StoredCheckpoint

PAGE = 16
"""How many checkpoints are read at once: each has all of its values."""

Asked = tuple[str | None, str | None, str | None, int]
"""What a page is asked for by: thread, namespace (None: all of them), older than this id, how many."""


class Listing:
    """One call of `list`. `ask` is what to read next, None at the end; `take` says what of it to yield."""

    def __init__(
        self,
        serde: SerializerProtocol,
        config: RunnableConfig | None,
        filter: Mapping[str, Any] | None,
        before: RunnableConfig | None,
        limit: int | None,
    ) -> None:
        place = config["configurable"] if config else {}
        self.serde = serde
        self.filter = filter or {}
        self.thread_id = str(place["thread_id"]) if config else None
        self.namespace: str | None = place.get("checkpoint_ns")
        self.only: str | None = place.get("checkpoint_id")
        self.before = get_checkpoint_id(before) if before else None
        self.left = limit
        self.size = PAGE
        self.ended = limit is not None and limit <= 0

    def ask(self) -> Asked | None:
        """What to read next."""
        if self.ended:
            return None
        if self.left is not None and not self.filter and not self.only:
            self.size = min(self.size, self.left)
        return self.thread_id, self.namespace, self.before, self.size

    def take(
        self, page: Sequence[StoredCheckpoint]
    ) -> Iterator[tuple[StoredCheckpoint, CheckpointMetadata]]:
        """Those of a page that are wanted."""
        for found in self._ready(page):
            if self.only and found.checkpoint_id != self.only:
                continue
            metadata = decode_metadata(self.serde, found.metadata)
            if any(metadata.get(key) != value for key, value in self.filter.items()):
                continue
            if self.left is not None:
                self.left -= 1
                self.ended = self.ended or self.left == 0
            yield found, metadata
            if self.left == 0:
                return

    def _ready(self, page: Sequence[StoredCheckpoint]) -> Sequence[StoredCheckpoint]:
        """The page without those whose id may go on in the next one: namespaces, and copies, share ids."""
        if len(page) < self.size:
            self.ended = True
            return page
        if self.left is not None and not self.filter and not self.only and self.left <= len(page):
            return page
        last = page[-1].checkpoint_id
        ready = [found for found in page if found.checkpoint_id != last]
        if ready:
            self.before = ready[-1].checkpoint_id
        else:
            self.size *= 2
        return ready
