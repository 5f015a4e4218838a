"""Who calls, as a graph finds it: by the keys of LangGraph's own server, and in its runtime.

A user would lose: who the run is for, in a graph that was written for `langgraph dev`.
"""

from typing import Any, TypedDict

from langchain_core.runnables import RunnableConfig
from langgraph.graph import START, StateGraph
from langgraph.runtime import Runtime

from rpc.engine.langgraph.user import PERMISSIONS, USER, USER_ID, configurable
from rpc.storage.records import Caller


class State(TypedDict):
    x: int


async def test_the_runtime_makes_its_user_of_the_key() -> None:
    seen: dict[str, Any] = {}

    def node(state: State, config: RunnableConfig, runtime: Runtime) -> None:
        seen["config"], seen["runtime"] = config["configurable"], runtime

    caller = Caller(owner="ann", name="Ann", scopes=["read"], claims={"org": "acme"})
    # What LangGraph's server says beside it: without these there is no `server_info`.
    beside = {"assistant_id": "a", "graph_id": "g"}
    graph = StateGraph(State).add_node("a", node).add_edge(START, "a").compile()
    await graph.ainvoke({"x": 1}, {"configurable": configurable(caller), "metadata": beside})
    assert seen["config"][USER_ID] == "ann"
    assert seen["config"][PERMISSIONS] == ["read"]
    assert seen["config"][USER]["org"] == "acme"
    user = seen["runtime"].server_info.user
    assert (user.identity, user.display_name, user.is_authenticated) == ("ann", "Ann", True)
    assert (user["org"], user["permissions"]) == ("acme", ["read"])


def test_nobody_is_told_where_nobody_asked() -> None:
    assert configurable(None) == {}
