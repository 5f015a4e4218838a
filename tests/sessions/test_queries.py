"""Follow-up queries, retries with a key, answers to questions, and what a session's status forbids."""

import asyncio
from typing import Any

import pytest

from tests.support import small_graphs
from tests.support.full_disk import full_disk
from tests.support.in_process import Serve
from tests.support.peer import Refused, peer
from tests.support.small_graphs import State, chain
from tests.support.stream_rules import check_stream


async def test_a_follow_up_continues_the_conversation(serve: Serve) -> None:
    """A second query sees what the first left in the state; its events go on from the first's."""
    async with serve(small_graphs.greeter) as server, peer(server.url) as one:
        first = await one.run("one", session_name="mine")
        last = first.events[-1]["params"]["seq"]
        started = await one.call("query.start", query="two", session_id=first.session_id)
        assert started["seq"] == last
        assert started["run_id"] != first.run_id
        await one.settled(first.session_id, started["run_id"])
        check_stream(first.events)
        assert first.result["said"] == ["hello one", "hello two"]
        runs = {event["params"]["run_id"] for event in first.events}
        assert runs == {first.run_id, started["run_id"]}
        session = await one.call("session.get", session_id=first.session_id)
        assert (session["runs"], session["query"], session["session_name"]) == (2, "two", "mine")
        assert session["run_id"] == started["run_id"]


async def test_a_query_brings_its_session_s_tags_and_metadata(serve: Serve) -> None:
    """Those of a follow-up are then the session's: whoever lists by tag finds it, from its first event on."""
    async with serve(small_graphs.greeter) as server, peer(server.url) as one:
        first = await one.run("one", tags=["a", "b", "a"], metadata={"ticket": 1, "kept": True})
        await one.run("two", tags=["b"])
        listed = await one.call("session.list", tags=["a"])
        assert [row["session_id"] for row in listed["sessions"]] == [first.session_id]
        row = listed["sessions"][0]
        assert (row["tags"], row["metadata"]) == (["a", "b"], {"ticket": 1, "kept": True})
        given = {"tags": ["c"], "metadata": {"ticket": None, "by": "ada"}}
        again = await one.call("query.start", query="x", session_id=first.session_id, **given)
        await one.settled(first.session_id, again["run_id"])
        session = await one.call("session.get", session_id=first.session_id)
        assert (session["tags"], session["metadata"]) == (["c"], {"kept": True, "by": "ada"})
        # What is left out stays.
        again = await one.call("query.start", query="y", session_id=first.session_id)
        await one.settled(first.session_id, again["run_id"])
        session = await one.call("session.get", session_id=first.session_id)
        assert (session["tags"], session["metadata"]) == (["c"], {"kept": True, "by": "ada"})


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"tags": [""]}, "$.tags[0]"),
        ({"tags": "a"}, "$.tags"),
        ({"metadata": {"x": "y" * 20_000}}, "$.metadata"),
        ({"metadata": [1]}, "$.metadata"),
    ],
)
async def test_bad_tags_and_metadata_start_nothing(
    serve: Serve, given: dict[str, Any], path: str
) -> None:
    async with serve(small_graphs.greeter) as server, peer(server.url) as one:
        with pytest.raises(Refused) as refused:
            await one.call("query.start", query="one", **given)
        assert (refused.value.type, refused.value.path) == ("invalid_params", path)
        assert (await one.call("session.list"))["total"] == 0


@pytest.mark.parametrize("graph", ["waiting", "asking"])
async def test_a_busy_session_takes_no_other_query(serve: Serve, graph: str) -> None:
    """Two runs in one thread would write over each other's state."""
    graphs = {"waiting": small_graphs.waiting, "asking": small_graphs.asking}
    async with serve(graphs) as server, peer(server.url) as one:
        started = await one.call("query.start", query="x", graph=graph)
        session_id = started["session_id"]
        await one.event(session_id, "progress" if graph == "waiting" else "input.requested")
        with pytest.raises(Refused) as refused:
            await one.call("query.start", query="y", session_id=session_id)
        assert refused.value.type == "wrong_state"
        assert "completed" in refused.value.detail


