"""A session's breakpoints: checked against its graph, and kept by node and `when`."""

import difflib
from collections.abc import Sequence

from protocol.debugging import Breakpoint as GivenBreakpoint
from protocol.errors import INVALID_PARAMS, NODE_NOT_FOUND, ProtocolError
from rpc.engine.gate.breakpoints import compiled
from rpc.engine.gate.conditions import ConditionError
from rpc.engine.gate.stepping import key
from rpc.engine.graphs.called_tasks import task_paths
from rpc.engine.graphs.describe import node_paths
from rpc.engine.graphs.loading import LoadedGraph
from rpc.sessions.shown import stored_breakpoint
from rpc.storage.records import Breakpoint


def checked(loaded: LoadedGraph, breakpoint_: Breakpoint, path: str) -> Breakpoint:
    """The breakpoint, if its node is in the graph and its expressions compile.

    `path`: of the params' field, for the error. Raises `ProtocolError`: node not found, invalid params.
    """
    check_node(loaded, breakpoint_.node_name)
    try:
        compiled([breakpoint_])
    except ConditionError as error:
        raise ProtocolError(INVALID_PARAMS, str(error), path=path) from error
    return breakpoint_


def check_node(loaded: LoadedGraph, name: str) -> None:
    """Raises `ProtocolError` (node not found), naming the nearest, where no node has this name or path."""
    paths = node_paths(loaded)
    names = {path.rpartition("/")[2] for path in paths}
    if name in paths or name in names:
        return
    tasks = [*task_paths(loaded.graph)]
    names |= {path.rpartition("/")[2] for path in tasks}
    if name in tasks or name in names:
        return
    paths += tasks
    near = difflib.get_close_matches(name, {*paths, *names}, 3, 0.4)
    hint = f"the nearest are {', '.join(near)}" if near else f"it has {', '.join(paths)}"
    raise ProtocolError(NODE_NOT_FOUND, f"graph {loaded.name!r} has no node {name!r}; {hint}")


def from_params(loaded: LoadedGraph, given: Sequence[str | GivenBreakpoint]) -> list[Breakpoint]:
    """`query.start`'s `breakpoints`. Raises as `checked`."""
    found: list[Breakpoint] = []
    for index, one in enumerate(given):
        whole = Breakpoint(one) if isinstance(one, str) else stored_breakpoint(one)
        found = put(found, checked(loaded, whole, f"$.breakpoints[{index}]"))
    return found


def put(breakpoints: Sequence[Breakpoint], one: Breakpoint) -> list[Breakpoint]:
    """`breakpoints` with `one` in the place of the same node's and `when`'s, else at the end."""
    kept = [other for other in breakpoints if key(other) != key(one)]
    place = next((i for i, other in enumerate(breakpoints) if key(other) == key(one)), len(kept))
    return [*kept[:place], one, *kept[place:]]
