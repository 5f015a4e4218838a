"""The one entry point of the engine: advance a thread of a graph until it ends, asks, stops or fails."""

import asyncio
from collections.abc import AsyncGenerator, Collection, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Literal, Protocol, cast

from langgraph.errors import GraphDrained
from langgraph.runtime import RunControl
from langgraph.types import Command, Send
from msgspec import UNSET, Struct

from protocol.events import SessionRecovered
from protocol.values import Failure
from rpc.engine.checkpoints.binding import advancing, bound
from rpc.engine.checkpoints.encoding import UnserializableError
from rpc.engine.checkpoints.protocols import Commits
from rpc.engine.gate.gate import Gate
from rpc.engine.gate.messages import Ended, Entered
from rpc.engine.graphs.inputs import RunConfig
from rpc.engine.langgraph.callback_events import told
from rpc.engine.langgraph.place import Place
from rpc.engine.langgraph.streaming import tapped
from rpc.engine.running import tracebacks
from rpc.engine.running.limits import LimitError
from rpc.engine.running.open_tasks import OpenTasks
from rpc.engine.running.streamed import Drafting
from rpc.engine.running.task_events import failure
from rpc.engine.running.translate import Translator
from rpc.engine.thread import look
from rpc.engine.thread.changed import lacks
from rpc.engine.thread.config import Graph, thread_config
from rpc.engine.thread.state import ThreadState
from rpc.engine.values.errors import causes
from rpc.engine.values.to_json import to_json
from rpc.storage.line import RefusedError
from rpc.storage.records import Caller, Question, RunCommand, RunOptions
from rpc.storage.store import StorageError, Store
from rpc.storage.units import Draft, Unit

__all__ = ["RunControl", "advance", "changed", "failed"]


class Begin(Struct, frozen=True):
    """Give the graph this input, or this command. `checkpoint_id`: at this checkpoint of the top graph, not the newest."""

    input: Any
    command: RunCommand | None = None
    checkpoint_id: str | None = None


class Answer(Struct, frozen=True):
    """Answer the nodes that ask: values by interrupt id. `command`: what is told beside."""

    answers: dict[str, Any]
    command: RunCommand | None = None


class GoOn(Struct, frozen=True):
    """Go on from the last checkpoint, or from this one of the top graph."""

    checkpoint_id: str | None = None


class Recover(Struct, frozen=True):
    """Go on after a crash, and say so: with the input or the answers that did not get through."""

    input: Any
    answers: dict[str, Any]
    reason: Literal["restart", "storage", "blocked", "reload", "resume"]
    # Whether keys of the state that the graph does not have any more are given up.
    discard: bool = False
    # How often the server died while the run was under way, since that came further.
    deaths: int = 0
    options: RunOptions = RunOptions()


Move = Begin | Answer | GoOn | Recover


class Completed(Struct, frozen=True):
    """The graph ended; `output` is a JSON value. `checkpoint_id`: the top graph's, where one was saved now."""

    output: Any
    checkpoint_id: str | None = None


class Asking(Struct, frozen=True):
    """Nothing runs, and nodes ask. `places`: the tasks that ask, by interrupt id."""

    interrupts: dict[str, Question]
    places: dict[str, Place]


class Stopped(Struct, frozen=True):
    """The gate stopped tasks; nothing else runs. Nodes may ask beside, as in `Asking`.

    `checkpoint_id`: the top graph's.
    """

    interrupts: dict[str, Question]
    places: dict[str, Place]
    checkpoint_id: str | None


class Failed(Struct, frozen=True):
    """A node raised, or LangGraph did; `task` is the node's task, where one did.

    `interrupts`, `places`: of the nodes that asked before, as in `Asking`. `nothing_ran`: the session is as it was before.
    `trace`: for who wrote the graph, the lines where it was raised; None where nothing was.
    """

    error: Failure
    task: Place | None = None
    checkpoint_id: str | None = None
    interrupts: dict[str, Question] = {}
    places: dict[str, Place] = {}
    nothing_ran: bool = False
    trace: str | None = None


GOES_ON = ("attach", "reload")
"""For what a run is drained that goes on at once, from what it has saved."""


class Drained(Struct, frozen=True):
    """The run stopped between two supersteps, as `control` asked.

    `entered`: the tasks that had started and hold others that have not ended.
    """

    entered: list[Place] = []


class Ungated(Struct, frozen=True):
    """A graph stopped of itself, and there was no gate to do it: go on with one.

    `after`: the tasks behind which it stopped, where it was behind some, with their supersteps. `entered`: as in `Drained`.
    """

    after: dict[Place, int | None]
    entered: list[Place]


Outcome = Completed | Asking | Stopped | Failed | Drained | Ungated


