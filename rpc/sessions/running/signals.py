"""What somebody wants of a session that is being advanced: stored as signals, taken by whoever advances it.

A signal is committed under the revision that its sender read, and so is the outcome of an advance: whichever
commits first, the other one looks again. Decisions without I/O.
"""

from collections.abc import Iterable
from typing import Any

import msgspec
from msgspec import Struct

from rpc.engine.gate.stepping import key
from rpc.sessions.debugging import debuggers
from rpc.sessions.debugging.breakpoints import put
from rpc.storage.records import Breakpoint, SessionRecord
from rpc.storage.store import SignalRow
from rpc.storage.units import AddSignal


class Cancel(Struct, frozen=True, tag="cancel"):
    """End the run."""


class Pause(Struct, frozen=True, tag="pause"):
    """Stop before whatever starts next."""


class Attach(Struct, frozen=True, tag="attach"):
    """Turn debug mode on. `debugger`: who debugs from then on."""

    debugger: str = debuggers.UNNAMED


class Detach(Struct, frozen=True, tag="detach"):
    """Turn debug mode off, where nobody debugs it beside `debugger`; None: whoever does."""

    debugger: str | None = None


class SetErrors(Struct, frozen=True, tag="errors"):
    """Stop by errors of these types; None: by all. `raised`: also where something retries, handles or may catch them."""

    errors: list[str] | None
    raised: list[str] | None = []


class SetBreakpoint(Struct, frozen=True, tag="breakpoint"):
    """Set or change a breakpoint."""

    breakpoint: Breakpoint


class RemoveBreakpoint(Struct, frozen=True, tag="no_breakpoint"):
    """Remove a breakpoint, by its `when:node_name`."""

    key: str


class Answer(Struct, frozen=True, tag="answer"):
    """Answers by interrupt id, to questions that are open while another's answer is being taken."""

    answers: dict[str, Any]


Signal = Answer | Cancel | Pause | Attach | Detach | SetBreakpoint | RemoveBreakpoint | SetErrors


def row(signal: Signal) -> AddSignal:
    """The signal as it is stored."""
    body: dict[str, Any] = msgspec.to_builtins(signal)
    return AddSignal(body["type"], body)


def read(rows: Iterable[SignalRow]) -> list[Signal]:
    """The signals that `row` made."""
    return [msgspec.convert(one.body, Signal) for one in rows]


def applied(record: SessionRecord, signals: Iterable[Signal]) -> SessionRecord:
    """The session's record as its signals change it. A cancellation changes its status and an answer what it does next,
    not its record.
    """
    for signal in signals:
        if isinstance(signal, Attach):
            record = debuggers.attached(record, signal.debugger)
        elif isinstance(signal, Detach):
            record = debuggers.detached(record, signal.debugger)
        debug = record.debug
        match signal:
            case Detach() if not record.debug_mode:
                debug = msgspec.structs.replace(debug, pausing=False)
            case Pause():
                debug = msgspec.structs.replace(debug, pausing=True)
            case SetErrors(errors=errors, raised=raised):
                debug = msgspec.structs.replace(debug, errors=errors, raised=raised)
            case SetBreakpoint(breakpoint=one):
                debug = msgspec.structs.replace(debug, breakpoints=put(debug.breakpoints, one))
            case RemoveBreakpoint(key=gone):
                kept = [one for one in debug.breakpoints if key(one) != gone]
                debug = msgspec.structs.replace(debug, breakpoints=kept)
            case Cancel() | Answer() | Attach() | Detach():
                pass
        record = msgspec.structs.replace(record, debug=debug)
    return record


def answers_of(signals: Iterable[Signal]) -> dict[str, Any]:
    """All answers among the signals, by interrupt id; of two to one question, the first."""
    found: dict[str, Any] = {}
    for signal in signals:
        if isinstance(signal, Answer):
            found = {**signal.answers, **found}
    return found


def let_go(record: SessionRecord, signals: Iterable[Signal]) -> bool:
    """Whether the last who debugged it has left by these signals. `record`: the session with them applied."""
    return not record.debug_mode and any(isinstance(one, Detach) for one in signals)
