"""A run's events as frames of a stream, from its beginning."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from typing import Any, Protocol

import msgspec

from protocol.errors import ProtocolError
from rpc.events.cursor import Cursor
from rpc.events.encoding import event_params, event_seq, event_type
from rpc.methods.langgraph.shapes import about
from rpc.sessions.threads import Threads
from rpc.storage.records import RunRecord
from rpc.transports.langgraph.beat import HEARTBEAT, Beat
from rpc.transports.langgraph.frames import frame
from rpc.transports.langgraph.part_events import OVER, events_of
from rpc.transports.langgraph.parts import Parts
from rpc.transports.langgraph.written_parts import PROGRESS, STARTED, WrittenParts


class Stored:
    """What the checkpoints of one session are."""

    def __init__(self, threads: Threads, session_id: str) -> None:
        self.threads = threads
        self.session_id = session_id

    async def parents(self, namespace: str, checkpoint_id: str) -> dict[str, str]:
        return await self.threads.parents(self.session_id, namespace, checkpoint_id)

    async def at_step(self, namespace: str, step: int) -> str | None:
        return await self.threads.at_step(self.session_id, namespace, step)

    async def snapshot(self, namespace: str, checkpoint_id: str) -> dict[str, Any] | None:
        place = {"checkpoint_ns": namespace, "checkpoint_id": checkpoint_id}
        try:
            return await self.threads.state(self.session_id, place, subgraphs=False)
        except ProtocolError:
            # It is gone, or its graph's own code has failed on it.
            return None

    async def sent(self, namespace: str, checkpoint_id: str) -> dict[str, Any]:
        try:
            return await self.threads.sent(self.session_id, namespace, checkpoint_id)
        except ProtocolError:
            # As above.
            return {}


def parts_of(threads: Threads, run: RunRecord, modes: Collection[str], *, subgraphs: bool) -> Parts:
    """What makes the parts of a run."""
    command = run.options.command
    # Where it goes on from: the newest state, or the one that was asked for.
    came_from = run.options.checkpoint_id or run.options.came_from
    update = [] if command is None else _pairs(command.update)

    async def values(namespace: str, checkpoint_id: str, channel: str | None = None) -> Any:
        record = await threads.store.read(threads.store.session, run.session_id)
        if record is None:
            return None
        # What its command writes is in the state that it goes on from, also before that is stored.
        told = not namespace and checkpoint_id == came_from
        return await threads.values(
            record,
            checkpoint_id,
            namespace,
            output=True,
            told=told,
            update=update,
            channel=channel,
        )

    return Parts(
        modes,
        values,
        Stored(threads, run.session_id),
        about(run),
        subgraphs=subgraphs,
        came_from=came_from,
        thread_id=run.session_id,
    )


def _pairs(update: Any) -> list[tuple[str, Any]]:
    """What a command writes, by channel."""
    if isinstance(update, Mapping):
        return list(update.items())
    pairs = update if isinstance(update, list) else []
    # Others are refused by the graph, which says so.
    return [(one[0], one[1]) for one in pairs if isinstance(one, list) and len(one) == 2]


class Reads(Protocol):
    """What an answer is made of. `what`: of which, for the log. `cursor`: what it reads, once it does."""

    what: str
    cursor: Cursor | None

    def frames(self) -> AsyncIterator[bytes]:
        """What is to be sent. Raises what a cursor raises."""

    def close(self) -> None:
        """Let go of the events."""


class Ending:
    """One run until it is over. Nothing of it is read but how it stands, however much happens in it."""

    def __init__(self, threads: Threads, run: RunRecord, cursor: Cursor) -> None:
        self.threads = threads
        self.run = run
        self.what = f"run {run.id}"
        self.events = cursor
        # None of its events is behind, since none is read.
        self.cursor: Cursor | None = None
        self.beat: Beat | None = None

    async def frames(self) -> AsyncIterator[bytes]:
        """A heartbeat every `HEARTBEAT_SECONDS`; ends with the run. Raises what a cursor raises."""
        beat = self.beat = Beat(self.events)
        while True:
            turned = self.events.turned
            self.events.stands()
            found = await self.threads.store.read(self.threads.store.run, self.run.id)
            if found is None or found.status in OVER:
                return
            if await beat.pause(turned):
                yield HEARTBEAT

    def close(self) -> None:
        """Let go of the session."""
        if self.beat is not None:
            self.beat.stop()
        self.events.close()


class Reading:
    """One run's parts, from its beginning. `modes`, `subgraphs`: which are wanted. `after`: those up to this are not sent."""

    def __init__(
        self,
        threads: Threads,
        run: RunRecord,
        cursor: Cursor,
        modes: Sequence[str],
        *,
        subgraphs: bool,
        after: tuple[int, int] = (-1, -1),
    ) -> None:
        self.threads = threads
        self.run = run
        self.what = f"run {run.id}"
        self.after = after
        self.events = cursor
        self.cursor: Cursor | None = cursor
        self.beat: Beat | None = None
        self.parts = parts_of(threads, run, modes, subgraphs=subgraphs)
        self.written = WrittenParts(self.parts, run.id, after)
        # Types of events that parts are made of; others are not decoded.
        self.types = frozenset(one.encode() for one in events_of(modes))

    async def frames(self) -> AsyncIterator[bytes]:
        """What is to be sent, at least every `HEARTBEAT_SECONDS`; ends with the run. Raises what a cursor raises."""
        if self.after < (0, 0):
            first = {"run_id": self.run.id, "attempt": 1}
            yield frame("metadata", first, f"{self.run.after}-0")
        mine = self.run.id
        beat = self.beat = Beat(self.events)
        while True:
            changed = self.events.changed
            events = await self.events.ready()
            made: list[bytes] = []
            for event in events:
                if (part := self.written.known(event)) is not None:
                    made += part
                    continue
                kind = event_type(event)
                if kind not in self.types:
                    continue
                if kind == PROGRESS:
                    made += self.written.frame(event)
                    continue
                if kind == STARTED:
                    self.written.forget()
                seq = event_seq(event)
                params = msgspec.json.decode(event_params(event, kind))
                if params["run_id"] != mine:
                    continue
                for index, (name, data) in enumerate(await self.parts.of(kind.decode(), params), 1):
                    if (seq, index) > self.after:
                        made.append(frame(name, data, f"{seq}-{index}"))
                if self.parts.over is not None:
                    break
            if made:
                yield b"".join(made)
                beat.sent()
            if self.parts.over is not None:
                return
            if events:
                continue
            if await beat.pause(changed):
                # One that was in line may have been cancelled there: no event tells that.
                found = await self.threads.store.read(self.threads.store.run, mine)
                if found is None or (found.status in OVER and found.started_at is None):
                    return
                yield HEARTBEAT

    def close(self) -> None:
        """Let go of the events."""
        if self.beat is not None:
            self.beat.stop()
        self.events.close()