async def test_follow_ups_at_the_same_time(serve: Serve) -> None:
    """Of ten at once in one session one runs; the others are refused, and none is lost between."""
    async with serve(small_graphs.asking) as server, peer(server.url) as one:
        story = await one.run("x")
        await one.respond(story, "a")
        answers = await asyncio.gather(
            *(
                one.answer("query.start", {"query": f"q{n}", "session_id": story.session_id})
                for n in range(10)
            )
        )
        began = [answer["result"] for answer in answers if "result" in answer]
        assert len(began) == 1
        assert await one.settled(story.session_id, began[0]["run_id"]) == "waiting"
        check_stream(story.events)


async def test_unknown_names(serve: Serve) -> None:
    """An unknown session or graph is named in the error, and nothing is made of it."""
    async with serve(small_graphs.greeter) as server, peer(server.url) as one:
        for method in ("session.get", "session.delete", "session.subscribe", "session.events"):
            with pytest.raises(Refused) as refused:
                await one.call(method, session_id="nobody")
            assert (refused.value.code, "'nobody'" in refused.value.detail) == (-32000, True)
        with pytest.raises(Refused) as refused:
            await one.call("query.start", query="x", session_id="nobody")
        assert refused.value.code == -32000
        with pytest.raises(Refused) as refused:
            await one.call("query.start", query="x", graph="none")
        assert refused.value.code == -32002
        assert (await one.call("session.list"))["total"] == 0


# Idempotency.


async def test_a_retry_starts_nothing_twice(serve: Serve) -> None:
    """A client that did not get its answer asks again: one run, one session, the same answer."""
    async with serve(small_graphs.greeter) as server:
        async with peer(server.url) as one:
            first = await one.call("query.start", query="x", idempotency_key="k")
            await one.settled(first["session_id"])
        async with peer(server.url) as other:
            again = await other.call("query.start", query="x", idempotency_key="k")
            assert (again["session_id"], again["run_id"]) == (first["session_id"], first["run_id"])
            assert again["seq"] == first["seq"] == 0
            assert again["status"] == "completed"
            # And it is subscribed as the first was: it sees the whole run.
            await other.settled(first["session_id"])
            check_stream(other.events[first["session_id"]])
            assert (await other.call("session.list"))["total"] == 1
            third = await other.call("query.start", query="x", idempotency_key="other")
            assert third["session_id"] != first["session_id"]


async def test_a_key_is_not_taken_for_another_query(serve: Serve) -> None:
    """It would be answered with what somebody else asked; nothing is started, and the first is as it was."""
    async with serve(small_graphs.greeter) as server, peer(server.url) as one:
        story = await one.run("x", idempotency_key="k", config={"tags": ["a"]})
        same = {"query": "x", "config": {"tags": ["a"]}, "idempotency_key": "k"}
        assert (await one.call("query.start", **same))["run_id"] == story.run_id
        another = (await one.run("z")).session_id
        for other in (
            {"query": "y"},
            {"query": None, "input": {"query": "x"}},
            {"config": {"tags": ["b"]}},
            {"config": None},
            {"session_id": another},
        ):
            with pytest.raises(Refused) as refused:
                await one.call("query.start", **{**same, **other})
            assert refused.value.type == "invalid_params"
            assert refused.value.path == "$.idempotency_key"
            assert story.run_id in refused.value.detail
        assert (await one.call("session.list"))["total"] == 2


