"""LangChain's events of callbacks, which are given to whoever listens instead of being queued."""

from typing import Any, TypedDict
from uuid import uuid4

from langchain_core.language_models.fake_chat_models import GenericFakeChatModel
from langchain_core.messages import AIMessage
from langgraph.graph import START, StateGraph

from rpc.engine.langgraph.callback_events import told


class State(TypedDict, total=False):
    said: str


async def says(state: State) -> State:
    model = GenericFakeChatModel(messages=iter([AIMessage("one two")]))
    return {"said": str((await model.ainvoke("hi")).content)}


async def test_the_events_are_those_of_astream_events() -> None:
    builder: StateGraph[Any, Any, Any, Any] = StateGraph(State)
    builder.add_node(says)
    builder.add_edge(START, "says")
    graph = builder.compile()
    run_id = str(uuid4())
    found: list[dict[str, Any]] = []
    config = told({"metadata": {"stepwire_x": 1, "mine": 2}}, found.append, run_id, "graph")
    async for _ in graph.astream({"said": ""}, config):
        pass
    theirs = [
        (event["event"], event["name"])
        async for event in graph.astream_events({"said": ""}, {"run_name": "graph"}, version="v2")
        # Its own stream's, which is not of a callback.
        if (event["event"], event["name"]) != ("on_chain_stream", "graph")
    ]
    assert [(event["event"], event["name"]) for event in found] == theirs
    assert found[0]["run_id"] == found[-1]["run_id"] == run_id, "the run is not the first event's"
    assert found[0]["data"]["input"] == {"said": ""}, "the run's input is not told"
    assert "input" not in found[-1]["data"], "the run's input is told twice"
    assert found[0]["metadata"]["mine"] == 2
    assert "stepwire_x" not in found[0]["metadata"], "what is kept for the server is told"
    assert any(event["event"] == "on_chat_model_stream" for event in found), (
        "a model that is called whole is not streamed"
    )
