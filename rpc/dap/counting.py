"""Lines and columns as a client counts them: from 1, as the adapter does, or from 0, where its `initialize` said so."""

from typing import Any

LINES = frozenset({"line", "endLine", "lines"})
COLUMNS = frozenset({"column", "endColumn", "start"})

READ = frozenset({"setBreakpoints", "breakpointLocations", "gotoTargets", "completions"})
"""Requests whose arguments have some."""

WRITTEN = frozenset(
    {
        "setBreakpoints",
        "setFunctionBreakpoints",
        "breakpointLocations",
        "gotoTargets",
        "completions",
    }
    | {"stackTrace", "breakpoint", "output"}
)
"""Answers and events that have some."""


class Counting:
    """One client's. `given`: its `initialize`."""

    def __init__(self, given: dict[str, Any]) -> None:
        self._from_0: frozenset[str] = frozenset()
        if given.get("linesStartAt1") is False:
            self._from_0 |= LINES
        if given.get("columnsStartAt1") is False:
            self._from_0 |= COLUMNS

    def read(self, command: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """A request's arguments, counted from 1."""
        found: dict[str, Any] = arguments
        if self._from_0 and command in READ:
            found = self._moved(arguments, 1)
        return found

    def written(self, name: str, body: dict[str, Any]) -> dict[str, Any]:
        """An answer's or an event's body, counted as the client does."""
        found: dict[str, Any] = body
        if self._from_0 and name in WRITTEN:
            found = self._moved(body, -1)
        return found

    def _moved(self, value: Any, by: int, name: str = "") -> Any:
        if isinstance(value, dict):
            return {key: self._moved(one, by, key) for key, one in value.items()}
        if isinstance(value, list):
            return [self._moved(one, by, name) for one in value]
        counts = name in self._from_0 and isinstance(value, int)
        # What has no place in a file is at 0, however one counts.
        return max(0, value + by) if counts else value
