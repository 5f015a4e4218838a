"""What only the node that advances a session knows is told to the store, for who asks another node."""

import logging

import anyio

from rpc.events.log import EventLog
from rpc.sessions.running.executor import Job
from rpc.sparing import Sparing
from rpc.storage.line import RefusedError
from rpc.storage.store import StorageError
from rpc.storage.units import PutHits, Unit

sparing = Sparing(logging.getLogger("stepwire.sessions"))

TELL_SECONDS = 0.5
"""How often: another node's answer is older than a second only where the store is slower than that."""

UNTOLD = "how often breakpoints were reached is not told to other nodes: %s"


class Telling:
    """How often breakpoints were reached in `jobs`, by session."""

    def __init__(self, events: EventLog, jobs: dict[str, Job]) -> None:
        self.events = events
        self.jobs = jobs
        # What was told last, by session: its epoch and the hits.
        self.told: dict[str, tuple[int, dict[str, int]]] = {}

    async def tell(self) -> None:
        """For as long as the node runs."""
        while True:
            await anyio.sleep(TELL_SECONDS)
            try:
                await self.look()
                sparing.over(UNTOLD)
            except StorageError as error:
                sparing.error(UNTOLD, error)

    async def look(self) -> None:
        """Tell what is new. Raises `StorageError`."""
        now = {
            job.session_id: (job.held, job.gate.hits())
            for job in list(self.jobs.values())
            if job.gate is not None and job.held is not None
        }
        for session_id, (epoch, hits) in now.items():
            if hits and self.told.get(session_id) != (epoch, hits):
                try:
                    row = PutHits(session_id, epoch, hits)
                    await self.events.commit(Unit(session_id, [], [row], fence=epoch))
                except RefusedError:
                    # It rests, which tells them too, or it is somebody else's.
                    continue
        self.told = now
