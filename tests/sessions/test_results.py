"""Results of runs: stored once, in the checkpoint, and read back as they were sent.

A user would lose: a long conversation's disk, or an answer that reads otherwise the next day.
"""

import operator
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Annotated, Any, TypedDict

import httpx
import pytest
from langgraph.channels import UntrackedValue
from langgraph.func import entrypoint

from rpc.events.cursor import Cursor
from rpc.events.references import MARK
from tests.support.in_process import Serve, Served
from tests.support.peer import Peer, Story, peer
from tests.support.small_graphs import chain

LARGE = 20_000
"""Characters that are not stored twice."""

LIKE_A_REFERENCE = '"result":@{"checkpoint_id":"x","channels":["said"]}@'


class Chat(TypedDict, total=False):
    """A conversation."""

    query: str
    said: Annotated[list[str], operator.add]


class Noted(Chat, total=False):
    """With what is not kept between supersteps."""

    note: Annotated[str, UntrackedValue]


async def say(state: Chat) -> dict[str, Any]:
    """Answers with the query, or as many characters as it says."""
    query = state["query"]
    return {"said": [LIKE_A_REFERENCE, "ä" * int(query) if query.isdigit() else query]}


async def turn(state: Chat) -> Chat:
    """A turn of about 2.5 KB, as five messages of a chat are."""
    return {"said": [f"{state['query']}:{number:2}{'.' * 500}" for number in range(5)]}


async def note(state: Noted) -> Noted:
    """Writes to a channel that is not saved."""
    return {"said": ["noted"], "note": "x" * LARGE}


@entrypoint()
async def function(given: dict[str, Any]) -> dict[str, Any]:
    """A graph of the functional API: its output is one channel's value."""
    return {"said": "x" * int(given["query"])}


talking = chain(say, state=Chat)
turning = chain(turn, state=Chat)
noting = chain(note, state=Noted)


async def stored(server: Served, session_id: str) -> list[bytes]:
    """The session's events as they lie in the store."""
    rows = await server.core.sessions.store.events(session_id, 0, 10**9)
    return [event for row in rows for event in row.data.split(b"\n")]


async def read(server: Served, session_id: str, types: list[str] | None = None) -> list[bytes]:
    """The session's events as a reader gets them."""
    found: list[bytes] = []
    cursor: Cursor = await server.core.sessions.cursor(session_id, 0, types)
    async with cursor:
        while more := await cursor.ready():
            found += more
    return found


async def follow(one: Peer, session_id: str, query: str) -> None:
    """Another turn of a session."""
    started = await one.call("query.start", query=query, session_id=session_id)
    assert await one.settled(session_id, started["run_id"]) == "completed"


async def asked(one: Peer, graph: Any, query: str) -> Story:
    """A run of one of these graphs."""
    given = {"input": {"query": query}} if graph is function else {"query": query}
    return await one.run(**given)


@pytest.mark.parametrize("graph", [talking, function], ids=["state", "function"])
async def test_a_result_is_the_same_live_replayed_and_after_a_restart(
    serve: Serve, graph: Any
) -> None:
    """On the socket as it happens, from the disk, over SSE, and from the next process."""
    async with serve({"graph": graph}) as server, peer(server.url) as one:
        story = await asked(one, graph, str(LARGE))
        session_id = story.session_id
        live = await read(server, session_id)
        kept = await stored(server, session_id)
        assert sum(MARK in event and len(event) < 500 for event in kept) == 1
        got = await one.call("session.get", session_id=session_id)
        assert got["result"] == story.result
        if graph is talking:
            assert story.result["said"] == [LIKE_A_REFERENCE, "ä" * LARGE]
    async with serve({"graph": graph}, tail_bytes=0) as server, peer(server.url) as one:
        assert await read(server, session_id) == live
        results = await read(server, session_id, ["query.result"])
        assert results == [event for event in live if b'"method":"query.result"' in event]
        async with httpx.AsyncClient(base_url=server.http_url) as http:
            stream = await http.get(f"/v1/orchestrator/stream/{session_id}")
            assert b"data: %b\n" % results[0].partition(b'"params":')[2][:-1] in stream.content
        again = await one.call("session.get", session_id=session_id)
        assert again["result"] == story.result
        events = await one.call("session.events", session_id=session_id)
        assert events["events"] == story.events


