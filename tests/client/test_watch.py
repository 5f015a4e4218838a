"""All sessions' changes by the Python client: none is lost, however often the connection is."""

import asyncio

import pytest

from rpc.client import RpcError, connect
from tests.support import small_graphs
from tests.support.in_process import Serve
from tests.support.proxy import Proxy


async def test_no_session_is_missed_over_cuts(serve: Serve) -> None:
    """Each as it is in the end; and again from the cursor of the beginning."""
    async with (
        serve(small_graphs.greeter) as server,
        Proxy(
            int(server.http_url.rsplit(":", 1)[1]), [300 + 170 * turn for turn in range(8)]
        ) as proxy,
        connect(server.url) as other,
        connect(proxy.url) as client,
    ):
        async with client.watch() as watch:
            start = watch.cursor
            made: list[str] = []
            for number in range(8):
                async for event in other.run(f"number {number}"):
                    last = event.session_id
                made.append(last)
            await other.update(made[0], session_name="first", tags=["red"])
            ends: dict[str, str] = {}
            async with asyncio.timeout(60):
                async for change in watch:
                    assert change.session is not None
                    ends[change.session_id] = change.session.status
                    if change.session.session_name == "first":
                        break
            assert ends == dict.fromkeys(made, "completed")
        assert proxy.connections > 3
        async with other.watch(cursor=start) as again:
            found: dict[str, str] = {}
            # They come in one frame or several.
            while len(found) < len(made):
                found |= {change.session_id: change.change for change in await again.take()}
            assert found == dict.fromkeys(made, "created")
        listed = await other.sessions(tags=["red"])
        assert [one.session_id for one in listed.sessions] == [made[0]]
        with pytest.raises(RpcError) as refused:
            async with other.watch(cursor="none"):
                pass
        assert refused.value.path == "$.cursor"