@pytest.mark.parametrize(
    "other",
    [
        {"debug_mode": True},
        {"debug_mode": True, "breakpoints": ["hello"]},
        {"session_name": "another"},
        {"tags": ["a"]},
        {"metadata": {"case": 7}},
        {"when_busy": "enqueue"},
        {"callbacks": True},
    ],
)
async def test_a_key_is_not_taken_for_another_way_to_ask(
    serve: Serve, other: dict[str, Any]
) -> None:
    """Who asked to stop at a node got the answer of a run that stops nowhere."""
    async with serve(small_graphs.greeter) as server, peer(server.url) as one:
        story = await one.run("x", idempotency_key="k")
        for given, key in ((other, "k"), ({}, "l"), ({"session_id": story.session_id}, "k")):
            first = {"query": "x", "idempotency_key": key}
            if key == "l":
                begun = await one.call("query.start", **first, **other)
                await one.call("query.start", **first, **other, subscribe=False)
                assert begun["session_id"] != story.session_id
            with pytest.raises(Refused) as refused:
                await one.call("query.start", **first, **given)
            assert refused.value.path == "$.idempotency_key"
        again = await one.call("query.start", query="x", idempotency_key="k", callbacks=False)
        assert again["run_id"] == story.run_id


async def test_duplicates_at_the_same_time(serve: Serve) -> None:
    """Two tabs, a proxy that retries: forty copies of one request are one run."""
    async with (
        serve(small_graphs.greeter) as server,
        peer(server.url) as one,
        peer(server.url) as other,
    ):
        answers = await asyncio.gather(
            *(
                who.call("query.start", query="x", idempotency_key="k")
                for who in (one, other)
                for _ in range(20)
            )
        )
        assert len({answer["session_id"] for answer in answers}) == 1
        assert len({answer["run_id"] for answer in answers}) == 1
        session_id = answers[0]["session_id"]
        for who in (one, other):
            await who.settled(session_id)
        assert (await one.call("session.list"))["total"] == 1
        events = await one.call("session.events", session_id=session_id)
        check_stream(events["events"])


async def test_a_session_id_like_a_key(serve: Serve) -> None:
    """Keys and session ids are the client's to choose; one that looks like the other is no fault."""
    async with serve(small_graphs.greeter) as server, peer(server.url) as one:
        with pytest.raises(Refused) as refused:
            await one.call(
                "query.start", query="x", session_id="key:retry", idempotency_key="retry"
            )
        assert refused.value.type == "session_not_found"


async def test_a_retry_of_a_follow_up(serve: Serve) -> None:
    """The key belongs to the run: a retried follow-up is not a third query."""
    async with serve(small_graphs.greeter) as server, peer(server.url) as one:
        story = await one.run("x")
        params = {"query": "y", "session_id": story.session_id, "idempotency_key": "k"}
        first, again = await asyncio.gather(
            one.call("query.start", **params), one.call("query.start", **params)
        )
        assert first["run_id"] == again["run_id"]
        await one.settled(story.session_id, first["run_id"])
        late = await one.call("query.start", **params)
        assert (late["run_id"], late["seq"]) == (first["run_id"], first["seq"])
        session = await one.call("session.get", session_id=story.session_id)
        assert session["runs"] == 2


async def test_a_retry_of_what_failed_to_be_taken(serve: Serve) -> None:
    """A request that was refused did not use its key up."""
    async with serve(small_graphs.greeter) as server, peer(server.url) as one:
        with pytest.raises(Refused):
            await one.call("query.start", query="x", graph="none", idempotency_key="k")
        assert (await one.run("x", idempotency_key="k")).status == "completed"


# Questions.


async def test_an_answer_needs_a_question(serve: Serve) -> None:
    """Who answers a session that asks nothing, or another question, learns which are open."""
    async with (
        serve({"asking": small_graphs.asking, "greeter": small_graphs.greeter}) as server,
        peer(server.url) as one,
    ):
        done = await one.run("x", graph="greeter")
        with pytest.raises(Refused) as refused:
            await one.call("query.respond", session_id=done.session_id, value=1)
        assert refused.value.type == "wrong_state"
        story = await one.run("x")
        (asked,) = story.of("input.requested")
        with pytest.raises(Refused) as refused:
            await one.call(
                "query.respond", session_id=story.session_id, value=1, interrupt_id="other"
            )
        assert refused.value.path == "$.interrupt_id"
        assert asked["interrupt_id"] in refused.value.detail
        assert await one.respond(story, {"deep": [1, None, "ü"]}, asked["interrupt_id"])
        assert story.result["said"][0] == "{'deep': [1, None, 'ü']}"


