"""The names that a client may give events: those of the table, and a stream's own."""

from collections.abc import Sequence

from protocol.errors import INVALID_PARAMS, ProtocolError
from protocol.events import EVENTS
from protocol.subscriptions import STREAM_NAMES
from rpc.suggest import did_you_mean


def wanted(types: Sequence[str] | None, path: str) -> list[str] | None:
    """The event types that are asked for. Raises `ProtocolError` (invalid params) for one that is none."""
    if types is None:
        return None
    found: list[str] = []
    for number, name in enumerate(types):
        kind = STREAM_NAMES.get(name, name)
        if kind is None:
            continue
        if kind not in EVENTS:
            raise ProtocolError(
                INVALID_PARAMS,
                f"there is no event {name!r}; {did_you_mean(name, EVENTS)}`server.info` lists them",
                path=f"{path}[{number}]",
            )
        found.append(kind)
    return found
