"""What a node says of its database: a user would lose a load balancer that knows which nodes can work."""

import asyncio
import signal
import time
from typing import Any

import httpx

from tests.cluster.conftest import Cluster
from tests.cluster.test_faults import through
from tests.support.peer import peer
from tests.support.proxy import Proxy

UNTIL_SECONDS = 60.0


async def health(http: httpx.AsyncClient, url: str) -> tuple[int, dict[str, Any]]:
    """Its status, and what it says."""
    found = await http.get(f"{url}/health")
    return found.status_code, found.json()


async def says(
    http: httpx.AsyncClient, url: str, status: str, words: str | None = None
) -> dict[str, Any]:
    """What it says, once it says that, with these words."""
    ends = time.monotonic() + UNTIL_SECONDS
    while True:
        found = await health(http, url)
        said = found[1]
        if said["status"] == status and (words is None or words in str(said)):
            break
        assert time.monotonic() < ends, found
    assert found[0] == (200 if status == "healthy" else 503)
    return said


async def test_every_role_says_how_its_database_is(cluster: Cluster) -> None:
    """While it is away, and again when it is back, by itself; alive all the time."""
    nodes = [cluster.node("several", role=role) for role in ("all", "api", "worker")]
    async with httpx.AsyncClient(trust_env=False, timeout=60) as http:
        for node in nodes:
            await says(http, node.http_url, "healthy")
        cluster.postgres.stop(signal.SIGQUIT)
        try:
            for node in nodes:
                # One that has been waited for is told as late first.
                await says(http, node.http_url, "unavailable", "the database postgresql://")
                assert (await http.get(f"{node.http_url}/livez")).status_code == 200
        finally:
            cluster.postgres.start()
        for node in nodes:
            found = await says(http, node.http_url, "healthy")
            assert found["detail"] is None
    async with peer(nodes[1].url) as one:
        one.deadline = 60
        assert (await one.run("q")).status == "waiting"


async def test_a_database_that_does_not_answer(cluster: Cluster) -> None:
    """It is there, and says nothing: who asks is told so in a few seconds, not when the network gives up."""
    async with Proxy(cluster.postgres.port, handshake=b"") as proxy:
        node = await asyncio.to_thread(cluster.node, "several", database=through(proxy, cluster))
        async with httpx.AsyncClient(trust_env=False, timeout=60) as http:
            await says(http, node.http_url, "healthy")
            proxy.passing.clear()
            found = await says(http, node.http_url, "unavailable")
            assert found["reason"] == "timeout"
            proxy.passing.set()
            await says(http, node.http_url, "healthy")