class Writer(Commits, Protocol):
    """Where an advance writes, under its epoch."""

    epoch: int

    def emit(self, draft: Draft, *, patient: bool = False) -> None:
        """Put one event in line."""

    def wait_for_room(self) -> int:
        """See the translator's `Writer`."""

    async def room(self) -> None:
        """On the loop: wait while too much is in line."""


async def advance(
    graph: Graph,
    *,
    session_id: str,
    run_id: str,
    move: Move,
    config: RunConfig,
    store: Store,
    writer: Writer,
    draft: Drafting,
    tasks: OpenTasks,
    control: RunControl,
    gate: Gate | None = None,
    known: Mapping[str, Question] = MappingProxyType({}),
    resting: Collection[Place] = (),
    node_seconds: float = 0.0,
    caller: Caller | None = None,
    stops: tuple[Sequence[str], Sequence[str]] = ((), ()),
    secrets: Sequence[str] = (),
    callbacks: str | None = None,
) -> Outcome:
    """Run until nothing more runs by itself.

    `writer` gets every event, made by `draft`, as it happens. `tasks`: those that were told as started before, and then
    all that were and have not ended. `known`: questions that were announced before. `resting`: the tasks that asked or
    stood before. `caller`: who asked for the run, where the graph is to know. `node_seconds`: how
    long each attempt of a node may take; 0 is no limit. `stops`: nodes of the top graph before and after which it stops, beside its own.
    `secrets`: texts that no message may have. `callbacks`: where what LangChain's
    callbacks tell is told, what the run is called in it.
    Raises `StorageError` when the thread cannot be read, `RefusedError` when another advance has begun, and
    `asyncio.CancelledError`.
    """
    thread = thread_config(session_id, run_id, config, gate, caller)
    translator = Translator(
        session_id, graph, writer, draft, tasks, gate, known, node_seconds=node_seconds,
        secrets=secrets,
    )  # fmt: skip
    recovers: Recover | None = None
    next_move: Begin | Answer | GoOn | None
    if isinstance(move, Recover):
        recovers = move
        next_move, from_checkpoint = await _recovered(graph, session_id, run_id, move, gate)
    else:
        next_move = move
    if not isinstance(next_move, Begin):
        missing = await lacks(graph, session_id, resting)
        if missing.nodes or (missing.keys and not (recovers and recovers.discard)):
            return changed(f"the graph has {missing} any more", next(iter(missing.nodes), None))
    if recovers is not None:
        # Durable before anything runs again, which may end the process at once.
        told_of = SessionRecovered(recovers.reason, from_checkpoint, recovers.deaths)
        await writer.commit(Unit(session_id, [draft(told_of)], []))
    if next_move is None:
        return Completed(to_json(await _output(graph, session_id)))
    move = next_move
    saver = advancing(
        graph, store, writer, session_id=session_id, fence=writer.epoch, facts=translator
    )
    translator.durable = saver.namespaces
    if isinstance(move, Begin | GoOn) and move.checkpoint_id is not None:
        thread["configurable"]["checkpoint_id"] = move.checkpoint_id
    before, after = map(_stops, stops)
    if callbacks is not None:
        thread = told(thread, translator.called_back, run_id, callbacks)
    stream = bound(graph, saver).astream(
        _input(move),
        tapped(thread, translator, run_id, graph.store, node_seconds),
        context=config.context,
        stream_mode="values",
        output_keys=graph.output_channels,
        interrupt_before=before,
        interrupt_after=after,
        durability="sync",
        control=control,
    )
    if gate is not None:
        gate.attend(translator.decision)
    try:
        async for data in stream:
            translator.value(data)
            if translator.fault is not None:
                await cast(AsyncGenerator[Any, None], stream).aclose()
                break
            await writer.room()
        else:
            await saver.over()
    except GraphDrained:
        if control.drain_reason in GOES_ON:
            # What was saved last is read at once, and the checkpoint of an input waits for what comes behind it.
            await saver.over()
        return Drained(tasks.under_way)
    except asyncio.CancelledError as error:
        current = asyncio.current_task()
        if current is None or current.cancelling():
            raise
        # Nobody cancelled the run: a node raised it, or awaited something that was cancelled.
        return _failed(error, translator)
    except (StorageError, RefusedError):
        raise
    except BaseException as error:
        # The engine's border: whatever a graph raises ends its run, not the server.
        if (cause := _storage_cause(error)) is not None:
            raise cause from error
        if isinstance(error, UnserializableError) and translator.fault is not None:
            # The same value, refused again in a checkpoint: there it is not known whose it is.
            return _failed(translator.fault, translator)
        return _failed(error, translator)
    finally:
        translator.over()
    if translator.fault is not None:
        return _failed(translator.fault, translator)
    if translator.unheeded is not None:
        return Ungated(translator.unheeded, tasks.under_way)
    if translator.stopped:
        return Stopped(translator.interrupts, translator.asking, translator.checkpoint_id)
    if translator.interrupts:
        return Asking(translator.interrupts, translator.asking)
    values = translator.values
    if values is None:
        # It had ended before this advance, which only had to find that out.
        values = await _output(graph, session_id)
    return Completed(to_json(values), translator.checkpoint_id)


