"""What each request may be given: names and types of the arguments that the adapter reads, by the specification.

Clients send null for what they leave out, too.
"""

from collections.abc import Mapping
from typing import Any, TypedDict

import msgspec

Fields = Mapping[str, Any]


class Source(TypedDict, total=False):
    """A file."""

    path: str | None


class Dot(TypedDict, total=False):
    """What all kinds of breakpoints have."""

    condition: str | None
    hitCondition: str | None


class LineDot(Dot, total=False):
    """By line."""

    line: int
    logMessage: str | None


class NamedDot(Dot, total=False):
    """By a node's name or path."""

    name: str


class DataDot(Dot, total=False):
    """By a part of the state."""

    dataId: str
    accessType: str | None


class FilterOption(TypedDict, total=False):
    """Errors of a kind."""

    filterId: str
    condition: str | None


class Session(TypedDict, total=False):
    """The query that is debugged."""

    graph: str | None
    query: str | None
    input: Any
    config: dict[str, Any] | None
    stopOnEntry: bool | None
    name: str | None
    noDebug: bool | None


class Launch(Session, total=False):
    """Of a `launch`. A variable of the environment that is null is taken away."""

    program: str | None
    cwd: str | None
    env: dict[str, str | int | float | bool | None] | None
    python: str | None
    port: int | str | None
    dataDir: str | None
    serveArgs: list[str | int | float] | None


class Attach(Session, total=False):
    """Of an `attach`."""

    url: str | None
    token: str | None
    tokenFile: str | None
    sessionId: str | None
    reconnectSeconds: float | None


def _given(name: str, /, **fields: Any) -> Any:
    return TypedDict(name, fields, total=False)  # type: ignore[operator]


_NUMBER, _TEXT, _FLAG = int | None, str | None, bool | None
_THREAD = _given("Thread", threadId=_NUMBER, singleThread=_FLAG)
_FRAME = _given("Frame", frameId=_NUMBER)

ARGUMENTS: Mapping[str, Any] = {
    "initialize": _given(
        "Initialize", linesStartAt1=_FLAG, columnsStartAt1=_FLAG, pathFormat=_TEXT
    ),
    "launch": Launch,
    "attach": Attach,
    "restart": _given("Restart", arguments=dict[str, Any] | None),
    "disconnect": _given(
        "Disconnect", restart=_FLAG, terminateDebuggee=_FLAG, suspendDebuggee=_FLAG
    ),
    "setBreakpoints": _given(
        "Lines",
        source=Source,
        breakpoints=list[LineDot] | None,
        lines=list[int] | None,
    ),
    "setFunctionBreakpoints": _given("Functions", breakpoints=list[NamedDot] | None),
    "setExceptionBreakpoints": _given(
        "Exceptions", filters=list[str] | None, filterOptions=list[FilterOption] | None
    ),
    "dataBreakpointInfo": _given("DataInfo", variablesReference=_NUMBER, name=str, frameId=_NUMBER),
    "setDataBreakpoints": _given("Data", breakpoints=list[DataDot] | None),
    "breakpointLocations": _given("Locations", source=Source, line=int, endLine=_NUMBER),
    "continue": _THREAD,
    "next": _THREAD,
    "stepIn": _THREAD,
    "stepOut": _THREAD,
    "stepBack": _THREAD,
    "reverseContinue": _THREAD,
    "pause": _THREAD,
    "restartFrame": _FRAME,
    "gotoTargets": _given("GotoTargets", source=Source, line=int),
    "goto": _given("Goto", threadId=_NUMBER, targetId=int),
    "stackTrace": _given("Stack", threadId=int, startFrame=_NUMBER, levels=_NUMBER),
    "scopes": _FRAME,
    "variables": _given(
        "Variables", variablesReference=int, start=_NUMBER, count=_NUMBER, filter=_TEXT
    ),
    "setVariable": _given("SetVariable", variablesReference=int, name=str, value=str),
    "setExpression": _given("SetExpression", expression=str, value=str, frameId=_NUMBER),
    "evaluate": _given("Evaluate", expression=str, frameId=_NUMBER, context=_TEXT),
    "completions": _given("Completions", text=str, column=int, line=_NUMBER, frameId=_NUMBER),
    "exceptionInfo": _given("ExceptionInfo", threadId=int),
    "stepwire/respond": _given("Respond", text=str, interruptId=_TEXT),
}


def mistake(command: str, given: Fields) -> str | None:
    """What is wrong with a request's arguments, for a person; None where nothing is."""
    known = ARGUMENTS.get(command)
    if known is None:
        return None
    try:
        msgspec.convert(given, known)
    except msgspec.ValidationError as error:
        what, _, where = str(error).partition(" - at `$.")
        return f"`{where.rstrip('`')}` of {command!r} is refused: {what[:1].lower()}{what[1:]}"
    return None
