"""Names that end lines: a stream's lines are its own."""

from typing import Any, TypedDict

import httpx
from langgraph.graph import START, StateGraph

from tests.support.in_process import Serve

ODD = "inner\r\ndata\n\nevent\rid\x85\u2028"


class State(TypedDict, total=False):
    query: str
    said: str


async def test_a_nodes_name_ends_no_line_of_a_stream(serve: Serve) -> None:
    """The name of a subgraph's node is in the names of its parts."""

    def leaf(state: State) -> State:
        return {"said": "x"}

    inner: Any = StateGraph(State)
    inner.add_node("leaf", leaf)
    inner.add_edge(START, "leaf")
    outer: Any = StateGraph(State)
    outer.add_node(ODD, inner.compile())
    outer.add_edge(START, ODD)
    body = {
        "assistant_id": "odd",
        "input": {"query": "x"},
        "stream_mode": ["updates"],
        "stream_subgraphs": True,
    }
    async with (
        serve({"odd": outer.compile()}) as server,
        httpx.AsyncClient(base_url=server.http_url, trust_env=False, timeout=60) as http,
    ):
        answer = (await http.post("/runs/stream", json=body)).raise_for_status()
    lines = [line for line in answer.text.replace("\r\n", "\n").split("\n") if line]
    assert [line.partition(": ")[0] for line in lines] == ["event", "data", "id"] * 3
    metadata, inner_part, outer_part = lines[::3]
    assert (metadata, outer_part) == ("event: metadata", "event: updates")
    assert inner_part.startswith("event: updates|inner data  event id ")
