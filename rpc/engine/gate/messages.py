"""What the gate can be told while it stands between a run and its tasks."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from msgspec import Struct

from rpc.engine.langgraph.place import Place
from rpc.storage.records import Breakpoint


class SetBreakpoints(Struct, frozen=True):
    """These are all breakpoints of the session from now on."""

    breakpoints: Sequence[Breakpoint]


class SetErrors(Struct, frozen=True):
    """Nodes stop by errors of these types from now on; None: by all.

    `raised`: those that stop also where something retries, handles or may catch them.
    """

    errors: Sequence[str] | None
    raised: Sequence[str] | None = ()


class Pause(Struct, frozen=True):
    """Stop every task that starts from now on."""


class Detach(Struct, frozen=True):
    """Stop nothing from now on but what the graph was compiled to stop at, and those that ask."""


class SetGiven(Struct, frozen=True):
    """What the run was given beside its input, for conditions: `config` and `context`, as JSON."""

    given: Mapping[str, Any]


class Entered(Struct, frozen=True):
    """These tasks had started before the gate was there, and have not ended."""

    tasks: Sequence[Place]


class StopBefore(Struct, frozen=True):
    """The graph of these tasks was compiled to stop before them."""

    tasks: Sequence[Place]


class StopAfter(Struct, frozen=True):
    """The graph of these tasks, which have ended, was compiled to stop after them; with their supersteps."""

    tasks: Mapping[Place, int | None]


class NothingKept(Struct, frozen=True):
    """The graphs at these places keep no checkpoints: what stopped in them could not go on."""

    graphs: Collection[Place]


class Ended(Struct, frozen=True):
    """These tasks had ended before the gate was there, and nothing has run since."""

    tasks: Sequence[Place]


Message = (
    SetBreakpoints
    | SetErrors
    | Pause
    | Detach
    | SetGiven
    | Entered
    | StopBefore
    | StopAfter
    | NothingKept
    | Ended
)
