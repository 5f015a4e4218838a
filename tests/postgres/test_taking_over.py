"""What nodes that look at the same moment make of one that died. A user would lose a run that was failed for deaths that were one."""

from typing import Any

import msgspec
import pytest

from rpc.sessions.cluster.keeping import Keeping
from rpc.sessions.recovering import fail_convicted
from rpc.sessions.running.deaths import Found
from rpc.storage.cluster import LeftJob
from rpc.storage.line import RefusedError
from tests.support import small_graphs
from tests.support.in_process import Serve, serve
from tests.support.peer import peer

__all__ = ["serve"]


async def test_a_death_that_another_node_has_counted_is_not_counted_again(
    serve: Serve, database: str
) -> None:
    """Whoever looked before, and comes when another one has taken the run over."""
    async with (
        serve(small_graphs.waiting, database=database) as server,
        peer(server.url) as one,
    ):
        session_id = (await one.call("query.start", query="x"))["session_id"]
        await one.event(session_id, "node.started")
        sessions = server.core.sessions
        record = await sessions.record(session_id)
        # What the late one had found: the run under the epoch before.
        left = LeftJob(session_id, record.graph, record.epoch - 1)
        unused: Any = None
        late = Keeping(sessions, unused, unused, unused, unused, limit=1, absent_seconds=0)
        assert not await late._taken_over(left, alone=True)
        # And one that had read the session before, and its run after.
        before = msgspec.structs.replace(record, epoch=record.epoch - 1)
        with pytest.raises(RefusedError):
            await fail_convicted(sessions, Found(before, await sessions.run(record)))
        assert one.of(session_id, "query.failed") == []
        assert (await one.call("session.get", session_id=session_id))["status"] == "running"
