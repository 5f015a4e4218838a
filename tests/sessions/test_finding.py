"""What a UI lists and finds: runs, filters, earlier questions, tokens, who serves."""

import asyncio
from collections.abc import Iterator
from typing import Any, TypedDict

import pytest
from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langgraph.graph import START, StateGraph

from tests.support import small_graphs
from tests.support.in_process import Serve
from tests.support.peer import Refused, peer

GRAPHS = {"greeter": small_graphs.greeter, "failing": small_graphs.failing}


def usage(read: int, written: int) -> dict[str, int]:
    return {"input_tokens": read, "output_tokens": written, "total_tokens": read + written}


class Talk(TypedDict, total=False):
    query: str
    messages: list[Any]


class Whole(BaseChatModel):
    """Answers at once, and says what it took."""

    @property
    def _llm_type(self) -> str:
        return "whole"

    def _generate(self, messages: Any, *_: Any, **__: Any) -> ChatResult:
        message = AIMessage("one two", usage_metadata=usage(10, 5))  # type: ignore[arg-type]
        return ChatResult(generations=[ChatGeneration(message=message)])


class Streaming(Whole):
    """The same in pieces; the last one says what all took."""

    def _stream(self, messages: Any, *_: Any, **__: Any) -> Iterator[ChatGenerationChunk]:
        yield ChatGenerationChunk(message=AIMessageChunk("one "))
        last = AIMessageChunk("two", usage_metadata=usage(7, 1))  # type: ignore[arg-type]
        yield ChatGenerationChunk(message=last)


async def speak(state: Talk) -> Talk:
    """Calls two models; both answers are returned, too."""
    return {"messages": [await Whole().ainvoke("first"), await Streaming().ainvoke("second")]}


talking = StateGraph(Talk).add_node("speak", speak).add_edge(START, "speak").compile()


async def test_a_runs_first_event_says_what_was_asked(serve: Serve) -> None:
    """A UI that only reads events shows the question beside its answer."""
    async with serve(GRAPHS) as server, peer(server.url) as one:
        story = await one.run("text")
        first, *others = story.of("session.status")
        assert first["query"] == "text"
        assert "input" not in first
        assert not any("query" in other or "input" in other for other in others)
        await one.run(input={"query": "free", "said": []}, session_id=story.session_id)
        second = [s for s in story.of("session.status") if s["status"] == "queued"][1]
        assert second["input"] == {"query": "free", "said": []}
        assert "query" not in second


async def test_runs_are_listed_newest_first_and_paged(serve: Serve) -> None:
    async with serve(GRAPHS) as server, peer(server.url) as one:
        story = await one.run("0", graph="failing")
        ids = [story.run_id]
        for number in range(1, 5):
            again = await one.run(
                f"{number}", session_id=story.session_id, config={"recursion_limit": 9}
            )
            ids.append(again.run_id)
        listed: list[Any] = []
        before = None
        while True:
            page = await one.call(
                "session.runs", session_id=story.session_id, limit=2, before=before
            )
            listed += page["runs"]
            before = page["next_before"]
            if before is None:
                break
        assert [run["run_id"] for run in listed] == ids[::-1]
        assert [run["query"] for run in listed] == ["4", "3", "2", "1", "0"]
        assert {run["status"] for run in listed} == {"failed"}
        assert listed[0]["error"]["type"] == "ValueError"
        assert (listed[0]["config"], listed[-1]["config"]) == ({"recursion_limit": 9}, {})
        assert listed[-1]["after"] == 0
        assert listed[0]["started_at"] <= listed[0]["completed_at"]
        assert listed[0]["result_ref"] is None
        other = await one.run("mine")
        await one.run("again", session_id=other.session_id)
        runs = (await one.call("session.runs", session_id=other.session_id))["runs"]
        for run, query in zip(runs, ("again", "mine"), strict=True):
            found = await one.call(
                "session.value", session_id=other.session_id, ref=run["result_ref"]
            )
            assert found["value"]["query"] == query


