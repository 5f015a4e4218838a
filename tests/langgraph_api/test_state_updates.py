"""States that front ends edit: what they end, what they leave out. A user would lose: a thread that cannot be closed, or settings."""

import uuid
from typing import Any

import pytest
from langgraph_sdk.errors import UnprocessableEntityError


async def waiting(sdk: Any, graph: str, given: dict[str, Any]) -> str:
    """A thread that asks."""
    thread = str((await sdk.threads.create())["thread_id"])
    await sdk.runs.wait(thread, graph, input=given)
    assert (await sdk.threads.get(thread))["status"] == "interrupted"
    return thread


@pytest.mark.parametrize(
    ("graph", "given"),
    [
        ("agent", {"query": "q"}),
        ("careful", {"log": ["x"]}),
        ("doubled", {"number": 2, "ask": True}),
    ],
)
async def test_a_thread_that_asks_is_closed(sdk: Any, graph: str, given: dict[str, Any]) -> None:
    """As inboxes mark one as resolved: nothing comes next, nobody asks, what was there stays, and it can be begun anew."""
    thread = await waiting(sdk, graph, given)
    before = await sdk.threads.get_state(thread)
    await sdk.threads.update_state(thread, None, as_node="__end__")
    state = await sdk.threads.get_state(thread)
    assert (state["next"], state["tasks"], state["interrupts"]) == ([], [], [])
    assert state["values"] == before["values"]
    found = await sdk.threads.get(thread)
    assert (found["status"], found["interrupts"]) == ("idle", {})
    await sdk.runs.wait(thread, graph, input=given)
    assert (await sdk.threads.get(thread))["status"] == "interrupted"


async def test_what_a_state_has_not_is_passed_over(sdk: Any) -> None:
    """A front end's own fields beside those of the graph."""
    thread = await waiting(sdk, "agent", {"query": "q"})
    await sdk.threads.update_state(thread, {"found": 8, "ui": [1]}, as_node="search")
    values = (await sdk.threads.get_state(thread))["values"]
    assert values == {"query": "q", "found": 8, "log": ["searched"]}


async def test_a_thread_of_no_graph_has_no_state_to_edit(sdk: Any) -> None:
    """It would be that of whichever graph is the first."""
    thread = (await sdk.threads.create())["thread_id"]
    for values, node in (({"query": "q"}, None), (None, "__end__"), ([], None)):
        with pytest.raises(UnprocessableEntityError):
            await sdk.threads.update_state(thread, values, as_node=node)
    steps = [{"updates": [{"values": {"query": "q"}, "as_node": "__start__"}]}]
    with pytest.raises(UnprocessableEntityError, match="graph_id"):
        await sdk.threads.create(supersteps=steps)
    assert (await sdk.threads.get_state(thread))["values"] == {}
    of_graph = (await sdk.threads.create(graph_id="agent"))["thread_id"]
    await sdk.threads.update_state(of_graph, {"query": "q"}, as_node="__start__")
    assert (await sdk.threads.get_state(of_graph))["values"]["query"] == "q"


async def test_a_new_config_leaves_the_context(sdk: Any) -> None:
    """An assistant's other settings do not go with its tags."""
    settings = {"recursion_limit": 7, "configurable": {"k": 1}}
    id = (await sdk.assistants.create("slow", config=settings))["assistant_id"]
    changed = await sdk.assistants.update(id, config={"tags": ["x"]})
    assert changed["context"] == {"k": 1}
    assert "recursion_limit" not in changed["config"]
    changed = await sdk.assistants.update(id, config={"configurable": {"m": 2}})
    assert changed["context"] == {"m": 2}


async def test_a_run_of_an_assistant_that_is_gone(sdk: Any) -> None:
    """By its id it is not found; a graph's name that is none is a mistake in the request."""
    for wanted, status in ((str(uuid.uuid4()), 404), ("no", 422)):
        body = {"assistant_id": wanted, "input": {"seconds": 0}}
        assert (await sdk.http.client.post("/runs/wait", json=body)).status_code == status
