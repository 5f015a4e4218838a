"""Which step, and which run of a node, somebody means who goes back."""

from collections.abc import Sequence

from msgspec import Struct

from protocol.errors import CHECKPOINT_NOT_FOUND, INVALID_PARAMS, NODE_NOT_FOUND, ProtocolError
from rpc.engine.checkpoints.encoding import sharing_values
from rpc.engine.gate.stepping import matches
from rpc.engine.graphs.loading import LoadedGraph
from rpc.engine.langgraph.place import TOP, Place
from rpc.engine.thread import again, look
from rpc.engine.thread.config import Graph
from rpc.engine.thread.state import TaskState, ThreadState
from rpc.sessions.debugging import breakpoints
from rpc.sessions.lifecycle import wrong_state
from rpc.storage.records import SessionRecord


class Run(Struct, frozen=True, eq=False):
    """A task, in the state of its graph where it runs or ran. `now`: the whole thread's state, where that is where it stands.

    `was`: the state of that graph before anything is moved.
    """

    task: TaskState
    state: ThreadState
    now: ThreadState | None
    was: ThreadState | None


async def step_before(graph: Graph, record: SessionRecord, task_id: str | None) -> str | Run:
    """Where the step before began, of a task's graph: its checkpoint; of the first one in a subgraph, the task that holds it.

    Raises `ProtocolError`: node not found; checkpoint not found where there is no step before.
    """
    found = await now(graph, record)
    place = graph_of(found, record, task_id)
    state = found.at(place)
    if state is not None and state.place == place:
        steps = []
        async for one in again.line(graph, record.id, place, state.checkpoint_id):
            steps.append(one.checkpoint_id)
            if len(steps) > 1:
                return steps[1]
    holder = holder_of(found, place)
    if holder is None:
        raise nothing_before()
    return run_at(found, holder)


def nothing_before() -> ProtocolError:
    """Of a run's first step."""
    return ProtocolError(
        CHECKPOINT_NOT_FOUND,
        "this is the first step of the run: there is nothing before it; `debug.rewind` goes back to an earlier run",
    )


async def run_of(
    loaded: LoadedGraph, record: SessionRecord, node_name: str | None, task_id: str | None
) -> Run:
    """The run that is to be made again: of the task, the newest of the node, or of what stands or asks.

    Raises `ProtocolError`: node not found, invalid params where several are meant.
    """
    graph = loaded.graph
    found = await now(graph, record)
    if node_name is not None:
        breakpoints.check_node(loaded, node_name)
    if task_id is not None:
        return await _by_id(graph, record, found, task_id, node_name)
    tasks = [*found.all_tasks()]
    if node_name is None:
        at_rest = {*record.debug.stopped, *record.debug.asking}
        chosen = [one for one in tasks if one.place.namespace in at_rest or one.error is not None]
        # What a function calls begins again with it.
        hidden = [Place.of(ns) for ns in at_rest - {one.place.namespace for one in tasks}]
        chosen += [one for one in (_around(tasks, ns) for ns in hidden) if one is not None]
    else:
        chosen = [one for one in tasks if matches(node_name, one.place)]
    if not chosen:
        chosen, states = await _earlier(graph, record, found, node_name)
    else:
        states = [found]
    named = list({one.task_id: one for one in chosen}.values())
    if len(named) == 1:
        return run_at(found, named[0]) if states == [found] else _before(found, states[0], named[0])
    if not named:
        what = "nothing has run yet" if node_name is None else f"{node_name!r} has not run"
        raise ProtocolError(
            NODE_NOT_FOUND,
            f"{what} in the graphs that the session is inside; a node of a subgraph that has ended runs again with the "
            "subgraph's own",
        )
    listed = ", ".join(f"{one.task_id} ({one.place.path})" for one in named)
    raise ProtocolError(
        INVALID_PARAMS, f"which one? name its `task_id`: {listed}", path="$.task_id"
    )


