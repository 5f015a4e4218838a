"""The one entry point of the engine: advance a thread of a graph until it ends, asks, stops or fails."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Any, Literal, cast

from langgraph.checkpoint.base.id import uuid6
from langgraph.errors import GraphDrained
from langgraph.runtime import RunControl
from langgraph.types import Command
from msgspec import Struct

from protocol.events import EventBody, SessionRecovered
from protocol.values import Failure, Interrupt
from rpc.engine.gate.gate import Gate
from rpc.engine.graphs.inputs import RunConfig
from rpc.engine.langgraph.place import Place
from rpc.engine.running.translate import STREAM_MODES, Translator, failure
from rpc.engine.thread import look
from rpc.engine.thread.config import Graph, thread_config
from rpc.engine.values.to_json import to_json
from rpc.storage.sqlite.checkpointer import Checkpointer
from rpc.storage.store import StorageError

__all__ = ["RunControl", "advance"]

YIELD_EVERY = 256
"""Stream items between two looks at the event loop: the writer and the readers get their turn."""


class Begin(Struct, frozen=True):
    """Give the graph this input."""

    input: Any


class Answer(Struct, frozen=True):
    """Answer the nodes that ask: values by interrupt id."""

    answers: dict[str, Any]


class GoOn(Struct, frozen=True):
    """Go on from the last checkpoint."""


class Recover(Struct, frozen=True):
    """Go on after a crash, and say so: with the input or the answers that did not get through."""

    input: Any
    answers: dict[str, Any]
    reason: Literal["restart", "storage"]


Move = Begin | Answer | GoOn | Recover


class Completed(Struct, frozen=True):
    """The graph ended; `output` is a JSON value. `checkpoint_id`: the top graph's, where one was saved now."""

    output: Any
    checkpoint_id: str | None = None


class Asking(Struct, frozen=True):
    """Nothing runs, and nodes ask. `places`: the tasks that ask, by interrupt id."""

    interrupts: dict[str, Interrupt]
    places: dict[str, Place]


class Stopped(Struct, frozen=True):
    """The gate stopped tasks; nothing else runs. Nodes may ask beside, as in `Asking`.

    `checkpoint_id`: the top graph's.
    """

    interrupts: dict[str, Interrupt]
    places: dict[str, Place]
    checkpoint_id: str | None


class Failed(Struct, frozen=True):
    """A node raised, or LangGraph did; `task` is the node's task, where one did.

    `interrupts`, `places`: of the nodes that asked before, as in `Asking`.
    """

    error: Failure
    task: Place | None = None
    checkpoint_id: str | None = None
    interrupts: dict[str, Interrupt] = {}
    places: dict[str, Place] = {}


class Drained(Struct, frozen=True):
    """The run stopped between two supersteps, as `control` asked.

    `entered`: the tasks that had started and hold others that have not ended.
    """

    entered: list[Place] = []


Outcome = Completed | Asking | Stopped | Failed | Drained