async def test_filters_narrow_a_list(serve: Serve) -> None:
    async with (
        serve({**GRAPHS, "waiting": small_graphs.waiting}) as server,
        peer(server.url) as one,
    ):
        done = (await one.run("done")).session_id
        failed = (await one.run("failed", graph="failing")).session_id
        created = (await one.call("session.get", session_id=failed))["created_at"]
        await asyncio.sleep(0.005)
        waits = (await one.call("query.start", query="x", graph="waiting"))["session_id"]
        await one.event(waits, "progress")

        async def listed(**params: Any) -> list[str]:
            page = await one.call("session.list", **params)
            assert page["total"] == len(page["sessions"])
            return [session["session_id"] for session in page["sessions"]]

        assert await listed(graph="failing") == [failed]
        assert await listed(graph="none") == []
        assert await listed(status=["completed", "failed"]) == [failed, done]
        assert await listed(status=["running"]) == [waits]
        assert await listed(status=[]) == [waits, failed, done]
        assert await listed(status=["completed", "failed"], search="done") == [done]
        assert await listed(created_before=created) == [done]
        assert await listed(id_prefix=done) == [done]
        assert await listed(id_prefix=done[:-1], graph="failing") == []
        assert await listed(id_prefix=done[:4]) == [waits, failed, done]
        assert await listed(created_after=created) == [waits, failed]
        zone = created.replace("Z", "+00:00")
        assert await listed(created_after=zone, status="failed") == [failed]
        page = await one.call("session.list", graph="greeter", limit=1)
        assert page["next_cursor"] is None
        first = await one.call("session.list", status=["completed", "failed"], limit=1)
        assert first["total"] == 2
        rest = await one.call(
            "session.list",
            status=["completed", "failed"],
            limit=1,
            cursor=first["next_cursor"],
        )
        assert [row["session_id"] for row in rest["sessions"]] == [done]
        for wrong in ("yesterday", "2026-11-23", "2026-13-01T00:00:00Z"):
            with pytest.raises(Refused) as refused:
                await one.call("session.list", created_after=wrong)
            assert refused.value.path == "$.created_after"


async def test_inputs_and_earlier_queries_are_found(serve: Serve) -> None:
    async with serve(GRAPHS) as server, peer(server.url) as one:
        story = await one.run(input={"query": "semaglutide", "said": ["oral dosing 2024"]})
        await one.run("tirzepatide", session_id=story.session_id)
        await one.run("x" * 3000, session_id=story.session_id)
        other = await one.run("unlike")

        async def found(search: str) -> list[str]:
            page = await one.call("session.list", search=search)
            return [session["session_id"] for session in page["sessions"]]

        for search in ("semaglutide", "oral dosing", "TIRZEP", "ti", "xxx", "2024"):
            assert await found(search) == [story.session_id], search
        assert await found("unlike") == [other.session_id]
        await one.call("session.delete", session_id=story.session_id)
        assert await found("semaglutide") == []


async def test_tokens_are_added_up(serve: Serve) -> None:
    async with serve({"talking": talking, **GRAPHS}) as server, peer(server.url) as one:
        story = await one.run("hi")
        session = await one.call("session.get", session_id=story.session_id)
        (run,) = (await one.call("session.runs", session_id=story.session_id))["runs"]
        expected = usage(17, 6)
        assert session["usage"] == expected
        assert run["usage"] == expected
        assert story.of("query.result")[0]["usage"] == expected
        silent = await one.run("hi", graph="greeter")
        assert silent.of("query.result")[0]["usage"] is None


@pytest.mark.parametrize("method", ["session.events", "session.subscribe"])
async def test_events_of_some_types(serve: Serve, method: str) -> None:
    async with serve(GRAPHS) as server:
        async with peer(server.url) as one:
            session_id = (await one.run("x")).session_id
        async with peer(server.url) as one:
            with pytest.raises(Refused) as refused:
                await one.call(method, session_id=session_id, types=["progress", "query.results"])
            assert refused.value.path == "$.types[1]"
            assert "query.result" in refused.value.detail
            types = ["status", "node.finished", "result", "done"]
            answer = await one.call(method, session_id=session_id, types=types)
            if method == "session.subscribe":
                await one.settled(session_id)
                events = one.of(session_id)
            else:
                events = answer["events"]
            assert [event["method"] for event in events] == [
                "session.status",
                "session.status",
                "node.finished",
                "query.result",
                "session.status",
            ]
            with pytest.raises(Refused) as refused:
                await one.call("query.start", query="x", subscribe={"types": ["nope"]})
            assert refused.value.path == "$.subscribe.types[0]"
            assert (await one.call("session.list"))["total"] == 1


async def test_every_method_takes_meta(serve: Serve) -> None:
    async with serve(GRAPHS) as server, peer(server.url) as one:
        info = await one.call("server.info", _meta={"trace": "1"})
        for method in info["methods"]:
            answer = await one.answer(method, {"_meta": {"trace": "1"}})
            assert "_meta" not in str(answer.get("error")), method
        with pytest.raises(Refused) as refused:
            await one.call("server.info", _meta=1)
        assert refused.value.path == "$._meta"
        story = await one.run("x", _meta={"progressToken": 1})
        assert story.status == "completed"


async def test_a_server_says_which_start_of_it_answers_and_its_time(serve: Serve) -> None:
    ids = set()
    for _ in range(2):
        async with serve(GRAPHS) as server, peer(server.url) as one:
            info = [await one.call("server.info") for _ in range(2)]
            assert info[0]["instance_id"] == info[1]["instance_id"]
            assert info[0]["time"] <= info[1]["time"]
            ids.add(info[0]["instance_id"])
    assert len(ids) == 2
