"""Values larger than any frame: the client survives them, and has them whole where it is asked."""

import asyncio
from typing import Any

import pytest

from rpc.client import RpcError, connect
from tests.support import large_graphs, small_graphs
from tests.support.in_process import Serve


# Minutes, where others are busy.
@pytest.mark.timeout(900)
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


def nested(levels: int) -> Any:
    value: Any = "x"
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("given", "limit"),
    [
        ({"query": nested(70)}, "max_json_depth"),
        ({"query": nested(600)}, "max_json_depth"),
        ({"query": "x" * 5000}, "max_message_bytes"),
        ({"query": "ü" * 3000}, "max_message_bytes"),
    ],
    ids=["deep", "deeper", "long", "long in bytes"],
)
async def test_a_call_that_is_past_a_limit_of_the_server_is_refused(
    serve: Serve, given: Any, limit: str
) -> None:
    """It waited for ever: the server does not read whose message that is. Calls beside it are answered."""
    async with (
        asyncio.timeout(60),
        serve(small_graphs.greeter, max_message_bytes=4096) as server,
        connect(server.url) as client,
    ):

        async def wrong() -> None:
            with pytest.raises(RpcError) as refused:
                await client.start(None, input=given)
            assert refused.value.type == "too_large"
            assert refused.value.data["limit"]["name"] == limit

        async def right(number: int) -> None:
            assert (await client.start(f"query {number}")).session_id

        await asyncio.gather(*map(right, range(5)), wrong(), *map(right, range(5, 10)))
        assert (await client.call("session.list"))["total"] == 10
