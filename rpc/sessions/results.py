"""Results of runs: what is stored of one, and how it is read again.

A graph's output is the end of its state, which its last checkpoint has already: a run's record and its event refer to
that, or a long conversation would be stored once more with each answer.
"""

import logging
from typing import Any

import anyio.to_thread

from rpc.engine.graphs.registry import Graphs
from rpc.engine.running.advance import Completed
from rpc.engine.thread.output import output_at
from rpc.engine.values.to_json import encode
from rpc.sparing import Sparing
from rpc.storage.records import ResultAt, RunRecord, SessionRecord
from rpc.storage.store import StorageError, Store

sparing = Sparing(logging.getLogger("stepwire.sessions"))

EMBEDDED_BYTES = 4096
"""Results up to this size are stored as they are: to read a checkpoint costs more."""


class Results:
    """The results of one server's runs."""

    def __init__(self, store: Store, graphs: Graphs) -> None:
        self.store = store
        self.graphs = graphs

    async def place(self, session: SessionRecord, outcome: Completed) -> ResultAt | None:
        """Where the result can be read again, the same byte by byte; None where it must be stored itself."""
        loaded = self.graphs.find(session.graph)
        if outcome.checkpoint_id is None or loaded is None:
            return None
        text = encode(outcome.output)
        if len(text) <= EMBEDDED_BYTES:
            return None
        channels = loaded.graph.output_channels
        at = ResultAt(
            outcome.checkpoint_id, channels if isinstance(channels, str) else list(channels)
        )
        try:
            again = encode(await self._read(session, at))
        except (LookupError, StorageError):
            return None
        return at if again == text else None

    async def of(self, session: SessionRecord, run: RunRecord) -> Any:
        """A run's result, a JSON value; null where it is lost, which is logged. Raises `StorageError`."""
        if run.result_at is None:
            return run.result
        try:
            return await self._read(session, run.result_at)
        except LookupError as error:
            if await self.store.read(self.store.session, session.id) is not None:
                sparing.error("the result of run %s is lost: %s", run.id, error)
            return None

    async def text(self, session_id: str, at: ResultAt) -> bytes | None:
        """A result as its event has it, `null` where it is lost, which is logged; None where the session is gone.

        Raises `StorageError`.
        """
        session = await self.store.read(self.store.session, session_id)
        if session is None:
            return None
        try:
            return encode(await self._read(session, at))
        except LookupError as error:
            if await self.store.read(self.store.session, session_id) is None:
                return None
            sparing.error("a result of session %s is lost: %s", session_id, error)
            return b"null"

    async def _read(self, session: SessionRecord, at: ResultAt) -> Any:
        """Raises `LookupError`, `StorageError`."""
        loaded = self.graphs.find(session.graph)
        # Not in one of the threads that nodes run in, which may all be taken.
        return await anyio.to_thread.run_sync(
            output_at,
            self.store,
            None if loaded is None else loaded.graph,
            session.id,
            at.checkpoint_id,
            at.channels,
        )
