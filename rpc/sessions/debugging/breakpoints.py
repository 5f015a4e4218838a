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

TYPING = 0.9
"""How near a path below a function must be to a known one to be a typing error."""


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
    """Whether a breakpoint may be set there: at a node, at a call, or below a function, where it is pending.

    Raises `ProtocolError` (node not found), naming the nearest.
    """
    paths = [*node_paths(loaded), *task_paths(loaded.graph)]
    if is_known(loaded, name):
        return
    near = difflib.get_close_matches(name, {*paths, *_names(paths)}, 3, 0.4)
    if _below_a_function(loaded, name) and not difflib.get_close_matches(name, paths, 1, TYPING):
        return
    hint = f"the nearest are {', '.join(near)}" if near else f"it has {', '.join(paths)}"
    raise ProtocolError(NODE_NOT_FOUND, f"graph {loaded.name!r} has no node {name!r}; {hint}")


def is_known(loaded: LoadedGraph, name: str) -> bool:
    """Whether a node, or a call, has this name or path; others may be met below functions, which make graphs."""
    paths = node_paths(loaded)
    if name in paths or name in _names(paths):
        return True
    paths += task_paths(loaded.graph)
    return name in paths or name in _names(paths)


def _names(paths: Sequence[str]) -> set[str]:
    """The nodes' names: of each path what is behind that of the node it is in. A name may have a slash in it."""
    known = set(paths)
    names = set()
    for path in paths:
        slashes = [i for i, letter in enumerate(path) if letter == "/" and path[:i] in known]
        names.add(path[slashes[-1] + 1 :] if slashes else path)
    return names


def _below_a_function(loaded: LoadedGraph, path: str) -> bool:
    """Whether a path leads into a function, which may call graphs that nobody can see before."""
    paths = set(node_paths(loaded))
    known = [path[:i] for i, letter in enumerate(path) if letter == "/" and path[:i] in paths]
    rest = path[len(known[-1]) + 1 :] if known else ""
    if not rest or not all(rest.split("/")):
        return False
    return not any(one.startswith(f"{known[-1]}/") for one in paths)


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
