"""The feed of all sessions, and what a session is called: a list that is open shows what is the case, whoever changes it."""

import asyncio
import json
from typing import Any

import httpx
import pytest

from rpc.sessions import upkeep
from rpc.sessions.updating import METADATA_BYTES
from rpc.storage.units import DeleteTombstones, Unit
from tests.support import small_graphs
from tests.support.in_process import Serve
from tests.support.peer import Peer, Refused, peer


def seen(one: Peer) -> list[dict[str, Any]]:
    """The params of all changes that a connection was sent, those in arrays too."""
    flat = [m for frame in one.frames for m in (frame if isinstance(frame, list) else [frame])]
    return [m["params"] for m in flat if m.get("method") == "session.changed"]


async def until(one: Peer, session_id: str, status: str) -> dict[str, Any]:
    """The first change that tells of the session's status."""

    def found() -> Any:
        return next(
            (
                change
                for change in seen(one)
                if change["session_id"] == session_id
                and (change["session"] or {"status": "deleted"})["status"] == status
            ),
            None,
        )

    change: dict[str, Any] = await one.until(found, f"{session_id} {status}")
    return change


async def test_what_others_do_is_seen_as_it_happens(serve: Serve) -> None:
    """Made, changed and deleted, on a connection that did none of it; nothing of before, and nothing twice."""
    async with (
        serve(small_graphs.asking) as server,
        peer(server.url) as one,
        peer(server.url) as two,
    ):
        old = await one.run("old")
        cursor = (await two.call("session.watch"))["cursor"]
        story = await one.run("Apollo")
        first = await until(two, story.session_id, "waiting")
        assert first["session"]["query"] == "Apollo"
        assert first["session"]["interrupts"][0]["value"] == {"question": "Apollo"}
        await one.respond(story, "yes")
        await until(two, story.session_id, "completed")
        await one.call("session.delete", session_id=story.session_id)
        last = await until(two, story.session_id, "deleted")
        assert last["session"] is None
        changes = seen(two)
        assert {change["session_id"] for change in changes} == {story.session_id}
        assert changes[0]["change"] == "created"
        assert changes[-1]["change"] == "deleted"
        cursors = [cursor, *(change["cursor"] for change in changes)]
        assert len(set(cursors)) == len(cursors)
        assert (await two.call("session.unwatch"))["watched"] is True
        assert (await two.call("session.unwatch"))["watched"] is False
        await one.respond(old, "yes")
        await two.call("session.list")
        assert seen(two) == changes


async def test_who_comes_back_misses_nothing(serve: Serve) -> None:
    """Also over a restart of the server, and wherever it had stopped: each session's last change, and what was deleted."""
    async with serve(small_graphs.greeter) as server, peer(server.url) as one:
        stories = [await one.run(f"number {number}") for number in range(4)]
        start = (await one.call("session.watch"))["cursor"]
        fresh = await one.run("fresh")
        await one.call("session.update", session_id=stories[1].session_id, session_name="renamed")
        await one.call("session.delete", session_id=stories[2].session_id)
        gone = await one.run("came and went")
        await one.call("session.delete", session_id=gone.session_id)
        # Not `gone`: what was made and deleted between two looks is told by nothing at all.
        await until(one, stories[2].session_id, "deleted")
        middle = next(c for c in seen(one) if c["session_id"] == stories[1].session_id)["cursor"]
    expected = [
        (fresh.session_id, "created"),
        (stories[1].session_id, "changed"),
        (stories[2].session_id, "deleted"),
    ]
    async with (
        serve(small_graphs.greeter) as server,
        peer(server.url) as one,
        peer(server.url) as two,
    ):
        assert (await one.call("session.watch", cursor=start))["cursor"] == start
        await one.until(lambda: len(seen(one)) >= 3, "what was changed")
        assert [(c["session_id"], c["change"]) for c in seen(one)] == expected
        await two.call("session.watch", cursor=middle, batch=True)
        await two.until(lambda: seen(two), "what comes behind")
        assert (seen(two)[0]["session_id"], seen(two)[0]["change"]) == expected[2]
        # By those who poll: the same, page by page.
        polled: list[tuple[str, str]] = []
        cursor, more = start, True
        while more:
            page = await one.call("session.changes", cursor=cursor, limit=1)
            polled += [(c["session_id"], c["change"]) for c in page["changes"]]
            cursor, more = page["cursor"], page["more"]
        assert polled == expected
        assert (await one.call("session.changes", cursor=cursor))["changes"] == []
        assert (await one.call("session.changes"))["changes"] == []


