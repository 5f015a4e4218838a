"""A graph's own code (reducers, routers, validators) that a request needs: run beside everything else, in a limited time."""

from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from protocol.errors import GRAPH_TIMEOUT, Limit, ProtocolError
from rpc.engine.running.looks import Looks, LookTimeoutError

T = TypeVar("T")


async def in_time(looks: Looks, name: str, make: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """What the coroutine that `make` gives comes to. `name`: what a log says of it.

    Raises `ProtocolError` (graph timeout), and what the coroutine raises.
    """
    try:
        return await looks.run(name, make)
    except LookTimeoutError as error:
        limit = Limit("look_timeout_seconds", looks.seconds)
        raise ProtocolError(GRAPH_TIMEOUT, str(error), limit=limit) from error
