"""The feed of all sessions is of those that its caller may see, and of no others."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.auth.test_tokens import bearer, create
from tests.support.peer import Peer, Refused, peer
from tests.support.server_process import ServerProcess


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    process = ServerProcess(["examples/launch.py:graph"], tmp_path_factory.mktemp("data"))
    yield process
    process.close()


def seen(one: Peer) -> set[str]:
    """The sessions of which a connection was told."""
    return {
        frame["params"]["session_id"]
        for frame in one.frames
        if isinstance(frame, dict) and frame.get("method") == "session.changed"
    }


async def test_owners_are_told_of_their_own(server: ServerProcess) -> None:
    """Not of another's sessions, nor by another's cursor; an admin of those that are named."""
    folder: Path = server.data_dir
    tokens = [create(folder, name, "--scope", "debug") for name in ("alice", "bob")]
    tokens.append(create(folder, "root", "--scope", "admin"))
    server.start()
    headers: list[dict[str, Any]] = [bearer(token) for token in tokens]
    async with (
        peer(server.url, additional_headers=headers[0]) as alice,
        peer(server.url, additional_headers=headers[1]) as bob,
        peer(server.url, additional_headers=headers[2]) as root,
    ):
        mine = (await alice.call("session.watch"))["cursor"]
        others = (await bob.call("session.watch"))["cursor"]
        assert mine != others
        await root.call("session.watch", _meta={"owner": "*"})
        by_bob = (await bob.call("query.start", query="of bob", subscribe=False))["session_id"]
        await bob.until(lambda: by_bob in seen(bob), "bob's own")
        by_alice = (await alice.call("query.start", query="of alice", subscribe=False))[
            "session_id"
        ]
        await alice.until(lambda: by_alice in seen(alice), "alice's own")
        await root.until(lambda: seen(root) == {by_alice, by_bob}, "everybody's")
        assert seen(alice) == {by_alice}
        assert seen(bob) == {by_bob}
        with pytest.raises(Refused) as refused:
            await alice.call("session.changes", cursor=others)
        assert refused.value.path == "$.cursor"
        found = await alice.call("session.changes", cursor=mine)
        assert {one["session_id"] for one in found["changes"]} == {by_alice}
        with pytest.raises(Refused) as refused:
            await alice.call("session.watch", _meta={"owner": "*"})
        assert refused.value.type == "forbidden"
        with pytest.raises(Refused) as refused:
            await alice.call("session.update", session_id=by_bob, session_name="mine now")
        assert refused.value.type == "session_not_found"
