"""No frame is larger than the server says, and nothing is lost by it."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.asyncio.client import connect

from protocol.values import ValueParams
from rpc.events.cutting import cut, size_of
from rpc.sessions.values import page
from tests.support import large_graphs
from tests.support.in_process import Serve
from tests.support.peer import Peer, peer
from tests.support.sse import frames

BOUND = 512 * 1024
MEGABYTES = 3_000_000


async def whole(one: Peer, session_id: str, value: Any) -> Any:
    """A value with everything that was cut out of it, fetched page by page."""
    match value:
        case {"$cut": {"ref": ref, **about}}:
            start: int | None = 0
            parts: list[Any] = []
            found: dict[str, Any] = {}
            while start is not None:
                found = await one.call("session.value", session_id=session_id, ref=ref, start=start)
                parts.append(found["value"])
                start = found["next"]
            assert (found["type"], found["bytes"]) == (about["type"], about["bytes"])
            match found["type"]:
                case "string":
                    return "".join(parts)
                case "array":
                    return [await whole(one, session_id, item) for part in parts for item in part]
                case "object":
                    joined = {name: item for part in parts for name, item in part.items()}
                    return {
                        name: await whole(one, session_id, item) for name, item in joined.items()
                    }
                case _:
                    return parts[0]
        case dict():
            return {name: await whole(one, session_id, item) for name, item in value.items()}
        case list():
            return [await whole(one, session_id, item) for item in value]
        case _:
            return value


def check_sizes(one: Peer, bound: int = BOUND) -> None:
    """Every frame that came is within the bound."""
    for frame in one.frames:
        assert len(json.dumps(frame, separators=(",", ":"), ensure_ascii=False).encode()) <= bound


async def test_a_client_with_its_librarys_defaults_survives(serve: Serve) -> None:
    """Python's `websockets` closes at frames of over 1 MiB: the run is seen whole all the same."""
    async with serve(large_graphs.text) as server, connect(server.url, proxy=None) as socket:

        async def call(method: str, **params: Any) -> dict[str, Any]:
            await socket.send(
                json.dumps({"jsonrpc": "2.0", "id": method, "method": method, "params": params})
            )
            while True:
                message: dict[str, Any] = json.loads(await socket.recv())
                if message.get("id") == method:
                    return message["result"]
                events.append(message)

        events: list[dict[str, Any]] = []
        limits = (await call("server.info"))["limits"]
        assert limits["max_frame_bytes"] == BOUND
        started = await call("query.start", query=str(MEGABYTES))
        while not events or events[-1]["params"].get("status") != "completed":
            events.append(json.loads(await socket.recv()))
        update = next(e for e in events if e["method"] == "node.finished")["params"]["update"]
        assert update["count"] == 3
        about = update["text"]["$cut"]
        assert about["type"] == "string"
        assert about["bytes"] == MEGABYTES + 2
        assert about["length"] == MEGABYTES // 2
        result = next(e for e in events if e["method"] == "query.result")["params"]["result"]
        assert result["text"]["$cut"]["bytes"] == MEGABYTES + 2
        found = await call("session.value", session_id=started["session_id"], ref=about["ref"])
        assert found["value"] == "ä" * found["next"]
        session = await call("session.get", session_id=started["session_id"])
        assert session["result"]["count"] == 3
        assert session["result"]["text"]["$cut"]["length"] == MEGABYTES // 2


async def test_many_megabytes(serve: Serve) -> None:
    """What a graph makes has no bound: it is read by pages."""
    size = 20_000_000
    async with serve(large_graphs.text) as server, peer(server.url) as one:
        story = await one.run(str(size))
        check_sizes(one)
        session = await one.call("session.get", session_id=story.session_id)
        ref = session["result"]["text"]["$cut"]["ref"]
        page = await one.call(
            "session.value", session_id=story.session_id, ref=ref, start=size // 2 - 5
        )
        assert page["value"] == "ä" * 5
        assert page["next"] is None
        check_sizes(one)


