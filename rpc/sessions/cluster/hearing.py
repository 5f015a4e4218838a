"""What other nodes tell comes to whoever waits for it here; and a look once a second, for what was not heard."""

import asyncio
import logging
from collections.abc import Callable

import anyio

from protocol.events import SessionDeleted
from rpc.events.log import EventLog
from rpc.events.wakeup import WakeUps
from rpc.sparing import Sparing
from rpc.storage.cluster import Bell, Note
from rpc.storage.store import StorageError
from rpc.storage.unreadable import Unreadable

sparing = Sparing(logging.getLogger("stepwire.sessions"))

POLL_SECONDS = 1.0

AT_ONCE = 1000
"""How many sessions are asked for in one query."""

BLIND = "what other nodes do is not seen: %s"


class NodeWakeUps(WakeUps):
    """`WakeUps` of a node: whoever runs the session may be another one. `tell`: tells the others."""

    def __init__(self, tell: Callable[[str], object]) -> None:
        super().__init__()
        self.tell = tell

    def wake(self, session_id: str) -> list[asyncio.Task[None]]:
        heeding = self.heard(session_id)
        self.tell(session_id)
        return heeding

    def heard(self, session_id: str) -> list[asyncio.Task[None]]:
        """Wake whoever runs the session here."""
        return super().wake(session_id)


class Hearing:
    """See the module. `looks`: called where there may be jobs to take."""

    def __init__(
        self,
        node_id: str,
        events: EventLog,
        wakeups: NodeWakeUps,
        bell: Bell,
        looks: Callable[[], object],
    ) -> None:
        self.events = events
        self.wakeups = wakeups
        self.bell = bell
        self.looks = looks
        self.node_id = node_id
        self.loop = asyncio.get_running_loop()
        # By session, its epoch, revision and last event when it was last looked at, and the last event shown here then.
        self.known: dict[str, tuple[int, int, int, int]] = {}
        # Set when all is to be looked at now.
        self.missed = anyio.Event()
        # Other nodes that live; while there are none, nobody is told.
        self.others = 1

    def open(self) -> None:
        """Hear from here on, and tell."""
        self.events.tells = self._tell_events
        self.events.forgets = self._tell_gone
        self.bell.open(self._hears)
        self.bell.ring(Note(self.node_id, hello=True))

    def _tell_events(self, session_id: str, last_seq: int) -> None:
        if self.others:
            self.bell.ring(Note(self.node_id, {session_id: last_seq}))

    def _tell_gone(self, session_id: str) -> None:
        if self.others:
            self.bell.ring(Note(self.node_id, gone=[session_id]))

    # The bell's thread

    def _hears(self, note: Note | None) -> None:
        try:
            self.loop.call_soon_threadsafe(self._heard, note)
        except RuntimeError:
            # The node has ended.
            return

    # On the loop

    def _heard(self, note: Note | None) -> None:
        if note is None or note.hello:
            self.others = max(1, self.others)
            self.missed.set()
            self.looks()
            return
        if note.events or note.told or note.gone:
            self.events.stir()
        for session_id, last_seq in note.events.items():
            self.events.moved(session_id, last_seq)
        for session_id in note.told:
            self.wakeups.heard(session_id)
        for session_id in note.gone:
            self._gone(session_id)
        if note.jobs:
            self.looks()

    async def look(self) -> None:
        """Look once a second, for as long as the node runs."""
        while True:
            self.missed = anyio.Event()
            try:
                await self._looked()
                sparing.over(BLIND)
            except (StorageError, Unreadable) as error:
                sparing.error(BLIND, error)
            with anyio.move_on_after(POLL_SECONDS):
                await self.missed.wait()

    async def _looked(self) -> None:
        there = list(self.events.read | set(self.wakeups.callbacks))
        known: dict[str, tuple[int, int, int, int]] = {}
        for first in range(0, len(there), AT_ONCE):
            some = there[first : first + AT_ONCE]
            # Before the store is asked: one that is made meanwhile is shown, and not among what it found.
            seen = {session_id for session_id in some if self._shown(session_id) > 0}
            found = await self.events.store.heads(some)
            for session_id in some:
                head, before = found.get(session_id), self.known.get(session_id)
                if head is None:
                    # One of which nothing was ever seen may be about to be made.
                    if before is not None or session_id in seen:
                        self._gone(session_id)
                    continue
                shown = self._shown(session_id)
                known[session_id] = (head.epoch, head.revision, head.seq, shown)
                if before is not None and before[:2] != (head.epoch, head.revision):
                    self.wakeups.heard(session_id)
                # What this node has just committed itself is shown in a moment.
                if not self._runs(session_id) or (
                    before is not None and before[3] == shown and before[2] > shown
                ):
                    self.events.moved(session_id, head.seq)
        self.known = known

    def _shown(self, session_id: str) -> int:
        channel = self.events.channels.get(session_id)
        return -1 if channel is None else channel.tail.last_seq

    def _runs(self, session_id: str) -> bool:
        channel = self.events.channels.get(session_id)
        return channel is not None and channel.runs > 0

    def _gone(self, session_id: str) -> None:
        self.wakeups.heard(session_id)
        # Whether it was old or somebody's wish is not known here; most times it is a wish.
        farewell = self.events.emitter(session_id, None).draft(SessionDeleted("request"))
        self.events.gone(session_id, farewell)