@pytest.mark.parametrize("value", [None, False, 0, "", [], {}])
async def test_an_empty_answer_is_an_answer(serve: Serve, value: Any) -> None:
    """A person who says no, or nothing, has answered."""
    async with serve(small_graphs.asking) as server, peer(server.url) as one:
        story = await one.run("x")
        assert await one.respond(story, value) == "completed"
        assert story.result["said"][0] == str(value)
        check_stream(story.events)


async def test_two_answers_to_one_question(serve: Serve) -> None:
    """Two people answer at once: the first counts, the other is told that nobody asks any more."""
    async with serve(small_graphs.asking) as server, peer(server.url) as one:
        story = await one.run("x")
        answers = await asyncio.gather(
            *(
                one.answer("query.respond", {"session_id": story.session_id, "value": n})
                for n in range(6)
            )
        )
        assert sum("result" in answer for answer in answers) == 1
        assert {a["error"]["data"]["type"] for a in answers if "error" in a} == {"wrong_state"}
        await one.settled(story.session_id, after=7)
        check_stream(story.events)


async def test_a_question_nobody_must_name_when_it_is_the_only_one(serve: Serve) -> None:
    """With several open questions an answer without a name is refused, with their names."""

    def asks(name: str) -> Any:
        async def node(state: State) -> State:
            return await small_graphs.ask({"query": name})

        node.__name__ = name
        return node

    from langgraph.graph import START, StateGraph

    builder: StateGraph[Any, Any, Any, Any] = StateGraph(State)
    for name in ("one", "two"):
        builder.add_node(name, asks(name))
        builder.add_edge(START, name)
    async with serve(builder.compile()) as server, peer(server.url) as one:
        story = await one.run("x")
        with pytest.raises(Refused) as refused:
            await one.call("query.respond", session_id=story.session_id, value=1)
        assert refused.value.path == "$.interrupt_id"
        ids = {p["node"]: p["interrupt_id"] for p in story.of("input.requested")}
        assert all(one_id in refused.value.detail for one_id in ids.values())
        assert await one.respond(story, "b", ids["two"]) == "waiting"
        assert await one.respond(story, "a") == "completed"
        assert sorted(story.result["said"]) == ["a", "b"]
        check_stream(story.events)


async def test_a_failing_store_refuses_and_starts_nothing(serve: Serve) -> None:
    """`overloaded` means what it says: nothing was started, and a retry is safe."""
    async with serve(chain(small_graphs.hello)) as server, peer(server.url) as one:
        with full_disk(server.core.sessions.store):
            with pytest.raises(Refused) as refused:
                await one.call("query.start", query="x" * 100_000, idempotency_key="k")
            assert refused.value.type == "overloaded"
            assert "full" in refused.value.detail
            assert server.core.sessions.executor.active == 0
        assert (await one.call("session.list"))["total"] == 0
        assert (await one.run("x", idempotency_key="k")).status == "completed"


async def test_a_full_queue_refuses(serve: Serve) -> None:
    """Past `max_queued` a server says so instead of growing."""
    async with (
        serve(small_graphs.waiting, max_running=1, max_queued=2) as server,
        peer(server.url) as one,
    ):
        first = await one.call("query.start", query="x")
        await one.event(first["session_id"], "progress")
        for _ in range(2):
            started = await one.call("query.start", query="x")
            await one.event(started["session_id"], "session.status")
        with pytest.raises(Refused) as refused:
            await one.call("query.start", query="x")
        assert refused.value.type == "overloaded"
        assert (await one.call("session.list"))["total"] == 3