async def _by_id(
    graph: Graph,
    record: SessionRecord,
    found: ThreadState,
    task_id: str,
    node_name: str | None,
) -> Run:
    tasks = [*found.all_tasks()]
    for task in tasks:
        if task.task_id == task_id:
            return run_at(found, task)
    known = {**record.debug.stopped, **record.debug.asking}
    hidden = [Place.of(ns) for ns, one in known.items() if one.task_id == task_id]
    around = _around(tasks, hidden[0]) if hidden else None
    if around is not None:
        return run_at(found, around)
    with sharing_values():
        for place in _graphs(found):
            state = found.at(place)
            if state is None:
                continue
            async for one in again.line(graph, record.id, place, state.checkpoint_id):
                for task in one.tasks:
                    if task.task_id == task_id:
                        return _before(found, one, task)
    raise ProtocolError(
        NODE_NOT_FOUND,
        f"no task {task_id!r} ran on the way to here in the graphs that the session is inside; "
        "`debug.inspect` lists those that stand",
    )


async def _earlier(
    graph: Graph, record: SessionRecord, found: ThreadState, node_name: str | None
) -> tuple[list[TaskState], list[ThreadState]]:
    """The newest runs of a node in an earlier step, or of any node, and the state that they are in."""
    with sharing_values():
        for place in _graphs(found):
            state = found.at(place)
            if state is None:
                continue
            async for one in again.line(graph, record.id, place, state.checkpoint_id):
                ran = [
                    task
                    for task in one.tasks
                    if task.finished and (node_name is None or matches(node_name, task.place))
                ]
                if ran:
                    return ran, [one]
    return [], []


async def now(graph: Graph, record: SessionRecord) -> ThreadState:
    """Where the session stands. Raises `ProtocolError` (wrong state) where nothing has been saved yet."""
    found = await look.state(graph, record.id, standing=record.debug.stopped)
    if found is None:
        raise wrong_state(record, "go back: nothing has been saved yet")
    return found


def _graphs(found: ThreadState) -> list[Place]:
    """The (sub)graphs that the session is inside, the innermost first."""
    inner = [one.inner.place for one in found.all_tasks() if one.inner is not None]
    return [*sorted(inner, key=lambda one: -one.depth), TOP]


def graph_of(found: ThreadState, record: SessionRecord, task_id: str | None) -> Place:
    """The graph that a task is in; of several that stand the one that has them all, or else the top one."""
    known = {
        one.task_id: Place.of(ns)
        for ns, one in {**record.debug.stopped, **record.debug.asking}.items()
    }
    if task_id is None:
        graphs = {place.graph for place in known.values()}
        return graphs.pop() if len(graphs) == 1 else TOP
    known |= {one.task_id: one.place for one in found.all_tasks()}
    if task_id not in known:
        standing = ", ".join(f"{id} ({place.path})" for id, place in known.items())
        raise ProtocolError(
            NODE_NOT_FOUND, f"no task {task_id!r} is here; there are: {standing or 'none'}"
        )
    return known[task_id].graph


def holder_of(found: ThreadState, graph: Place) -> TaskState | None:
    """The task that holds a graph, as far inside as LangGraph lists tasks; None of the top graph."""
    if graph.is_top:
        return None
    holding = [
        one
        for one in found.all_tasks()
        if graph.is_within(one.place) or (one.inner is not None and one.inner.place == graph)
    ]
    return holding[-1] if holding else None


def _around(tasks: Sequence[TaskState], hidden: Place) -> TaskState | None:
    """The innermost listed task that has one in it that LangGraph does not list."""
    around = [one for one in tasks if hidden.is_inside(one.place)]
    return max(around, key=lambda one: one.place.depth, default=None)


def run_at(found: ThreadState, task: TaskState) -> Run:
    """A task of where the session stands, to be made again there."""
    state = found.at(task.place.graph) or found
    return Run(task, state, found, state)


def _before(found: ThreadState, state: ThreadState, task: TaskState) -> Run:
    was = found.at(state.place)
    if was is not None and was.checkpoint_id == state.checkpoint_id:
        return run_at(found, task)
    return Run(task, state, None, was)
