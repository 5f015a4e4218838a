"""A session's breakpoints: checked against its graph, and kept by node and `when`."""

import difflib
from collections.abc import Collection, Sequence
from pathlib import Path

from protocol.debugging import Breakpoint as GivenBreakpoint
from protocol.debugging import RemoveBreakpointParams, SetBreakpointParams
from protocol.errors import INVALID_PARAMS, NODE_NOT_FOUND, ProtocolError
from rpc.engine.gate.breakpoints import compiled
from rpc.engine.gate.conditions import ConditionError
from rpc.engine.gate.stepping import key
from rpc.engine.graphs.called_tasks import task_paths
from rpc.engine.graphs.describe import node_paths
from rpc.engine.graphs.loading import LoadedGraph
from rpc.engine.graphs.node_lines import nodes_at, nodes_named, place_of
from rpc.engine.langgraph.names import is_internal
from rpc.engine.thread.subgraphs import addressed, subgraph
from rpc.sessions.shown import stored_breakpoint
from rpc.storage.cluster import GraphNames
from rpc.storage.records import Breakpoint
from rpc.suggest import did_you_mean

Others = Collection[GraphNames]
"""What other nodes' code of a graph has."""

TYPING = 0.9
"""How near a path below a function must be to a known one to be a typing error."""


def checked(
    loaded: LoadedGraph, breakpoint_: Breakpoint, path: str, others: Others = ()
) -> Breakpoint:
    """The breakpoint, if its node is in the graph and its expressions compile.

    `path`: of the params' field, for the error. `others`: what other nodes' code of the graph has. Raises `ProtocolError`: node not found, invalid params.
    """
    if breakpoint_.channel is None:
        check_node(loaded, breakpoint_.node_name, others)
    else:
        check_channel(loaded, breakpoint_.node_name, breakpoint_.channel, path, others)
    try:
        compiled([breakpoint_])
    except ConditionError as error:
        raise ProtocolError(INVALID_PARAMS, str(error), path=path) from error
    return breakpoint_


def check_node(loaded: LoadedGraph, name: str, others: Others = ()) -> None:
    """Whether a breakpoint may be set there: at a node, at a call, or, pending, below a function, or where each run has a graph of its own; or
    at a node that only others' code has (`others`), where it is pending as long as this one's runs.

    Raises `ProtocolError` (node not found), naming the nearest.
    """
    paths = [*node_paths(loaded), *task_paths(loaded.graph)]
    if is_known(loaded, name) or any(
        name in one.nodes or name in _names(one.nodes) for one in others
    ):
        return
    near = difflib.get_close_matches(name, {*paths, *_names(paths)}, 3, 0.4)
    pending = loaded.remake is not None or _below_a_function(loaded, name)
    if pending and not difflib.get_close_matches(name, paths, 1, TYPING):
        return
    hint = f"the nearest are {', '.join(near)}" if near else f"it has {', '.join(paths)}"
    raise ProtocolError(NODE_NOT_FOUND, f"graph {loaded.name!r} has no node {name!r}; {hint}")


def check_channel(
    loaded: LoadedGraph, path: str, channel: str, field: str, others: Others = ()
) -> bool:
    """Whether the (sub)graph at a path has the channel: False where that graph is met only later, in a function, or only others' code has it.

    `field`: of the params, for the error. `others`: as for `check_node`. Raises `ProtocolError`: node not found; invalid params, naming the nearest.
    """
    if any((f"{path}/{channel}" if path else channel) in one.keys for one in others):
        return False
    if path:
        check_node(loaded, path)
    try:
        graph = subgraph(loaded.graph, addressed(loaded.graph, f"{path}/")[0] if path else ())
    except ProtocolError:
        if any(one.startswith(f"{path}/") for one in node_paths(loaded)):
            raise
        return False
    channels = [name for name in graph.channels if not is_internal(name)]
    if channel in channels:
        return True
    where = f"of {path!r}" if path else "of the graph"
    raise ProtocolError(
        INVALID_PARAMS,
        f"the state {where} has no {channel!r}; {did_you_mean(channel, channels)}it has "
        + (", ".join(sorted(channels)) or "no channels"),
        path=f"{field.rpartition('.')[0] if field.startswith('$.') and '[' not in field else field}.channel",
    )


