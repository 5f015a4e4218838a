"""The gate between threads and event loop: told by messages, asked by methods, its state its own."""

import ast
import inspect
import textwrap
from pathlib import Path
from typing import Any, TypedDict

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import START, StateGraph

from protocol.debugging import Breakpoint
from rpc.engine.gate.gate import Gate
from rpc.engine.gate.messages import Entered, Pause, SetBreakpoints
from rpc.engine.langgraph.place import Place
from rpc.storage.records import DebugState

RPC = Path(__file__).resolve().parents[2] / "rpc"
ROOM = RPC / "engine" / "gate"


class State(TypedDict, total=False):
    said: str


def two(told: Any = None) -> Any:
    """first → second; `told` is called while first runs."""

    def first(state: State) -> State:
        if told is not None:
            told()
        return {"said": "first"}

    def second(state: State) -> State:
        return {"said": "second"}

    builder: StateGraph[Any, Any, Any, Any] = StateGraph(State)
    builder.add_sequence([first, second])
    builder.add_edge(START, "first")
    return builder.compile(checkpointer=InMemorySaver())


def run(graph: Any, gate: Gate) -> dict[str, str]:
    """Why each node stopped in a run through the gate."""
    thread = RunnableConfig(configurable={"thread_id": "t"}, callbacks=[gate])
    graph.invoke({"said": ""}, thread)
    return {task.path: task.reason for task in gate.result().stopped.values()}


def test_what_it_is_told_while_it_runs_is_heeded_at_the_next_task() -> None:
    """A pause or a breakpoint of a running session would wait for its next stop."""
    for message, reason in (
        (Pause(), "pause"),
        (SetBreakpoints([Breakpoint("second")]), "breakpoint"),
    ):
        gates: list[Gate] = []
        graph = two(lambda message=message, gates=gates: gates[0].tell(message))
        gates.append(Gate(graph, DebugState()))
        assert run(graph, gates[0]) == {"second": reason}


def test_a_task_that_had_started_is_not_stopped_again() -> None:
    """Attaching to a run would stop what runs already."""
    seen: list[Place] = []
    graph = two()
    gate = Gate(graph, DebugState(pausing=True))
    gate.attend(seen.append)
    assert run(graph, gate) == {"first": "pause"}
    again = Gate(graph, DebugState(pausing=True))
    again.tell(Entered(seen))
    graph.invoke(None, RunnableConfig(configurable={"thread_id": "t"}, callbacks=[again]))
    assert {task.path: task.reason for task in again.result().stopped.values()} == {
        "second": "pause"
    }


def test_what_it_is_asked_is_a_copy() -> None:
    """A reader of the hits on another thread would see them change under it."""
    graph = two()
    gate = Gate(graph, DebugState(breakpoints=[Breakpoint("second", log="here")]))
    before = gate.hits()
    seen: list[Place] = []
    gate.attend(seen.append)
    run(graph, gate)
    assert (before, gate.hits()) == ({}, {"before:second": 1})
    second = seen[-1]
    assert gate.place_of(second.task_id) == second
    assert gate.decision(second) is True
    assert gate.take_logs(second) == ["here"]
    assert gate.take_logs(second) == []


def test_its_state_is_its_own() -> None:
    """What another file reads or sets past the lock is wrong once in a thousand runs."""
    gate = Gate(two(), DebugState())
    assert [name for name in vars(gate) if not name.startswith("_")] == []
    public = {name for name in dir(Gate) if not name.startswith("_")}
    for file in RPC.rglob("*.py"):
        if ROOM in file.parents:
            continue
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            where = f"{file.relative_to(RPC)}:{getattr(node, 'lineno', 0)}"
            if isinstance(node, ast.ImportFrom):
                assert node.module != "rpc.engine.gate.judge", f"{where} reaches behind the gate"
            if isinstance(node, ast.Attribute) and ast.unparse(node.value).endswith("gate"):
                assert isinstance(node.ctx, ast.Load), f"{where} writes to the gate"
                if ast.unparse(node.value).split(".")[-1] == "gate":
                    assert node.attr in public, f"{where}: the gate has no {node.attr}"


def test_whoever_tells_or_asks_it_waits_for_its_lock() -> None:
    """A sync graph's threads decide on tasks while the event loop asks."""
    for name, member in vars(Gate).items():
        function = member.fget if isinstance(member, property) else member
        # Whether it debugs never changes.
        if name.startswith("_") or not inspect.isfunction(function) or name == "debugging":
            continue
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
        locks = [ast.unparse(one.items[0]) for one in ast.walk(tree) if isinstance(one, ast.With)]
        assert "self._lock" in locks, f"Gate.{name} does not take the lock"