async def test_events_alone_are_no_change(serve: Serve) -> None:
    """A run that tells much is not told of a thousand times."""
    async with serve(small_graphs.writing) as server, peer(server.url) as one:
        await one.call("session.watch")
        story = await one.run("2000")
        await until(one, story.session_id, "completed")
        assert len(seen(one)) <= 4


async def test_a_cursor_from_long_ago_is_told_so(serve: Serve) -> None:
    async with serve(small_graphs.greeter) as server, peer(server.url) as one:
        story = await one.run("you")
        old = (await one.call("session.watch"))["cursor"]
        await one.call("session.delete", session_id=story.session_id)
        sessions = server.core.sessions
        assert await upkeep.remove_old_tombstones(sessions, 3600) == 0
        assert (await one.call("session.changes", cursor=old))["changes"]
        await sessions.events.commit(Unit(None, [], [DeleteTombstones(2**60)]))
        for method in ("session.watch", "session.changes"):
            with pytest.raises(Refused) as refused:
                await one.call(method, cursor=old)
            assert refused.value.type == "events_gone"
        listed = (await one.call("session.list"))["next_cursor"]
        for wrong in ("x", "", old[:-4], listed or "AAAA"):
            with pytest.raises(Refused) as refused:
                await one.call("session.watch", cursor=wrong)
            assert (refused.value.type, refused.value.path) == ("invalid_params", "$.cursor")
        async with httpx.AsyncClient(base_url=server.http_url) as http:
            answer = await http.get("/v1/orchestrator/sessions/changes", params={"cursor": old})
            assert answer.status_code == 410


async def test_readers_of_streams_have_it_too(serve: Serve) -> None:
    """From the moment they came, and behind the last one that they have."""
    async with (
        serve(small_graphs.greeter) as server,
        peer(server.url) as one,
        httpx.AsyncClient(base_url=server.http_url, timeout=60) as http,
    ):
        path = "/v1/orchestrator/sessions/changes"
        before = ""
        async with http.stream("GET", path) as answer:
            assert answer.headers["content-type"].startswith("text/event-stream")
            lines = answer.aiter_lines()
            async for line in lines:
                if line.startswith("id: "):
                    before = line[4:]
                    break
            first = await one.run("first")
            events = await read(lines, 1)
            assert events[0]["event"] == "created"
            assert events[0]["data"]["session_id"] == first.session_id
            assert events[0]["id"] == events[0]["data"]["cursor"]
        second = await one.run("second")
        await one.call("session.delete", session_id=first.session_id)
        for headers, query in (({"Last-Event-ID": before}, {}), ({}, {"cursor": before})):
            async with http.stream("GET", path, headers=headers, params=query) as answer:
                events = await read(answer.aiter_lines(), 1)
                assert (events[0]["event"], events[0]["data"]["session_id"]) == (
                    "created",
                    second.session_id,
                )
        assert (await http.get(path, headers={"Last-Event-ID": "7"})).status_code == 422


async def read(lines: Any, count: int) -> list[dict[str, Any]]:
    """So many events of a stream."""
    found: list[dict[str, Any]] = []
    event: dict[str, Any] = {}
    async with asyncio.timeout(60):
        async for line in lines:
            name, _, value = line.partition(": ")
            if name in ("id", "event"):
                event[name] = value
            elif name == "data":
                found.append({**event, "data": json.loads(value)})
                if len(found) == count:
                    return found
    raise AssertionError(found)


