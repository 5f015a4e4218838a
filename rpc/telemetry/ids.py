"""Whose code runs here: the ids that go into its log lines, its audit rows and its traces.

They are a context's (https://docs.python.org/3/library/contextvars.html): tasks take them along, and so do the threads in
which LangGraph runs nodes. What a node logs through `logging` has its session's and run's ids without knowing of them.
"""

import re
from contextvars import ContextVar
from typing import Any

import msgspec
from msgspec import Struct

from rpc.randomness import random_bytes

_GIVEN = re.compile(r"[A-Za-z0-9._~:/+=-]{1,64}")
"""What a request id of a proxy may be (`X-Request-Id`); anything else is not repeated in a log."""


class Ids(Struct, frozen=True, gc=False):
    """None where it is not known. `request`: given by a proxy, or made. `client`: an address. `owner`: who asks.

    `principal`: by which name or token the owner asks. `trace`: of the span that this is in, as a W3C `traceparent`.
    `moved_by`: of the request that set a run going. `secrets`: texts that no line may have.
    """

    request: str | None = None
    client: str | None = None
    owner: str | None = None
    principal: str | None = None
    session: str | None = None
    run: str | None = None
    graph: str | None = None
    trace: str | None = None
    moved_by: str | None = None
    secrets: tuple[str, ...] = ()


_NOBODY = Ids()
_ids: ContextVar[Ids] = ContextVar("stepwire_ids", default=_NOBODY)


def current() -> Ids:
    """Those of what runs here."""
    return _ids.get()


def enter(ids: Ids) -> None:
    """From here on, in this task and all that it begins, these."""
    _ids.set(ids)


def add(**more: Any) -> None:
    """From here on these too."""
    _ids.set(msgspec.structs.replace(_ids.get(), **more))


def request_id(given: str | None = None) -> str:
    """What a request is called: as a proxy in front called it, where that can stand in a log; else a new id."""
    if given is not None and _GIVEN.fullmatch(given):
        return given
    return random_bytes()[:8].hex()