def failed(error: BaseException) -> Failed:
    """The outcome of what raised before any node of the graph ran."""
    return Failed(failure(error), trace=tracebacks.told(error))


def over_limit(error: LimitError, task: Place | None) -> Failed:
    """The outcome of a run that was ended from outside. `task`: the one that ran too long, where it was one."""
    return Failed(failure(error, None if task is None else task.path), trace=tracebacks.told(error))


def _failed(error: BaseException, translator: Translator) -> Failed:
    task = translator.failed(error)
    return Failed(
        translator.failure(error, None if task is None else task.path),
        task,
        translator.checkpoint_id,
        translator.interrupts,
        translator.asking,
        trace=tracebacks.told(error),
    )


def _stops(names: Sequence[str]) -> Any:
    """As LangGraph takes them; None leaves the graph's own."""
    return "*" if "*" in names else list(names) or None


def _input(move: Begin | Answer | GoOn) -> Any:
    if isinstance(move, GoOn):
        return None
    answers = move.answers if isinstance(move, Answer) else None
    if move.command is not None:
        return _command(move.command, answers)
    return Command(resume=answers) if isinstance(move, Answer) else move.input


def _command(told: RunCommand, answers: dict[str, Any] | None = None) -> Command[Any]:
    goto = [
        one if isinstance(one, str) else Send(one["node"], one.get("input")) for one in told.goto
    ]
    update = told.update
    if isinstance(update, list):
        update = [(pair[0], pair[1]) for pair in update]
    resume = None if told.resume is UNSET else told.resume
    return Command(update=update, goto=goto, resume=resume if answers is None else answers)


def changed(what: str, node: str | None = None) -> Failed:
    """The outcome of a run that cannot go on, since its graph is another one by now."""
    message = f"{what}, and the run cannot go on without; `query.resume` goes on once that is back"
    return Failed(Failure("graph_changed", message, node), nothing_ran=True)


async def _recovered(
    graph: Graph, session_id: str, run_id: str, move: Recover, gate: Gate | None
) -> tuple[Begin | Answer | GoOn | None, str | None]:
    """What to tell the graph after a crash, None where it had ended; and the checkpoint it goes on from."""
    found = await look.state(graph, session_id)
    options = move.options
    begins = move.input is not None or options.command is not None
    if found is None or (found.run_id != run_id and begins and not move.answers):
        return Begin(move.input, options.command, options.checkpoint_id), None
    if found.run_id != run_id and options.checkpoint_id is not None:
        return GoOn(options.checkpoint_id), options.checkpoint_id
    if gate is not None:
        gate.tell(Ended(await _ended_last(graph, session_id, found, gate)))
        inside = [task.place for task in found.all_tasks() if task.inner is not None]
        gate.tell(Entered(inside))
    asked = found.open_questions()
    open_answers = {key: value for key, value in move.answers.items() if key in asked}
    if open_answers:
        told = options.command if found.run_id != run_id else None
        return Answer(open_answers, told), found.checkpoint_id
    # Not `next`: that leaves out tasks that have ended, and so is empty too where all of a superstep have
    # and what follows them has not begun.
    return (GoOn() if found.tasks else None), found.checkpoint_id


async def _ended_last(graph: Graph, session_id: str, found: ThreadState, gate: Gate) -> list[Place]:
    """The tasks that ended last in each graph that was under way: what stops behind them may not have stopped yet."""
    ended = [task.place for task in found.all_tasks() if task.finished]
    for one in (found, *(task.inner for task in found.all_tasks() if task.inner is not None)):
        tasks = [task.place for task in one.tasks]
        if any(place in ended for place in tasks) or gate.passed(tasks):
            continue
        before = await look.parent(graph, session_id, one)
        if before is not None and before.run_id == found.run_id:
            ended += [task.place for task in before.tasks]
    return ended


async def _output(graph: Graph, session_id: str) -> Any:
    """What the graph gives out as its thread stands now."""
    found = await look.state(graph, session_id)
    return None if found is None else look.output_of(graph, found)


def _storage_cause(error: BaseException) -> StorageError | RefusedError | None:
    """The store's failure or refusal behind an error that LangGraph raised for it."""
    return next(
        (one for one in causes(error) if isinstance(one, StorageError | RefusedError)), None
    )
