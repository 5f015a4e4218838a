"""What follows a run's end beside its events: a webhook is told, and a session that was made for it alone is removed.

It is due from the run's beginning, in the store, until it is done: who stops meanwhile leaves it to the next server, or
another node. So a webhook may be told twice of one end, and is not left untold.
"""

import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from itertools import count
from typing import Any

import anyio
from anyio.abc import TaskGroup

from protocol.errors import ProtocolError
from protocol.sessions import SETTLED
from rpc.clock import now_ms
from rpc.outgoing import Refused
from rpc.sessions.new_ids import new_id
from rpc.sessions.service import Sessions
from rpc.sparing import Sparing
from rpc.storage.records import Due, RunRecord
from rpc.storage.store import StorageBroken, StorageError
from rpc.storage.units import EndDue, LeaveDue, Row, TakeDue, Unit
from rpc.storage.unreadable import Unreadable

log = logging.getLogger("stepwire.sessions")

sparing = Sparing(log)

NEVER = 1 << 62
"""A time that is not before anything ends."""

READ_SECONDS = 30.0
"""How long a session that was made for one run is left to its readers."""

TRIES = 3
"""How often a webhook is called that does not answer well, each time that it is begun with."""

BEGUN = 3
"""How often it is begun with: whoever did it stopped meanwhile."""

DOING_SECONDS = 120.0
"""How long doing it takes at most; whoever has not done it then has ended."""

LEAVING_SECONDS = 2.0
"""How long a node that stops tries to say so."""

LOOK_SECONDS = 30.0
"""Between two looks at what others have left."""

LOOKED_AT = 100
"""How much of that is read at once."""

AGAIN_SECONDS = 5.0
"""Between two tries of what the store could not do."""

Post = Callable[[str, Any], Awaitable[int]]
"""Sends a JSON value to an address; the status of the answer. Raises `OSError`, `Refused`."""


class Aftermath:
    """Of one server's runs. `body`: what a webhook is told of a run. `node_id`: this process. `alone`: no other one has the store."""

    def __init__(
        self,
        group: TaskGroup,
        sessions: Sessions,
        post: Post,
        body: Callable[[RunRecord], Awaitable[Any]],
        node_id: str,
        *,
        alone: bool,
    ) -> None:
        self.group = group
        self.sessions = sessions
        self.store = sessions.store
        self.post = post
        self.body = body
        self.node_id = node_id
        self.alone = alone
        # The runs whose aftermath is done here now.
        self.doing: set[str] = set()

    def ended(self, run_id: str) -> None:
        """An advance of the run has come to its end."""
        self._begin(f"run {run_id}: what follows its end", self._ended, run_id)

    async def look(self) -> None:
        """Do what nobody does, or has done in time, for as long as the server runs."""
        # What is there now was left by a process before this one, where there are no others.
        before = NEVER if self.alone else now_ms()
        while True:
            try:
                await self._look(before)
            except StorageError as error:
                sparing.error("what follows the ends of runs could not be looked for: %s", error)
            await anyio.sleep(LOOK_SECONDS)
            before = now_ms()

    async def _look(self, before: int) -> None:
        after = ""
        while dues := await self.store.dues(LOOKED_AT, after):
            for due in dues:
                if due.at <= before and due.run_id not in self.doing:
                    self._begin(f"run {due.run_id}: what follows its end", self._follow, due)
            after = dues[-1].run_id

    def _begin(self, what: str, do: Callable[..., Awaitable[None]], *args: Any) -> None:
        self.group.start_soon(self._through, what, do, args)

    async def _through(
        self, what: str, do: Callable[..., Awaitable[None]], args: Sequence[Any]
    ) -> None:
        """Do it, again where the store could not; whatever comes of it is nobody else's."""
        for attempt in count():
            try:
                await do(*args)
                return
            except StorageBroken as error:
                log.error("%s is left out: %s", what, error)
                return
            except StorageError as error:
                if attempt == 0:
                    log.warning("%s waits for the store: %s", what, error)
                await anyio.sleep(AGAIN_SECONDS)
            except Exception:
                # The border of a task: else it would end the server.
                log.exception("%s is left out", what)
                return

    async def _ended(self, run_id: str) -> None:
        due = await self.store.read(self.store.due, run_id)
        if due is not None and due.at == 0:
            await self._follow(due)

    async def _follow(self, due: Due) -> None:
        """Do what is due, unless it is being done, or the run goes on."""
        if due.run_id in self.doing:
            return
        self.doing.add(due.run_id)
        by = f"{self.node_id} {new_id()}"
        done = False
        try:
            done = await self._done(due, by)
        except anyio.get_cancelled_exc_class():
            if not self.alone:
                await self._left(due.run_id, by)
            raise
        finally:
            if not done:
                self.doing.discard(due.run_id)
        if done:
            self._begin(f"run {due.run_id}: that its end is done", self._end, due.run_id, by)

    async def _done(self, due: Due, by: str) -> bool:
        """Whether it was done now, and not by somebody else."""
        try:
            run = await self.store.read(self.store.run, due.run_id)
        except Unreadable:
            return False
        if run is None or run.status not in SETTLED:
            return False
        at = now_ms() + round(DOING_SECONDS * 1000)
        await self._commit(TakeDue(run.id, due.at, at, by))
        taken = await self.store.read(self.store.due, run.id)
        if taken is None or taken.taken_by != by:
            return False
        began = anyio.current_time()
        if run.options.webhook is not None:
            if taken.tries <= BEGUN:
                await self._tell(run, run.options.webhook)
            else:
                log.warning(
                    "run %s: its webhook is given up: each server that called it has stopped",
                    run.id,
                )
        if run.options.delete_session:
            await self._remove(run.session_id, began)
        return True

    async def _left(self, run_id: str, by: str) -> None:
        """This node stops: others need not wait until it must have done it."""
        with anyio.move_on_after(LEAVING_SECONDS, shield=True), suppress(StorageError):
            await self._commit(LeaveDue(run_id, by))

    async def _end(self, run_id: str, by: str) -> None:
        await self._commit(EndDue(run_id, by))
        self.doing.discard(run_id)

    async def _commit(self, row: Row) -> None:
        await self.sessions.events.commit(Unit(None, [], [row]))

    async def _tell(self, run: RunRecord, url: str) -> None:
        body, came = await self.body(run), ""
        for attempt in range(TRIES):
            await anyio.sleep(attempt)
            try:
                status = await self.post(url, body)
            except Refused as error:
                log.warning("run %s: its webhook is not called: %s", run.id, error)
                return
            except OSError as error:
                came = f"cannot be reached: {error}"
                log.warning("run %s: its webhook %s", run.id, came)
            else:
                came = f"answered {status}"
                if status >= 300:
                    log.warning("run %s: its webhook %s", run.id, came)
                if status < 500:
                    return
        log.warning("run %s: its webhook is given up after %d tries: %s", run.id, TRIES, came)

    async def _remove(self, session_id: str, since: float) -> None:
        await anyio.sleep_until(since + READ_SECONDS)
        with suppress(ProtocolError):
            await self.sessions.delete(session_id)
