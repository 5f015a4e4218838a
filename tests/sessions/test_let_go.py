"""What a run held is free as soon as it is over: nothing of it waits for Python's collector, which a server that rests does not run."""

import gc
import weakref
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypedDict

import pytest
from langgraph.graph import START, StateGraph

from tests.support.in_process import Serve
from tests.support.peer import peer
from tests.support.polling import until_true

made: list[weakref.ref[Any]] = []


@dataclass(eq=False)
class Held:
    """A value of the state."""

    text: str


class State(TypedDict, total=False):
    query: str
    held: Held


def first(_: State) -> State:
    held = Held("x")
    made.append(weakref.ref(held))
    return {"held": held}


async def second(_: State) -> State:
    return {"query": "done"}


def graph(*, below: bool) -> Any:
    builder: Any = StateGraph(State)
    builder.add_node("first", first)
    builder.add_node("second", second)
    builder.add_edge(START, "first")
    builder.add_edge("first", "second")
    if not below:
        return builder.compile()
    top: Any = StateGraph(State)
    top.add_node("below", builder.compile())
    top.add_edge(START, "below")
    return top.compile()


@pytest.fixture
def no_collector() -> Iterator[None]:
    made.clear()
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("no_collector")
@pytest.mark.parametrize("below", [False, True])
async def test_a_state_is_free_when_its_run_is_over(serve: Serve, *, below: bool) -> None:
    async with serve({"graph": graph(below=below)}) as served, peer(served.url) as one:
        for _ in range(3):
            assert (await one.run("x")).status == "completed"
        assert len(made) == 3
        await until_true(lambda: all(held() is None for held in made))
