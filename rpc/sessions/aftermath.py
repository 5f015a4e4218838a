"""What follows a run's end beside its events: a webhook is told, and a session that was made for it alone is removed."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from itertools import count
from typing import Any

import anyio
from anyio.abc import TaskGroup

from protocol.errors import ProtocolError
from protocol.sessions import SETTLED
from rpc.outgoing import Refused
from rpc.sessions.service import Sessions
from rpc.storage.records import RunRecord
from rpc.storage.store import StorageBroken, StorageError

log = logging.getLogger("stepwire.sessions")

READ_SECONDS = 30.0
"""How long a session that was made for one run is left to its readers."""

TRIES = 3
"""How often a webhook is called that does not answer well."""

AGAIN_SECONDS = 5.0
"""Between two tries of what the store could not do."""

Post = Callable[[str, Any], Awaitable[int]]
"""Sends a JSON value to an address; the status of the answer. Raises `OSError`, `Refused`."""


class Aftermath:
    """Of one server's runs. `body`: what a webhook is told of a run."""

    def __init__(
        self,
        group: TaskGroup,
        sessions: Sessions,
        post: Post,
        body: Callable[[RunRecord], Awaitable[Any]],
    ) -> None:
        self.group = group
        self.sessions = sessions
        self.post = post
        self.body = body

    def ended(self, run_id: str) -> None:
        """An advance of the run has come to its end."""
        self._begin(f"run {run_id}: what follows its end", self._ended, run_id)

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
        run = await self.sessions.store.read(self.sessions.store.run, run_id)
        if run is None or run.status not in SETTLED:
            return
        if run.options.webhook is not None:
            self._begin(f"run {run_id}: its webhook", self._tell, run, run.options.webhook)
        if run.options.delete_session:
            self._begin(f"session {run.session_id}: its removal", self._remove, run.session_id)

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

    async def _remove(self, session_id: str) -> None:
        await anyio.sleep(READ_SECONDS)
        with suppress(ProtocolError):
            await self.sessions.delete(session_id)
