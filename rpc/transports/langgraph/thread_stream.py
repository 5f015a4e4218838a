"""All runs of a thread as one stream, which goes on from run to run: each in the modes that it was started with."""

from collections.abc import AsyncIterator, Collection
from typing import Any

import msgspec

from protocol.errors import ProtocolError
from protocol.sessions import ACTIVE
from rpc.events.cursor import Cursor
from rpc.events.encoding import event_params, event_seq, event_type
from rpc.sessions.threads import Threads
from rpc.storage.records import RunRecord
from rpc.transports.langgraph.beat import HEARTBEAT, Beat
from rpc.transports.langgraph.frames import frame
from rpc.transports.langgraph.parts import Parts
from rpc.transports.langgraph.reading import parts_of

BEHIND = 1 << 30
"""Behind all parts of an event."""


class ThreadReading:
    """A thread's parts from now on, or behind `after`. `wanted`: `run_modes`, `lifecycle`, `state_update`."""

    def __init__(
        self,
        threads: Threads,
        session_id: str,
        wanted: Collection[str],
        after: tuple[int, int] | None,
    ) -> None:
        self.threads = threads
        self.session_id = session_id
        self.what = f"thread {session_id}"
        self.wanted = wanted
        self.after = after
        self.parts: dict[str, Parts | None] = {}
        self.cursor: Cursor | None = None
        self.beat: Beat | None = None

    async def _start(self) -> tuple[int, tuple[int, int]]:
        """Behind which event is read, and behind which part of which event is sent: a run is read from its beginning."""
        record = await self.threads.sessions.record(self.session_id)
        if self.after is not None:
            runs = await self.threads.runs(self.session_id)
            begun = next((one for one in runs if one.after <= self.after[0]), None)
            first = max(0, record.first_seq - 1)
            return (first if begun is None else max(first, begun.after)), self.after
        run = (
            None
            if record.run_id is None
            else await self.threads.store.read(self.threads.store.run, record.run_id)
        )
        active = run is not None and record.status in ACTIVE
        return (run.after if active and run is not None else record.seq), (record.seq, BEHIND)

    async def frames(self) -> AsyncIterator[bytes]:
        """What is to be sent, at least every `HEARTBEAT_SECONDS`. Raises what a cursor raises."""
        start, after = await self._start()
        self.cursor = cursor = await self.threads.sessions.cursor(self.session_id, start)
        beat = self.beat = Beat(cursor)
        while True:
            changed = cursor.changed
            events = await cursor.ready()
            made: list[bytes] = []
            for event in events:
                seq, kind = event_seq(event), event_type(event)
                params = msgspec.json.decode(event_params(event, kind))
                for index, (name, data) in enumerate(await self._of(kind.decode(), params)):
                    if (seq, index) > after and self._wants(name):
                        made.append(frame(name, data, f"{seq}-{index}"))
            if made:
                yield b"".join(made)
                beat.sent()
            if events:
                continue
            if await beat.pause(changed):
                yield HEARTBEAT

    def _wants(self, name: str) -> bool:
        if name == "state_update":
            return name in self.wanted
        return "run_modes" in self.wanted or ("lifecycle" in self.wanted and name == "metadata")

    async def _of(self, kind: str, event: dict[str, Any]) -> list[tuple[str, Any]]:
        run_id = event["run_id"]
        made: list[tuple[str, Any]] = []
        if kind == "debug.changed" and "state_update" in self.wanted:
            made += await self._updated(event["checkpoint_id"])
        if not run_id:
            return made
        if run_id not in self.parts:
            run = await self.threads.store.read(self.threads.store.run, run_id)
            self.parts[run_id] = None if run is None else self._parts(run)
            if run is not None:
                made.append(("metadata", {"run_id": run_id, "attempt": 1}))
        parts = self.parts[run_id]
        if parts is None:
            return made
        parts.over = None
        made += await parts.of(kind, event)
        if parts.over is not None:
            made.append(("metadata", {"status": "run_done", "run_id": run_id}))
        return made

    def _parts(self, run: RunRecord) -> Parts:
        modes = run.options.modes or ["values"]
        return parts_of(self.threads, run, modes, subgraphs=run.options.subgraphs)

    async def _updated(self, checkpoint_id: str) -> list[tuple[str, Any]]:
        try:
            state = await self.threads.state(
                self.session_id, {"checkpoint_id": checkpoint_id}, subgraphs=False
            )
        except ProtocolError:
            # It is gone by now.
            return []
        return [("state_update", {"state": state, "thread_id": self.session_id})]

    def close(self) -> None:
        """Let go of the events."""
        if self.beat is not None:
            self.beat.stop()
        if self.cursor is not None:
            self.cursor.close()
