"""The caches of libraries that keep code: they are there, and can be emptied."""

import gc
import operator
import weakref
from typing import Annotated, Any, NotRequired

from langchain_core.runnables import RunnableLambda
from langgraph.graph import START, StateGraph
from pydantic import BaseModel
from typing_extensions import TypedDict

from rpc.engine.langgraph import kept_code


def used() -> list[weakref.ref[Any]]:
    """A class and a function that a graph was made of, which was described and run."""

    class Found(BaseModel):
        text: str = ""

    class State(TypedDict):
        found: Annotated[list[Found], operator.add]
        last: NotRequired[Found]

    def node(state: State) -> Any:
        chain: Any = RunnableLambda(lambda one: helper(one))
        assert not chain.deps
        return {"last": chain.invoke(Found())}

    def helper(one: Found) -> Found:
        return one

    builder: Any = StateGraph(State)
    builder.add_node("node", node)
    builder.add_edge(START, "node")
    graph = builder.compile()
    graph.get_input_jsonschema()
    graph.get_output_jsonschema()
    assert graph.invoke({"found": []})["last"] == Found()
    return [weakref.ref(one) for one in (Found, node, helper)]


def test_code_that_nobody_has_is_not_kept() -> None:
    """What made a graph ends with it."""
    kept_code.forget()
    refs = used()
    gc.collect()
    assert [one for one in refs if one() is not None], "no library keeps code any more"
    kept_code.forget()
    gc.collect()
    assert not [one for one in refs if one() is not None]


def test_each_cache_is_emptied() -> None:
    used()
    kept_code.forget()
    assert {cache.cache_info().currsize for cache in kept_code.CACHES} == {0}
