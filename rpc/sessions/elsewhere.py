"""Nodes with other code of the same graph: what one of them has, and whose it is to move a session.

While a deploy goes from one node to the next, whoever is asked may not have what a session is for.
"""

from collections.abc import Callable, Collection, Sequence
from typing import TypeVar

from protocol.debugging import Breakpoint as GivenBreakpoint
from protocol.errors import INVALID_PARAMS, NODE_NOT_FOUND, WRONG_STATE, ProtocolError
from rpc.engine.graphs.loading import LoadedGraph
from rpc.engine.thread.changed import Lacks
from rpc.sessions.debugging import breakpoints
from rpc.sessions.service import Sessions
from rpc.storage.cluster import GraphNames
from rpc.storage.records import Breakpoint, SessionRecord

T = TypeVar("T")


async def as_known(
    sessions: Sessions, graph: str, check: Callable[[Collection[GraphNames]], T]
) -> T:
    """What `check` comes to by this node's code of the graph; where that refuses, by what others have too.

    Raises `ProtocolError` as `check` does, and `StorageError`.
    """
    try:
        return check(())
    except ProtocolError as error:
        if error.error not in (NODE_NOT_FOUND, INVALID_PARAMS):
            raise
        others = await sessions.names_elsewhere(graph)
        if not others:
            raise
    return check(list(others.values()))


async def breakpoints_of(
    sessions: Sessions, loaded: LoadedGraph, given: Sequence[str | GivenBreakpoint]
) -> list[Breakpoint]:
    """`breakpoints.from_params`, by what any node's code has."""
    return await as_known(
        sessions,
        loaded.name,
        lambda others: breakpoints.from_params(loaded, given, sessions.graphs.root, others),
    )


async def check_mine(sessions: Sessions, record: SessionRecord, lacking: Lacks) -> None:
    """Raises `ProtocolError` (wrong state) where another node's code has all that this one's lacks: moved here, the session would be left
    without it. Where none has it, it may be moved back to what there is. Raises `StorageError`."""
    if not lacking:
        return
    others = await sessions.names_elsewhere(record.graph)
    able = [
        id
        for id, names in others.items()
        if {*lacking.nodes} <= {*names.nodes} and {*lacking.keys} <= {*names.keys}
    ]
    if able:
        raise ProtocolError(
            WRONG_STATE,
            f"session {record.id} is for another version of the graph {record.graph!r}: on this node that has {lacking}; "
            f"{_named(able)} it, and can do this",
        )


def _named(ids: list[str]) -> str:
    if len(ids) == 1:
        return f"node {ids[0]} has"
    return f"the nodes {', '.join(ids)} have"