async def advance(
    graph: Graph,
    *,
    session_id: str,
    run_id: str,
    move: Move,
    config: RunConfig,
    emit: Callable[[EventBody], None],
    room: Callable[[], Awaitable[None] | None],
    control: RunControl,
    gate: Gate | None = None,
    known: Mapping[str, Interrupt] = MappingProxyType({}),
) -> Outcome:
    """Run until nothing more runs by itself.

    `emit` gets every event as it happens; `room` gives what to await before more may be emitted, or None.
    Raises `StorageError` when a checkpoint cannot be saved (the thread is then as of its
    last one), and `asyncio.CancelledError`. `known`: questions that were announced before.
    """
    thread = thread_config(session_id, run_id, config, gate)
    checkpointer = cast(Checkpointer, graph.checkpointer)
    # Only a gate knows which tasks LangGraph really enters; without one, those that ended are left out.
    known_ends = gate is None and not isinstance(move, Begin)
    finished = await checkpointer.finished_tasks(session_id) if known_ends else frozenset()
    translator = Translator(emit, str(uuid6(clock_seq=-2)), gate, known, finished)
    if isinstance(move, Recover):
        next_move = await _recovered(graph, session_id, run_id, move, emit)
        if next_move is None:
            return Completed(to_json(await _output(graph, session_id)))
        move = next_move
    stream = graph.astream(
        _input(move),
        thread,
        context=config.context,
        stream_mode=STREAM_MODES,
        output_keys=graph.output_channels,
        subgraphs=True,
        durability="sync",
        control=control,
    )
    if gate is not None:
        gate.attend(_on_loop(translator.decided))
        checkpointer.watch(session_id, gate.watch)
    count = 0
    try:
        async for namespace, mode, data in stream:
            translator.take(Place(namespace), mode, data)  # type: ignore[arg-type]
            count += 1
            if count % YIELD_EVERY == 0:
                await asyncio.sleep(0)
            if (wait := room()) is not None:
                await wait
    except GraphDrained:
        return Drained(translator.under_way)
    except asyncio.CancelledError as error:
        current = asyncio.current_task()
        if current is None or current.cancelling():
            raise
        # Nobody cancelled the run: a node raised it, or awaited something that was cancelled.
        return _failed(error, translator)
    except StorageError:
        raise
    except Exception as error:
        # The engine's border: whatever a graph raises ends its run, not the server.
        if (cause := _storage_cause(error)) is not None:
            raise cause from error
        return _failed(error, translator)
    finally:
        if gate is not None:
            checkpointer.unwatch(session_id)
    if translator.stopped:
        return Stopped(translator.interrupts, translator.asking, translator.checkpoint_id)
    if translator.interrupts:
        return Asking(translator.interrupts, translator.asking)
    values = translator.values
    if values is None:
        # It had ended before this advance, which only had to find that out.
        values = await _output(graph, session_id)
    return Completed(to_json(values), translator.checkpoint_id)


def _failed(error: BaseException, translator: Translator) -> Failed:
    task = translator.failed
    return Failed(
        failure(error, None if task is None else task.path),
        task,
        translator.checkpoint_id,
        translator.interrupts,
        translator.asking,
    )


def _on_loop(told: Callable[[Place], None]) -> Callable[[Place], object]:
    """`told`, called on this event loop from any thread."""
    loop = asyncio.get_running_loop()
    return lambda task: loop.call_soon_threadsafe(told, task)


def _input(move: Move) -> Any:
    match move:
        case Begin(input=value):
            return value
        case Answer(answers=answers):
            return Command(resume=answers)
        case _:
            return None


async def _recovered(
    graph: Graph,
    session_id: str,
    run_id: str,
    move: Recover,
    emit: Callable[[EventBody], None],
) -> Begin | Answer | GoOn | None:
    """What to tell the graph after a crash; None where it had ended."""
    found = await look.state(graph, session_id)
    if found is None or found.run_id != run_id:
        emit(SessionRecovered(move.reason, None))
        return Begin(move.input)
    emit(SessionRecovered(move.reason, found.checkpoint_id))
    asked = found.open_questions()
    open_answers = {key: value for key, value in move.answers.items() if key in asked}
    if open_answers:
        return Answer(open_answers)
    # Not `next`: that leaves out tasks that have ended, and so is empty too where all of a superstep have
    # and what follows them has not begun.
    return GoOn() if found.tasks else None


async def _output(graph: Graph, session_id: str) -> Any:
    """What the graph gives out as its thread stands now."""
    found = await look.state(graph, session_id)
    return None if found is None else look.output_of(graph, found)


def _storage_cause(error: BaseException) -> StorageError | None:
    """The store's failure behind an error that LangGraph raised for it."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, StorageError):
            return seen
        seen = seen.__cause__ or seen.__context__
    return None
