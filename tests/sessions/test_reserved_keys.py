"""Keys of a run's configuration that LangGraph and the server set: a client that sets them would be somebody else, or in another thread."""

import inspect
from typing import Any

import httpx
import pytest
from langchain_core.runnables import RunnableConfig
from langgraph._internal import _constants

from tests.support.in_process import Serve
from tests.support.peer import Refused, peer
from tests.support.small_graphs import State, chain

LANGGRAPHS = sorted(
    value
    for name, value in inspect.getmembers(_constants)
    if name.startswith("CONFIG_KEY_") and isinstance(value, str)
)
"""All that LangGraph names so, of whatever version it is."""

CALLERS = (
    "langgraph_auth_user",
    "langgraph_auth_user_id",
    "langgraph_auth_permissions",
    "langgraph_request_id",
    "stepwire_task_key",
    "stepwire_run_id",
)
"""Of who calls, and of this server's own."""

FORGED = "forged"


async def tell(state: State, config: RunnableConfig) -> State:
    """Where the forged value is found by a node."""
    found: list[str] = []
    for part in ("configurable", "metadata"):
        given: dict[str, Any] = config[part]  # type: ignore[literal-required]
        found += [f"{part}.{key}" for key, value in given.items() if FORGED in repr(value)]
    return {"said": [*found, f"mine {config['configurable'].get('mine')}"]}


telling = chain(tell)


async def test_a_query_that_gives_one_is_refused(serve: Serve) -> None:
    """Beside LangGraph's keys, in `configurable` and in `metadata`; of a first query, of a further one, of one in debug mode."""
    assert len(LANGGRAPHS) > 15
    async with serve(telling) as server, peer(server.url) as one:
        story = await one.run("x", config={"mine": 1})
        assert story.result["said"] == ["mine 1"]
        for more in ({}, {"session_id": story.session_id}, {"debug_mode": True}):
            for key in (*LANGGRAPHS, *CALLERS):
                ways: list[dict[str, Any]] = [{key: FORGED}, {"configurable": {key: FORGED}}]
                if key not in ("thread_id", "checkpoint_id", "checkpoint_ns", "checkpoint_map"):
                    # Those are no secret there, and lead nowhere.
                    ways.append({"metadata": {key: FORGED}})
                for config in ways:
                    with pytest.raises(Refused) as refused:
                        await one.call("query.start", query="x", config=config, **more)
                    assert refused.value.type == "invalid_params", config
                    assert key in (refused.value.path or ""), config
        assert (await one.call("session.list"))["total"] == 1


async def test_none_reaches_a_node_by_langgraphs_api(serve: Serve) -> None:
    """Its clients send such keys along: what the server sets is left out, whatever way it came."""
    forged = dict.fromkeys((*LANGGRAPHS, *CALLERS), FORGED)
    # Of a thread, where it is the address of one.
    forged.pop("thread_id")
    forged.pop("checkpoint_id")
    forged.pop("checkpoint_ns")
    forged.pop("checkpoint_map")
    async with (
        serve(telling) as server,
        peer(server.url) as one,
        httpx.AsyncClient(base_url=server.http_url, trust_env=False) as http,
    ):

        async def said(path: str, **asked: Any) -> list[str]:
            asked = {"assistant_id": "default", "input": {"query": "x"}, **asked}
            answer = await http.post(path, json=asked)
            assert answer.status_code == 200, answer.text
            found: list[str] = answer.json()["said"]
            return found

        ways: tuple[dict[str, Any], ...] = (
            {"config": {"configurable": {**forged, "mine": 1}}},
            {"context": {**forged, "mine": 1}},
            {"config": {"configurable": {"mine": 1}, "metadata": forged}},
            {"config": {"configurable": {"mine": 1}}, "metadata": forged},
        )
        for way in ways:
            assert await said("/runs/wait", **way) == ["mine 1"], way
        made = await http.post(
            "/assistants",
            json={
                "graph_id": "default",
                "config": {"configurable": {**forged, "mine": 2}},
                "metadata": forged,
            },
        )
        assert made.status_code == 200, made.text
        assert await said("/runs/wait", assistant_id=made.json()["assistant_id"]) == ["mine 2"]
        # A session's own metadata go along with its runs.
        thread = (await http.post("/threads", json={})).json()["thread_id"]
        await one.call("session.update", session_id=thread, metadata=forged)
        path = f"/threads/{thread}/runs/wait"
        mine = {"config": {"configurable": {"mine": 3}}}
        assert await said(path, **mine) == ["mine 3"]
        # And again, from where it was.
        history = (await http.post(f"/threads/{thread}/history", json={"limit": 10})).json()
        oldest = history[-1]["checkpoint"]["checkpoint_id"]
        again = await said(path, checkpoint_id=oldest, **mine)
        assert set(again) == {"mine 3"}