def is_verified(loaded: LoadedGraph, one: Breakpoint) -> bool:
    """Whether what it is of is known of the graph."""
    if one.channel is None:
        return is_known(loaded, one.node_name)
    try:
        return check_channel(loaded, one.node_name, one.channel, "$")
    except ProtocolError:
        return False


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


def from_params(
    loaded: LoadedGraph,
    given: Sequence[str | GivenBreakpoint],
    root: Path,
    others: Others = (),
) -> list[Breakpoint]:
    """`query.start`'s `breakpoints`. `root`: as for `names_of`. `others`: as for `checked`. Raises as `names_of` and `checked`."""
    found: list[Breakpoint] = []
    for index, one in enumerate(given):
        path = f"$.breakpoints[{index}]"
        whole = GivenBreakpoint(one) if isinstance(one, str) else one
        for name in names_of(loaded, whole, root, [], path)[0]:
            found = put(found, checked(loaded, stored_breakpoint(name, whole), path, others))
    return found


def names_of(
    loaded: LoadedGraph,
    given: GivenBreakpoint | SetBreakpointParams | RemoveBreakpointParams,
    root: Path,
    known: Sequence[Breakpoint],
    path: str = "$",
) -> tuple[list[str], tuple[str, int] | None]:
    """The nodes a breakpoint is given for: `node_name`, or all that are written at `file` and `line`.

    Beside them the file, as it is shown, and line where their function begins; None where there is no one such place.

    `root`: the folder that files are given relative to. `known`: one of these that is of nodes at that line alone is
    meant too, by the name that it was set by. `path`: of the breakpoint in the params, for the error.
    Raises `ProtocolError`: invalid params, node not found.
    """
    if given.channel is not None:
        if given.file is not None or given.line is not None:
            raise ProtocolError(
                INVALID_PARAMS,
                "a data breakpoint is of a `channel`, and of the subgraph `node_name` where it is not the top graph's",
                path=f"{path}.file",
            )
        name = given.node_name or ""
        return list(dict.fromkeys(one.path for one in nodes_named(loaded, name))) or [name], None
    if given.node_name is not None and given.file is None and given.line is None:
        return [given.node_name], place_of(loaded, given.node_name, root)
    if given.node_name is not None or given.file is None or given.line is None:
        half = given.node_name is None and (given.file, given.line) != (None, None)
        field = "node_name" if not half else "line" if given.line is None else "file"
        raise ProtocolError(
            INVALID_PARAMS,
            "a breakpoint is of `node_name`, of `file` and `line`, or of a `channel`: one of these, and that whole",
            path=f"{path}.{field}",
        )
    try:
        nodes, place = nodes_at(loaded, given.file, given.line, root)
    except LookupError as error:
        raise ProtocolError(NODE_NOT_FOUND, str(error)) from error
    paths = [one.path for one in nodes]
    names: dict[str, None] = {}
    for one in known:
        of = {each.path for each in nodes_named(loaded, one.node_name)}
        if (
            one.channel is None
            and one.when == given.when
            and of
            and of <= {each.path for each in nodes}
        ):
            names[one.node_name] = None
            paths = [each for each in paths if each not in of]
    return [*names, *dict.fromkeys(paths)], place


def put(breakpoints: Sequence[Breakpoint], one: Breakpoint) -> list[Breakpoint]:
    """`breakpoints` with `one` in the place of the same node's and `when`'s, else at the end."""
    kept = [other for other in breakpoints if key(other) != key(one)]
    place = next((i for i, other in enumerate(breakpoints) if key(other) == key(one)), len(kept))
    return [*kept[:place], one, *kept[place:]]


def shown_types(stored: list[str] | None) -> bool | list[str]:
    """Exception types as a client gives them."""
    return True if stored is None else list(stored) or False


def types_of(given: bool | list[str]) -> list[str] | None:
    """Exception types as they are stored: None for all, none for an empty list."""
    return list(given) if isinstance(given, list) else None if given else []
