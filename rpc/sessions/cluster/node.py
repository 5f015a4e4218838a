"""A node of a cluster: its parts, begun and ended in order."""

import logging
from collections.abc import Callable, Mapping
from functools import partial

import anyio
from anyio.abc import TaskGroup

from rpc.sessions.cluster.beating import Beating
from rpc.sessions.cluster.executor import NodeExecutor
from rpc.sessions.cluster.hearing import Hearing, NodeWakeUps
from rpc.sessions.cluster.keeping import Keeping
from rpc.sessions.cluster.taking import take_jobs
from rpc.sessions.cluster.telling import Telling
from rpc.sessions.service import Sessions
from rpc.storage.cluster import Beat, Bell, GraphNames, Jobs, NodeRow, Note, Roll

log = logging.getLogger("stepwire.sessions")


class Node:
    """See the module; `Nodes` of a cluster. `now`: this node as it is now. `limit`: at how many deaths a run is failed."""

    def __init__(
        self,
        group: TaskGroup,
        sessions: Sessions,
        executor: NodeExecutor,
        wakeups: NodeWakeUps,
        *,
        jobs: Jobs,
        roll: Roll,
        bell: Bell,
        now: Callable[[], NodeRow],
        limit: int,
        absent_seconds: float,
    ) -> None:
        self.group = group
        self.executor = executor
        self.bell = bell
        self.roll = roll
        self.now = now
        self.hearing = Hearing(executor.node_id, sessions.events, wakeups, bell, executor.look)
        self.telling = Telling(sessions.events, executor.jobs)
        wakeups.tell = self._tell
        self.beating = Beating(roll, now, self._beat)
        executor.may_judge = lambda: self.beating.judges is not None
        self.keeping = Keeping(sessions, executor, jobs, roll, self.beating, limit, absent_seconds)

    def _tell(self, session_id: str) -> None:
        if self.hearing.others:
            self.bell.ring(Note(self.executor.node_id, told=[session_id]))

    async def open(self) -> None:
        """Say that it is there, hear the others. Raises `StorageError`."""
        self.hearing.open()
        self.beating.begin()
        self.group.start_soon(self.hearing.look)
        here = self.now()
        log.info("this is node %s, role %s", here.id, here.role)

    async def begin(self) -> None:
        """Take jobs from here on, and look after those of nodes that die."""
        self.group.start_soon(self.keeping.keep)
        if self.executor.runs:
            self.group.start_soon(partial(take_jobs, self.executor))
            self.group.start_soon(self.telling.tell)

    def _beat(self, beat: Beat, missed: bool) -> None:
        """On the loop: it was said that it lives."""
        executor = self.executor
        if missed:
            count = executor.give_up()
            log.error(
                "this node was not heard for too long and taken for dead: the %d runs it had are others' by now, and it begins anew",
                count,
            )
        executor.worker = beat.worker
        executor.places = max(1, beat.places)
        self.hearing.others = beat.nodes - 1

    async def all(self) -> list[NodeRow]:
        return await anyio.to_thread.run_sync(self.roll.nodes)

    async def names(self, graph: str) -> Mapping[str, GraphNames]:
        return await anyio.to_thread.run_sync(self.roll.names, graph, self.executor.node_id)

    async def close(self) -> None:
        """Say that it goes; what it ran is in line again by now."""
        self.bell.ring(Note(self.executor.node_id, hello=True, jobs=True))
        await anyio.to_thread.run_sync(self.beating.end)
        await anyio.to_thread.run_sync(self.bell.close)
