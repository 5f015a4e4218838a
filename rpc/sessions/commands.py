"""What a session can be told to do: the second argument of `advance`, stored so that a restart can tell it again."""

from typing import Any, Literal

import msgspec
from msgspec import Struct

from protocol.sessions import Status

# `discard`: keys of the state that the graph does not have any more are given up.


class Start(Struct, frozen=True, tag="start"):
    """Begin the latest run. `previous`: the session's status before it; None for a new session.

    `entry`: whether the debugger stops before its first node; None: where no breakpoint is set.
    """

    previous: Status | None = None
    discard: bool = False
    entry: bool | None = None


class Respond(Struct, frozen=True, tag="respond"):
    """Answer the nodes that ask: values by interrupt id."""

    answers: dict[str, Any]
    discard: bool = False


class Resume(Struct, frozen=True, tag="resume"):
    """Go on from a debugger's stop; the session's debug state says how far. Or from where a run failed."""

    discard: bool = False


class Recover(Struct, frozen=True, tag="recover"):
    """Go on from the last checkpoint after a crash or, `reload`, with a graph that was loaded anew; `resume`: after a failure."""

    reason: Literal["restart", "storage", "blocked", "reload", "resume"]


Command = Start | Respond | Resume | Recover


def stored(command: Command) -> dict[str, Any]:
    """The command as a JSON object."""
    return dict(msgspec.to_builtins(command))


def restored(value: dict[str, Any] | None) -> Command:
    """The command that `stored` wrote; `Start` where there was none."""
    return Start() if value is None else msgspec.convert(value, Command)
