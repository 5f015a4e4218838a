"""Whatever runs when the server is killed has the same key when it runs again: nodes of subgraphs, `Send`s, `@task`s and called graphs."""

import asyncio
from collections import defaultdict
from pathlib import Path

from tests.conftest import StartServer
from tests.support.peer import peer
from tests.support.polling import until_true
from tests.support.stream_rules import check_stream

SOURCE = '''
import asyncio, operator, os
from pathlib import Path
from typing import Annotated, TypedDict

from langchain_core.runnables import RunnableConfig
from langgraph.config import get_config
from langgraph.func import task
from langgraph.graph import END, START, StateGraph
from langgraph.types import Send

HERE = Path(__file__).parent

class State(TypedDict, total=False):
    query: str
    visits: Annotated[int, operator.add]

async def use(name, config=None):
    """Write down by which key something was done, and stay until there is a file."""
    key = (config or get_config())["configurable"]["stepwire_task_key"]
    with (HERE / "used").open("a") as file:
        file.write(f"{name} {key}\\n")
    while not (HERE / "go").exists():
        await asyncio.sleep(0.01)

@task
async def called(text: str):
    await use(f"task of {text}")

def graph_of(name, **options):
    async def leaf(state: State, config: RunnableConfig):
        await asyncio.gather(use(name, config), called(name))
        return {}

    builder = StateGraph(State)
    builder.add_node("leaf", leaf)
    builder.add_edge(START, "leaf")
    return builder.compile(**options)

inner = graph_of("called graph")
# Its checkpoints, and LangGraph's own ids of its tasks, are others on every try.
unkept = graph_of("unkept graph", checkpointer=False)

async def holder(state: State, config: RunnableConfig):
    await asyncio.gather(
        use("holder", config),
        called("holder"),
        called("holder"),
        inner.ainvoke({"query": "x"}),
        unkept.ainvoke({"query": "x"}),
    )
    return {}

async def each(state: State, config: RunnableConfig):
    await use("send", config)
    return {}

async def joined(state: State):
    return {"visits": 1}

def fan_out(state: State):
    if state.get("visits", 0) >= 2:  # The subgraph gives its own back, too.
        return END
    return ["sub", "holder", *[Send("each", {"query": "same"})] * 3]

builder = StateGraph(State)
builder.add_node("sub", graph_of("subgraph"))
builder.add_node("holder", holder)
builder.add_node("each", each)
builder.add_node("joined", joined)
for name in ("sub", "holder", "each"):
    builder.add_edge(name, "joined")
builder.add_conditional_edges(START, fan_out, ["sub", "holder", "each"])
builder.add_conditional_edges("joined", fan_out, ["sub", "holder", "each", END])
graph = builder.compile()
'''

AT_ONCE = {
    "holder": 1,
    "task of holder": 2,
    "send": 3,
    **dict.fromkeys(("subgraph", "called graph", "unkept graph"), 1),
    **dict.fromkeys(("task of subgraph", "task of called graph", "task of unkept graph"), 1),
}
"""How many bodies of each there are in a superstep."""
TRIES = 3


def used(folder: Path) -> dict[str, list[str]]:
    """By what bodies are called here, the keys that they found, in order."""
    found: dict[str, list[str]] = defaultdict(list)
    file = folder / "used"
    for line in file.read_text().splitlines() if file.exists() else ():
        name, _, key = line.rpartition(" ")
        found[name].append(key)
    return found


async def test_the_same_keys_on_every_try(server: StartServer, tmp_path: Path) -> None:
    (tmp_path / "flow.py").write_text(SOURCE, encoding="utf-8")
    process = server(f"{tmp_path}/flow.py:graph")
    async with peer(process.url) as one:
        session_id = (await one.call("query.start", query="x"))["session_id"]
        tries: list[dict[str, set[str]]] = []
        before: dict[str, list[str]] = {}

        def of_this_try(name: str) -> set[str]:
            # Also those of runs that were taken from a loop that had no time on a busy machine.
            return set(used(tmp_path)[name][len(before.get(name, [])) :])

        for number in range(TRIES):
            await until_true(
                lambda: all(len(of_this_try(name)) >= many for name, many in AT_ONCE.items())
            )
            tries.append({name: of_this_try(name) for name in AT_ONCE})
            if number < TRIES - 1:
                process.kill9()
                before = used(tmp_path)
                await asyncio.to_thread(process.restart)
    first = tries[0]
    assert {name: len(keys) for name, keys in first.items()} == AT_ONCE
    assert tries == [first] * TRIES
    (tmp_path / "go").touch()
    async with peer(process.url) as two:
        await two.call("session.subscribe", session_id=session_id, after=0)
        assert await two.settled(session_id) == "completed", two.events[session_id][-2:]
        events = two.events[session_id]
    check_stream(events)
    # Different things by different keys, and another superstep's are others.
    keys = {name: set(found) for name, found in used(tmp_path).items()}
    assert {name: len(found) for name, found in keys.items()} == {
        name: 2 * many for name, many in AT_ONCE.items()
    }
    assert len(set().union(*keys.values())) == 2 * sum(AT_ONCE.values())
    told = {e["params"]["task_key"] for e in events if e["method"] == "node.started"}
    assert set().union(*keys.values()) <= told