async def test_a_session_is_named_tagged_and_found(serve: Serve) -> None:
    async with serve(small_graphs.greeter) as server, peer(server.url) as one:
        a, b = await one.run("one"), await one.run("two")
        named = await one.call(
            "session.update",
            session_id=a.session_id,
            session_name="  Second try ",
            tags=["reviewed", "GLP-1", "reviewed"],
            metadata={"ticket": 4711, "note": {"by": "Ada"}},
        )
        assert (named["session_name"], named["tags"]) == ("Second try", ["reviewed", "GLP-1"])
        assert named["metadata"] == {"ticket": 4711, "note": {"by": "Ada"}}
        # What is left out stays, and what is null goes.
        named = await one.call(
            "session.update", session_id=a.session_id, metadata={"note": None, "x": 1}
        )
        assert (named["session_name"], named["metadata"]) == (
            "Second try",
            {"ticket": 4711, "x": 1},
        )
        assert named == await one.call("session.get", session_id=a.session_id)
        await one.call("session.update", session_id=b.session_id, tags=["reviewed"])

        async def found(**params: Any) -> list[str]:
            page = await one.call("session.list", **params)
            assert page["total"] == len(page["sessions"])
            return [row["session_id"] for row in page["sessions"]]

        assert await found(tags=["reviewed"]) == [b.session_id, a.session_id]
        assert await found(tags=["reviewed", "GLP-1"]) == [a.session_id]
        assert await found(tags=["nobody's"]) == []
        assert await found(search="second") == [a.session_id]
        assert await found(search="try", tags=["GLP-1"], status="completed") == [a.session_id]
        unnamed = await one.call("session.update", session_id=a.session_id, session_name=None)
        assert unnamed["session_name"] == f"Session {a.session_id[:8]}"
        async with httpx.AsyncClient(base_url=server.http_url) as http:
            path = f"/v1/orchestrator/session/{b.session_id}"
            answer = await http.post(path, json={"session_name": "by REST", "tags": []})
            assert (answer.json()["session_name"], answer.json()["tags"]) == ("by REST", [])
            listed = await http.get("/v1/orchestrator/sessions", params={"tags": "GLP-1,reviewed"})
            assert [row["session_id"] for row in listed.json()["sessions"]] == [a.session_id]
        for wrong in (
            {"tags": [""]},
            {"tags": ["x" * 101]},
            {"tags": [str(number) for number in range(65)]},
            {"tags": None},
            {"session_name": "x" * 501},
            {"metadata": {"large": "x" * METADATA_BYTES}},
            {"colour": "red"},
        ):
            with pytest.raises(Refused) as refused:
                await one.call("session.update", session_id=a.session_id, **wrong)
            assert refused.value.type == "invalid_params"
        with pytest.raises(Refused) as refused:
            await one.call("session.update", session_id="none", session_name="x")
        assert refused.value.type == "session_not_found"


async def test_what_runs_is_renamed_and_runs_on(serve: Serve) -> None:
    """Nothing of the run is lost by it, and nothing of the name by the run's end."""
    async with (
        serve(small_graphs.asking) as server,
        peer(server.url) as one,
        peer(server.url) as two,
    ):
        started = await one.call("query.start", query="Apollo")
        session_id = started["session_id"]
        for number in range(20):
            await two.call("session.update", session_id=session_id, session_name=f"try {number}")
        assert await one.settled(session_id) == "waiting"
        await one.call("query.respond", session_id=session_id, value="yes")
        await two.call("session.update", session_id=session_id, tags=["late"])
        await one.until(lambda: one.of(session_id, "query.result"), "the result")
        await one.settled(session_id, after=one.of(session_id, "query.result")[0]["params"]["seq"])
        session = await one.call("session.get", session_id=session_id)
        assert (session["status"], session["session_name"]) == ("completed", "try 19")
        assert session["tags"] == ["late"]
