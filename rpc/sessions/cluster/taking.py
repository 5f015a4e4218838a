"""A node takes jobs: as many as it has room for, of the graphs that it has."""

import logging
import time

import anyio

from rpc.sessions.cluster.executor import NodeExecutor
from rpc.sparing import Sparing
from rpc.storage.store import StorageError

sparing = Sparing(logging.getLogger("stepwire.sessions"))

POLL_SECONDS = 1.0
"""How often it is looked for what nobody told of: a lock that was released, a job that was held back, a note that was lost."""

WAITS = "no session is taken from the line: %s"


async def take_jobs(executor: NodeExecutor) -> None:
    """For as long as the node runs. Where the database is away, it goes on when that is back."""
    in_thread, jobs = anyio.to_thread.run_sync, executor.jobs_in_line
    # When there was last nothing that other nodes had refused, on `time.monotonic`.
    none_refused = 0.0
    while True:
        executor.some = anyio.Event()
        try:
            if executor.tries_again:
                executor.tries_again = False
                none_refused = 0.0
                try:
                    await in_thread(jobs.try_again, executor.node_id)
                except StorageError:
                    executor.tries_again = True
                    raise
            while executor.has_room and (worker := executor.worker) is not None:
                taken = None
                # They have waited for longer than what comes next in line.
                if (now := time.monotonic()) - none_refused >= POLL_SECONDS:
                    taken = await in_thread(
                        jobs.take_refused, executor.graphs(), worker, executor.node_id
                    )
                    none_refused = now if taken is None else none_refused
                if taken is None:
                    taken = await in_thread(jobs.take, executor.graphs(), worker)
                if taken is None:
                    break
                if executor.stopped or executor.worker != worker:
                    # What was taken by a worker that is no more is given to others as all that it held.
                    break
                executor.run(taken)
            sparing.over(WAITS)
        except StorageError as error:
            sparing.error(WAITS, error)
        with anyio.move_on_after(POLL_SECONDS):
            await executor.some.wait()
