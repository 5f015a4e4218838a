"""States that front ends edit: what they end, what they leave out. A user would lose: a thread that cannot be closed, or settings."""

import uuid
from typing import Any

import pytest
from langgraph_sdk.errors import NotFoundError, UnprocessableEntityError


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


async def test_a_thread_without_a_run_is_of_the_graph_that_it_is_said_to_be(sdk: Any) -> None:
    """Whichever that was before; one that is not there is refused, and one that has had a run stays of its graph."""
    thread = (await sdk.threads.create(graph_id="slow"))["thread_id"]
    for graph in ("agent", "nested"):
        changed = await sdk.threads.update(thread, metadata={"graph_id": graph, "m": 1})
        assert changed["metadata"]["graph_id"] == graph
        await sdk.threads.update_state(thread, {"query": graph}, as_node="__start__")
        assert (await sdk.threads.get_state(thread))["values"]["query"] == graph
    with pytest.raises(NotFoundError, match="nothing"):
        await sdk.threads.update(thread, metadata={"graph_id": "nothing"})
    assert (await sdk.threads.get(thread))["metadata"]["graph_id"] == "nested"
    await sdk.runs.wait(thread, "slow", input={"seconds": 0})
    changed = await sdk.threads.update(thread, metadata={"graph_id": "agent", "m": 2})
    assert {**changed["metadata"], "graph_id": "slow", "m": 2} == changed["metadata"]
    await sdk.threads.update_state(thread, {"seconds": 3})
    assert (await sdk.threads.get_state(thread))["values"]["seconds"] == 3
    copied = await sdk.threads.copy(thread)
    assert copied["metadata"]["graph_id"] == "slow"


async def test_a_thread_is_found_by_the_assistant_of_its_last_run(sdk: Any) -> None:
    """As chat front ends list those of the assistant that they were given."""
    own = (await sdk.assistants.create("slow"))["assistant_id"]
    thread = (await sdk.threads.create(metadata={"assistant_id": "x"}))["thread_id"]
    made = str(uuid.uuid4())
    for one in (thread, made):
        asked = {"input": {"seconds": 0}, "if_not_exists": "create", "metadata": {"m": 1}}
        await sdk.runs.wait(one, own, **asked)
        (found,) = await sdk.threads.search(metadata={"assistant_id": own}, ids=[one])
        assert found["metadata"].get("m") == (1 if one == made else None)
    await sdk.runs.wait(thread, "slow", input={"seconds": 0})
    assert await sdk.threads.search(metadata={"assistant_id": own}, ids=[thread]) == []
    assert len(await sdk.threads.search(metadata={"graph_id": "slow"}, ids=[thread, made])) == 2


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
