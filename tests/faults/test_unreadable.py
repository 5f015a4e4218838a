"""One record or row of events that cannot be read: it is named, left out, and everything else goes on."""

import sqlite3
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from tests.faults.test_broken_storage import MANY, serving
from tests.support.peer import Peer, Refused, peer
from tests.support.probes import healthy
from tests.support.stream_rules import check_stream


def change(folder: Path, statement: str, *values: object) -> None:
    """Change what is stored, while no server uses it."""
    with closing(sqlite3.connect(folder / "stepwire.db")) as connection, connection:
        assert connection.execute(statement, values).rowcount


async def three(folder: Path) -> list[str]:
    """Ids of three sessions that are over, the oldest first."""
    async with serving(folder) as server, peer(server.url) as one:
        return [(await one.run(f"q{number}", graph="keeping")).session_id for number in range(3)]


async def refused(one: Peer, method: str, **params: object) -> Refused:
    with pytest.raises(Refused) as error:
        await one.call(method, **params)
    assert (error.value.code, error.value.type) == (-32014, "unreadable"), method
    return error.value


@pytest.mark.parametrize("table", ["sessions", "runs"])
async def test_a_record_that_cannot_be_read(
    tmp_path: Path, table: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Lists leave it out, who asks for it is told, it can be deleted, and the log has one line of it."""
    folder = tmp_path / "data"
    first, bad, last = await three(folder)
    column = "id" if table == "sessions" else "session_id"
    change(folder, f"UPDATE {table} SET record = ? WHERE {column} = ?", b"{not json\x1b", bad)
    async with serving(folder) as server, peer(server.url) as one:
        for _ in range(2):
            listed = (await one.call("session.list"))["sessions"]
            assert [each["session_id"] for each in listed] == [last, first]
        for _ in range(2):
            error = await refused(one, "session.get", session_id=bad)
            assert bad in error.detail
            assert "stepwire doctor" in error.detail
        assert (await one.call("session.get", session_id=last))["status"] == "completed"
        # Pages go over it.
        page = await one.call("session.list", limit=1)
        page = await one.call("session.list", limit=1, cursor=page["next_cursor"])
        found = [each["session_id"] for each in page["sessions"]]
        while page["next_cursor"] is not None:
            page = await one.call("session.list", limit=1, cursor=page["next_cursor"])
            found += [each["session_id"] for each in page["sessions"]]
        assert found == [first]
        assert (await one.run("more", graph="keeping")).status == "completed"
        async with httpx.AsyncClient(base_url=server.http_url, trust_env=False) as http:
            answer = (await healthy(http)).json()
            assert answer["status"] == "healthy"
            assert answer["counts"]["unreadable"] == 1
        await one.call("session.delete", session_id=bad)
        assert (await one.call("session.list"))["total"] == 3
    assert len([line for line in caplog.messages if bad in line and "cannot be read" in line]) == 1


async def test_a_run_that_cannot_be_resumed_holds_up_no_start(tmp_path: Path) -> None:
    """A server starts, and resumes the others."""
    folder = tmp_path / "data"
    async with serving(folder) as server, peer(server.url) as one:
        ids = [
            (await one.call("query.start", query="q", graph="waiting"))["session_id"]
            for _ in range(3)
        ]
        for each in ids:
            await one.event(each, "node.started")
    change(folder, "UPDATE sessions SET record = ? WHERE id = ?", b"\xff", ids[0])
    change(folder, "UPDATE runs SET record = ? WHERE session_id = ?", b"[]", ids[1])
    async with serving(folder) as server, peer(server.url) as one:
        await one.call("session.subscribe", session_id=ids[2])
        await one.event(ids[2], "session.recovered")
        listed = (await one.call("session.list"))["sessions"]
        assert [each["session_id"] for each in listed] == [ids[2]]


@pytest.mark.parametrize(
    "change_it",
    [
        "UPDATE checkpoints SET versions = '{'",
        "UPDATE checkpoints SET body = x'00ff'",
        "UPDATE channel_values SET data = x'c1'",
    ],
)
async def test_checkpoints_that_cannot_be_read_fail_their_run(
    tmp_path: Path, change_it: str
) -> None:
    """It does not wait for a disk that is not at fault."""
    folder = tmp_path / "data"
    async with serving(folder) as server, peer(server.url) as one:
        asked = await one.run("q", graph="asking")
        debugged = await one.run("q", graph="asking", debug_mode=True)
    for each in (asked, debugged):
        change(folder, f"{change_it} WHERE thread_id = ?", each.session_id)
    async with serving(folder) as server, peer(server.url) as one:
        await one.call("session.subscribe", session_id=asked.session_id)
        await one.call("query.respond", session_id=asked.session_id, value="yes")
        last = asked.events[-1]["params"]["seq"]
        assert await one.settled(asked.session_id, after=last) == "failed"
        assert one.of(asked.session_id, "query.failed")[-1]["params"]["error"]["message"]
        # Who looks at it is told as much.
        await refused(one, "debug.inspect", session_id=debugged.session_id)
        assert (await one.call("session.get", session_id=debugged.session_id))["status"] == "paused"
        assert (await one.run("more", graph="asking")).status == "waiting"


EVENTS: dict[str, tuple[str, bytes | None]] = {
    "not JSON": ("UPDATE events SET data = CAST(? AS BLOB) WHERE session_id = ? AND first_seq = ?", b"{"),
    "too few": ("UPDATE events SET data = CAST(? AS BLOB) WHERE session_id = ? AND first_seq = ?", b"{}"),
    "gone": ("DELETE FROM events WHERE ? IS NULL AND session_id = ? AND first_seq = ?", None),
}  # fmt: skip


WHICH = ["first", "middle", "last"]


@pytest.mark.parametrize(
    ("name", "which"),
    [(name, which) for name in EVENTS for which in WHICH]
    if MANY
    else list(zip(EVENTS, WHICH, strict=True)),
)
async def test_events_that_cannot_be_read(tmp_path: Path, name: str, which: str) -> None:
    """A reader gets all before them, is told their numbers, and goes on behind them; nothing is skipped in silence."""
    folder = tmp_path / "data"
    bad, other, _ = await three(folder)
    async with serving(folder) as server, peer(server.url) as one:
        # How many rows a run's events are is chance; the next run's begin with one of their own.
        await one.run("again", graph="keeping", session_id=bad)
    with closing(sqlite3.connect(folder / "stepwire.db")) as connection:
        rows = connection.execute(
            "SELECT first_seq, last_seq FROM events WHERE session_id = ? ORDER BY last_seq", (bad,)
        ).fetchall()
        end = rows[-1][1]
    assert len(rows) >= 3
    first, last = rows[{"first": 0, "middle": 1, "last": -1}[which]]
    statement, data = EVENTS[name]
    if name == "too few":
        # A row of one event that holds two.
        data = b"{}" if last > first else b"{}\n{}"
    change(folder, statement, data, bad, first)
    async with serving(folder) as server:
        async with peer(server.url) as one:
            await one.call("session.subscribe", session_id=bad)
            await one.until(lambda: one.closed, "the end of the connection")
            seen = [each["params"]["seq"] for each in one.of(bad)]
            assert seen == list(range(1, first))
        async with peer(server.url) as two:
            error = await refused(two, "session.subscribe", session_id=bad, after=first - 1)
            assert str(first) in error.detail
            answer = await two.answer("session.events", {"session_id": bad, "after": first - 1})
            assert answer["error"]["data"]["first_seq"] == last + 1
            rest = (await two.call("session.events", session_id=bad, after=last))["events"]
            assert [each["params"]["seq"] for each in rest] == list(range(last + 1, end + 1))
            page = (await two.call("session.events", session_id=bad))["events"] if first > 1 else []
            assert [each["params"]["seq"] for each in page] == list(range(1, first))
            # The others are as they were, and so is the session itself.
            check_stream((await two.call("session.events", session_id=other))["events"])
            assert (await two.call("session.get", session_id=bad))["status"] == "completed"
            again = await two.run("more", graph="keeping", session_id=bad)
            assert again.status == "completed"
        stream = f"/v1/orchestrator/stream/{bad}?after={first - 1}"
        async with httpx.AsyncClient(base_url=server.http_url, trust_env=False) as http:
            problem = await http.get(stream)
            assert problem.status_code == 500
            assert problem.json()["first_seq"] == last + 1


async def test_a_result_that_cannot_be_read(tmp_path: Path) -> None:
    """The session and its events can be read, and the log says what is lost."""
    folder = tmp_path / "data"
    bad, _, _ = await three(folder)
    change(folder, "UPDATE checkpoints SET versions = '{' WHERE thread_id = ?", bad)
    async with serving(folder) as server, peer(server.url) as one:
        assert (await one.call("session.get", session_id=bad))["status"] == "completed"
        await one.call("session.subscribe", session_id=bad)
        assert await one.settled(bad) == "completed"
        check_stream(one.of(bad))
