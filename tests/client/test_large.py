"""Values larger than any frame: the client survives them, and has them whole where it is asked."""

import pytest

from rpc.client import connect
from tests.support import large_graphs
from tests.support.in_process import Serve


@pytest.mark.parametrize("size", [3_000_000, 70_000_000])
async def test_a_large_update_and_result(serve: Serve, size: int) -> None:
    """One update of 70 MB ended the connection, and so did reading the session."""
    async with serve(large_graphs.text) as server, connect(server.url) as client:
        events = [event async for event in client.run(str(size))]
        assert events[-1].data["status"] == "completed"
        session_id = events[0].session_id
        (finished,) = [event for event in events if event.type == "node.finished"]
        assert finished.data["update"]["count"] == 3
        session = await client.session(session_id)
        assert session.result["text"]["$cut"]["length"] == size // 2
        if size < 10_000_000:
            expected = {"text": "ä" * (size // 2), "count": 3}
            assert await client.whole(session_id, finished.data["update"]) == expected
            whole = await client.whole(session_id, session.result)
            assert whole == {"query": str(size), **expected}
        else:
            whole = (await client.session(session_id, whole=True)).result
            assert whole["text"] == "ä" * (size // 2)
        # The connection is the same one, and works.
        again = [event async for event in client.run("10", session_id=session_id)]
        assert again[-1].data["status"] == "completed"