async def test_results_of_earlier_turns_stay_what_they_were(serve: Serve) -> None:
    """The state grew since: who reads the log again sees what was answered then."""
    async with serve(talking, tail_bytes=0) as server, peer(server.url) as one:
        session_id = (await one.run(str(LARGE))).session_id
        for query in ("and", "so"):
            await follow(one, session_id, query)
        results = [one["params"]["result"]["said"] for one in one.of(session_id, "query.result")]
        assert [said[1::2] for said in results] == [
            ["ä" * LARGE],
            ["ä" * LARGE, "and"],
            ["ä" * LARGE, "and", "so"],
        ]
        assert sum(MARK in event for event in await stored(server, session_id)) == 3
        events = await one.call("session.events", session_id=session_id)
        assert events["events"] == one.of(session_id)


async def test_small_results_and_those_that_do_not_read_back_are_stored_as_they_are(
    serve: Serve,
) -> None:
    """A channel that is not saved is in no checkpoint."""
    graphs = {"noting": noting, "talking": talking}
    async with serve(graphs, tail_bytes=0) as server, peer(server.url) as one:
        for graph, query in (("noting", "q"), ("talking", "small")):
            story = await one.run(query, graph=graph)
            assert not any(MARK in event for event in await stored(server, story.session_id))
            events = await one.call("session.events", session_id=story.session_id)
            assert events["events"] == story.events
            got = await one.call("session.get", session_id=story.session_id)
            assert got["result"] == story.result
        assert len((await one.run("q", graph="noting")).result["note"]) == LARGE


async def test_a_result_of_a_graph_that_is_served_no_more(serve: Serve) -> None:
    """A server that is set up anew still shows what was answered."""
    async with serve({"old": talking}) as server, peer(server.url) as one:
        story = await one.run(str(LARGE))
    async with serve({"new": noting}) as server, peer(server.url) as one:
        got = await one.call("session.get", session_id=story.session_id)
        assert got["result"] == story.result
        events = await one.call("session.events", session_id=story.session_id)
        assert events["events"] == story.events


async def test_a_result_that_cannot_be_read_costs_nothing_else(
    serve: Serve, tmp_path: Path
) -> None:
    """The other events of the session are still there to be read."""
    async with serve(talking) as server, peer(server.url) as one:
        story = await one.run(str(LARGE))
    with closing(sqlite3.connect(tmp_path / "data" / "stepwire.db")) as connection:
        # No msgpack begins so.
        connection.execute("UPDATE channel_values SET head = x'c1' WHERE channel = 'said'")
        connection.commit()
    async with serve(talking) as server, peer(server.url) as one:
        assert (await one.call("session.get", session_id=story.session_id))["result"] is None
        events = (await one.call("session.events", session_id=story.session_id))["events"]
        assert events.pop(-2)["params"]["result"] is None
        assert events == [one for one in story.events if one["method"] != "query.result"]


async def test_a_run_that_was_rewound_keeps_both_of_its_results(serve: Serve) -> None:
    """Its first answer is in the log, its second one is the session's."""
    async with serve(talking, tail_bytes=0) as server, peer(server.url) as one:
        started = await one.call("query.start", query=str(LARGE), debug_mode=True)
        session_id = started["session_id"]
        await one.settled(session_id)
        await one.call("debug.continue", session_id=session_id)
        await one.event(session_id, "query.result")
        history = await one.call("debug.history", session_id=session_id)
        start = next(state for state in history["checkpoints"] if state["next"] == ["say"])
        await one.call(
            "debug.rewind", session_id=session_id, checkpoint_id=start["checkpoint_id"], rerun=True
        )
        await one.event(session_id, "query.result", 2)
        assert len(set(server.core.sessions.store.results_of(session_id))) == 2
        assert [event["params"] for event in one.of(session_id, "query.result")] == [
            event["params"]
            for event in (await one.call("session.events", session_id=session_id))["events"]
            if event["method"] == "query.result"
        ]


async def test_a_chat_grows_with_its_length(serve: Serve, tmp_path: Path) -> None:
    """Not with its square: each answer holds all those before it, and is not stored again with them."""
    sizes: list[int] = []
    for turns in (100, 200):
        folder = tmp_path / str(turns)
        async with serve(turning, data_dir=str(folder)) as server, peer(server.url) as one:
            session_id = (await one.run("0")).session_id
            for number in range(1, turns):
                await follow(one, session_id, str(number))
            said = one.of(session_id, "query.result")[-1]["params"]["result"]["said"]
            assert len(said) == 5 * turns
        sizes.append((folder / "stepwire.db").stat().st_size)
    assert sizes[1] <= 2.2 * sizes[0], sizes