@pytest.mark.parametrize("batch", [False, True])
async def test_every_event_is_within_the_bound_and_can_be_had_whole(
    serve: Serve, batch: bool
) -> None:
    """Progress, messages, questions, updates, results: cut where they are large, and nowhere else."""
    async with serve(large_graphs.everywhere) as server, peer(server.url) as one:
        story = await one.run(str(MEGABYTES), subscribe={"batch": batch})
        assert story.status == "waiting"
        progress = story.of("progress")[0]["data"]
        assert progress["small"] == 1
        assert await whole(one, story.session_id, progress) == {
            "small": 1,
            "large": "p" * MEGABYTES,
        }
        asked = story.of("input.requested")[0]["value"]
        assert asked["question"] == "Which?"
        parts = ["q" * (MEGABYTES // 4)] * 4
        assert (await whole(one, story.session_id, asked))["of"] == parts
        session = await one.call("session.get", session_id=story.session_id)
        waiting = session["interrupts"][0]["value"]
        assert (await whole(one, story.session_id, waiting))["of"] == parts

        assert await one.respond(story, "this") == "completed"
        update = story.of("node.finished")[0]["update"]
        assert update["text"] == "this"
        documents = [{"number": n, "text": "d" * 500} for n in range(MEGABYTES // 500)]
        assert (await whole(one, story.session_id, update))["documents"] == documents
        found = await one.call("session.get", session_id=story.session_id)
        result = await whole(one, story.session_id, found["result"])
        assert result["documents"] == documents
        assert result["messages"][0]["content"] == "m" * MEGABYTES
        assert await whole(one, story.session_id, story.result) == result
        delta = story.of("message.delta")[0]
        # A text stays one: its beginning, and where the rest is.
        beginning, _, about = delta["delta"].partition(" … ")
        assert beginning == "m" * len(beginning)
        assert await whole(one, story.session_id, json.loads(about)) == "m" * MEGABYTES
        check_sizes(one)


async def test_a_long_error_is_cut_and_had_whole(serve: Serve) -> None:
    """An exception's text can hold a whole document."""
    async with serve(large_graphs.failing) as server, peer(server.url) as one:
        story = await one.run(str(MEGABYTES))
        session = await one.call("session.get", session_id=story.session_id)
        for error in (story.of("query.failed")[0]["error"], session["error"]):
            assert error["type"] == "ValueError"
            about = json.loads(error["message"].partition(" … ")[2])
            assert await whole(one, story.session_id, about) == "e" * MEGABYTES
        check_sizes(one)


async def test_polling_streams_and_later_readers(serve: Serve) -> None:
    """However the events are read, now or after a restart with another bound."""
    async with serve(large_graphs.everywhere) as server, peer(server.url) as one:
        story = await one.run("400000")
        await one.respond(story, "x")
        expected = [await whole(one, story.session_id, event) for event in story.of("progress")]
    small = 64 * 1024
    async with serve(large_graphs.everywhere, max_frame_bytes=small) as server:
        async with peer(server.url) as one:
            await one.call("session.subscribe", session_id=story.session_id, batch=True)
            await one.settled(story.session_id, after=story.events[-1]["params"]["seq"] - 1)
            events: list[Any] = []
            while True:
                page = await one.call(
                    "session.events", session_id=story.session_id, after=len(events)
                )
                if not page["events"]:
                    break
                events += page["events"]
            assert events == one.of(story.session_id)
            assert [event["params"]["seq"] for event in events] == list(range(1, len(events) + 1))
            progress = [e["params"] for e in events if e["method"] == "progress"]
            assert progress[0]["data"]["large"]["$cut"]
            assert [await whole(one, story.session_id, event) for event in progress] == expected
            check_sizes(one, small)
        async with httpx.AsyncClient(base_url=server.http_url, trust_env=False) as http:
            stream = (await http.get(f"/v1/orchestrator/stream/{story.session_id}")).content
            assert max(len(frame) for frame in stream.split(b"\n\n")) + 2 <= small
            sent = [
                frame for frame in frames(stream.decode().split("\n")) if frame.event == "progress"
            ]
            assert [frame.json for frame in sent] == progress


async def test_lists_and_batches_fit(serve: Serve) -> None:
    """Twenty sessions with queries of 100 KB: the page is shorter, or its rows are, and goes on."""
    async with (
        serve(large_graphs.text, max_frame_bytes=64 * 1024) as server,
        peer(server.url) as one,
    ):
        ids = []
        for number in range(60):
            query = str(number) + " " * 20_000
            started = await one.call("query.start", query=query, subscribe=False)
            ids.append(started["session_id"])
        listed: list[str] = []
        cursor = None
        while True:
            found = await one.call("session.list", cursor=cursor)
            listed += [row["session_id"] for row in found["sessions"]]
            cursor = found["next_cursor"]
            if cursor is None:
                break
        assert listed == ids[::-1]
        row = found["sessions"][-1]
        query = await whole(one, row["session_id"], row["query"])
        assert query == "0" + " " * 20_000
        calls = [
            {"jsonrpc": "2.0", "id": n, "method": "session.get", "params": [id]}
            for n, id in enumerate(ids)
        ]
        answers = await one.exchange(calls)
        assert sorted(answer["id"] for answer in answers) == list(range(60))
        refused = [answer["error"] for answer in answers if "error" in answer]
        assert 0 < len(refused) < 60
        assert {error["data"]["type"] for error in refused} == {"too_large"}
        long = await one.exchange({"jsonrpc": "2.0", "id": "x" * 100_000, "method": "server.info"})
        assert (long["id"], long["error"]["data"]["type"]) == (None, "invalid_request")
        check_sizes(one, 64 * 1024)


async def test_what_was_cut_goes_with_its_session(serve: Serve, tmp_path: Path) -> None:
    """Deleting must delete; and another session's reference opens nothing."""
    async with serve(large_graphs.text) as server, peer(server.url) as one:
        story, other = await one.run(str(MEGABYTES)), await one.run("10")
        ref = story.of("node.finished")[0]["update"]["text"]["$cut"]["ref"]
        for session_id, wrong in (
            (other.session_id, ref),
            (story.session_id, "nonsense"),
            (story.session_id, f"{ref}/0"),
            (story.session_id, "event-99/update"),
            (story.session_id, f"run-{other.run_id}/result"),
        ):
            answer = await one.answer("session.value", {"session_id": session_id, "ref": wrong})
            assert answer["error"]["data"]["path"] == "$.ref"
        beyond = {"session_id": story.session_id, "ref": ref, "start": MEGABYTES}
        answer = await one.answer("session.value", beyond)
        assert answer["error"]["data"]["path"] == "$.start"
        await one.call("session.delete", session_id=story.session_id)
        store = server.core.sessions.store
        assert await store.beside(story.session_id, ref.partition("/")[0]) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=3000),
    lambda inner: (
        st.lists(inner, max_size=8) | st.dictionaries(st.text(max_size=9), inner, max_size=8)
    ),
    max_leaves=40,
)


@given(JSON, st.integers(300, 8000))
def test_what_is_cut_fits_and_the_rest_stays(value: Any, limit: int) -> None:
    """Of any value: within the bound, every part is what it was or a reference to it."""
    found = cut(value, limit, "r")
    assert size_of(found) <= max(limit, 400)

    def same(now: Any, before: Any) -> bool:
        if now == before:
            return True
        if isinstance(now, dict) and "$cut" in now:
            return bool(now["$cut"]["bytes"] == size_of(before))
        if isinstance(now, dict):
            return now.keys() == before.keys() and all(same(now[k], before[k]) for k in now)
        return len(now) == len(before) and all(map(same, now, before))

    assert same(found, value)


@given(JSON, st.integers(2000, 8000), st.integers(1, 5) | st.none())
def test_pages_are_the_value(value: Any, limit: int, count: int | None) -> None:
    """Page by page nothing is left out and nothing comes twice."""
    start: int | None = 0
    parts: list[Any] = []
    while start is not None:
        found = page(value, ValueParams("s", "r", start, count), limit, size_of(value))
        assert size_of(found.value) <= limit + 400
        parts.append(found.value)
        assert found.next is None or found.next > start
        start = found.next
    if isinstance(value, str):
        assert "".join(parts) == value
    elif isinstance(value, list):
        assert sum(map(len, parts)) == len(value)
    elif isinstance(value, dict):
        assert [name for part in parts for name in part] == list(value)
    else:
        assert parts == [value]
