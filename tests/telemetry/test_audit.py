"""Who did what: as durable as what was done, and still there when the session is not."""

import json
import os
import pwd
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from rpc.client import Client, RpcError, connect
from rpc.storage.sqlite.store import SQLiteStore
from tests.conftest import StartServer
from tests.support.command import stepwire
from tests.support.peer import peer

GRAPH = "tests/support/logging_graphs.py:logs"


def shown(data_dir: Path, *options: str) -> list[dict[str, Any]]:
    """What the command shows, oldest first."""
    done = stepwire("audit", "--data-dir", str(data_dir), "--json", *options)
    assert done.returncode == 0, done.stderr
    rows: list[dict[str, Any]] = json.loads(done.stdout)["audit"]
    return rows[::-1]


async def paused(client: Client) -> str:
    """A session that stands before its first node."""
    run = await client.start("go", debug_mode=True)
    async for event in client.events(run.session_id, types=["debug.stopped"]):
        assert event.type == "debug.stopped"
        break
    return run.session_id


async def test_every_edit_and_deletion_is_told_by_whom(server: StartServer) -> None:
    """Also after a crash, and to who asks beside the running server."""
    began = datetime.now(UTC) - timedelta(seconds=1)
    process = server(GRAPH)
    async with connect(process.url) as client:
        session = await paused(client)
        secret = "what the patient said"
        edit = {"session_id": session, "values": {"query": secret}, "idempotency_key": "once"}
        made = await client.call("debug.setState", **edit)
        # The same move again is no other one, and one that is refused is none.
        await client.call("debug.setState", **edit)
        with pytest.raises(RpcError):
            await client.call("debug.setState", session_id=session, values={"nonsense": 1})
        with pytest.raises(RpcError):
            await client.call("debug.rewind", session_id=session, checkpoint_id="none")
        first = (await client.call("debug.history", session_id=session))["checkpoints"][-1]
        back = await client.call(
            "debug.rewind", session_id=session, checkpoint_id=first["checkpoint_id"]
        )
        process.kill9()
    edited, rewound = shown(process.data_dir)
    assert (edited["action"], edited["session_id"]) == ("debug.setState", session)
    assert edited["detail"]["keys"] == ["query"]
    assert edited["detail"]["made"] == made["checkpoint_id"]
    assert edited["client"] == "127.0.0.1"
    assert edited["request_id"]
    assert began.isoformat() < edited["at"] < datetime.now(UTC).isoformat()
    assert rewound["action"] == "debug.rewind"
    assert rewound["detail"] == {
        "to": first["checkpoint_id"],
        "made": back["checkpoint_id"],
        "rerun": False,
    }
    assert rewound["number"] > edited["number"]
    # Whom an edit is about is nobody's business who reads who made it.
    assert secret not in json.dumps([edited, rewound])

    process.restart()
    async with connect(process.url) as client:
        await client.delete(session)
        other = await paused(client)
        await client.delete(other)
    rows = shown(process.data_dir)
    assert [row["action"] for row in rows[2:]] == ["session.delete"] * 2
    assert rows[2]["detail"] == {"reason": "request", "graph": "logs"}
    assert [row["session_id"] for row in rows] == [session] * 3 + [other]
    assert [row["session_id"] for row in shown(process.data_dir, "--session", other)] == [other]
    assert len(shown(process.data_dir, "--limit", "2")) == 2
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).strftime("%Y-%m-%d")
    assert shown(process.data_dir, "--since", tomorrow) == []
    assert len(shown(process.data_dir, "--since", began.strftime("%Y-%m-%d"))) == 4

    lines = stepwire("audit", "--data-dir", str(process.data_dir)).stdout.splitlines()
    assert len(lines) == 4
    assert f"session.delete  {session}  by from 127.0.0.1 request " in lines[1]


async def test_what_the_server_removes_is_told_and_what_is_told_is_removed_in_time(
    server: StartServer,
) -> None:
    """Nobody asked for it: that has to be seen. And an audit that is kept for ever would be the next problem."""
    process = server(
        GRAPH,
        settings={"session_max_age_seconds": 0.2, "cleanup_interval_seconds": 0.2},
    )
    async with peer(process.url) as one:
        # Whoever subscribes afterwards may find nothing any more.
        started = await one.call("query.start", query="go")
        await one.event(started["session_id"], "session.deleted")
    (removed,) = shown(process.data_dir)
    assert removed["detail"]["reason"] == "age"
    assert (removed["owner"], removed["client"], removed["request_id"]) == (None, None, None)
    assert "by the server" in stepwire("audit", "--data-dir", str(process.data_dir)).stdout
    process.stop()
    process.settings = {"audit_max_age_seconds": 0.1, "cleanup_interval_seconds": 0.1}
    process.restart()
    for _ in range(200):
        if not shown(process.data_dir):
            break
    else:
        raise AssertionError("it is kept")


def test_no_data_directory_is_said(tmp_path: Path) -> None:
    """An empty audit would be believed."""
    done = stepwire("audit", "--data-dir", str(tmp_path / "none"))
    assert done.returncode == 2
    assert "cannot be read" in done.stderr


def test_tokens_that_were_made_and_revoked(tmp_path: Path) -> None:
    """Who was let in, with what, is the first thing that is asked after a leak."""
    data = ["--data-dir", str(tmp_path)]

    made = stepwire("token", "create", "ci", "--owner", "ann", "--scope", "debug", *data)
    stepwire("token", "revoke", "ci", *data)
    # As a server would have made it.
    SQLiteStore(tmp_path / "stepwire.db", "normal").close()
    created, revoked = shown(tmp_path)
    assert (created["action"], revoked["action"]) == ("token.create", "token.revoke")
    assert created["owner"] == "ann"
    assert created["detail"]["name"] == "ci"
    assert "debug" in created["detail"]["scopes"]
    assert made.stdout.strip() not in json.dumps([created, revoked])
    # Whoever ran the command, not whatever they call themselves.
    user = pwd.getpwuid(os.getuid()).pw_name
    assert (created["principal"], revoked["principal"]) == (user, user)
    lines = stepwire("audit", *data).stdout.splitlines()
    assert all(f"by ann ({user})" in line for line in lines)


def test_tokens_of_a_version_that_kept_no_names(tmp_path: Path) -> None:
    """They work, are shown, and who revokes one is known from here on."""
    data = ["--data-dir", str(tmp_path)]
    stepwire("token", "create", "old", *data)
    with closing(sqlite3.connect(tmp_path / "tokens.db")) as connection:
        for column in ("made_by", "revoked_by"):
            connection.execute(f"ALTER TABLE tokens DROP COLUMN {column}")
    SQLiteStore(tmp_path / "stepwire.db", "normal").close()
    (created,) = shown(tmp_path)
    assert created["principal"] == "stepwire token"
    stepwire("token", "revoke", "old", *data)
    assert shown(tmp_path)[1]["principal"] == pwd.getpwuid(os.getuid()).pw_name
