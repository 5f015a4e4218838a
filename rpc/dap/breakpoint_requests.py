"""Requests about where to stop: lines, names, data, errors."""

from collections.abc import Callable

from rpc.dap.breakpoints import Breakpoints, Wanted, data_id
from rpc.dap.capabilities import CAPABILITIES
from rpc.dap.connection import Body, Connection, DapError, Handler
from rpc.dap.debuggee import Debuggee
from rpc.dap.parts import Parts

FILTERS = {one["filter"] for one in CAPABILITIES["exceptionBreakpointFilters"]}

Modes = tuple[bool | list[str], bool | list[str]]
"""The types of errors that stop where they would end the run, and where they would not; or all, or none."""


class BreakpointRequests:
    """`parts`: gives what is debugged; `begun`: whether anything is. Raises `DapError` where nothing is."""

    def __init__(
        self,
        connection: Connection,
        parts: Callable[[], Parts],
        begun: Callable[[], bool],
        breakpoints: Breakpoints,
    ) -> None:
        self.connection = connection
        self._inside = parts
        self._begun = begun
        self.breakpoints = breakpoints
        # The types of errors that stop where they would end the run, and where they would not; or all, or none.
        self.errors: bool | list[str] = True
        self.raised: bool | list[str] = False
        # Nothing is to stop: it is not debugged, only run or followed.
        self.off = False
        # Those of a session that others debug, as they were without ours, and with them.
        self._others: Modes | None = None
        self._together: Modes | None = None
        self.handlers: dict[str, Handler] = {
            "setBreakpoints": self._set_breakpoints,
            "setFunctionBreakpoints": self._set_function_breakpoints,
            "setExceptionBreakpoints": self._set_exception_breakpoints,
            "dataBreakpointInfo": self._data_breakpoint_info,
            "setDataBreakpoints": self._set_data_breakpoints,
            "breakpointLocations": self._breakpoint_locations,
        }

    async def _set_breakpoints(self, given: Body) -> Body:
        parts = self._inside()
        path = (given.get("source") or {}).get("path")
        if not path:
            raise DapError("a breakpoint needs a source with a path")
        wanted = given.get("breakpoints")
        if wanted is None:
            wanted = [{"line": line} for line in given.get("lines") or []]
        sources = parts.debuggee.sources
        found = self.breakpoints.in_file(sources, str(path), wanted)
        await self.apply(parts.debuggee)
        return {"breakpoints": [one.shown(sources) for one in found]}

    async def _set_function_breakpoints(self, given: Body) -> Body:
        parts = self._inside()
        sources = parts.debuggee.sources
        found = self.breakpoints.by_name(sources, given.get("breakpoints") or [])
        await self.apply(parts.debuggee)
        return {"breakpoints": [one.shown(sources) for one in found]}

    async def _set_exception_breakpoints(self, given: Body) -> Body:
        chosen = [(str(one), "") for one in given.get("filters") or []]
        chosen += [
            (str(one.get("filterId")), str(one.get("condition") or ""))
            for one in given.get("filterOptions") or []
        ]
        self.raised = _types([types for one, types in chosen if one == "raised"])
        # Every failure is one of those that would end the run, too.
        wide = ("raised", "unhandled")
        self.errors = _types([types for one, types in chosen if one in wide])
        if self._begun() and self._inside().debuggee.has_session:
            await self.break_on_errors(self._inside().debuggee)
        shown: list[Body] = []
        for one, _ in chosen:
            known = one in FILTERS
            there = f"there is no filter {one!r}; there are {', '.join(sorted(FILTERS))}"
            shown.append({"verified": known} if known else {"verified": False, "message": there})
        return {"breakpoints": shown}

    async def _data_breakpoint_info(self, given: Body) -> Body:
        looking = self._inside().looking
        name, reference = str(given.get("name", "")), given.get("variablesReference")
        if reference:
            found = looking.channel_of(looking.ref(reference), name)
        else:
            number = given.get("frameId")
            frame = looking.first() if number is None else looking.frame(number)
            found = looking.channel_named(frame, name)
        if found is None:
            why = f"{name} is no part of the state: only where that changes can be stopped"
            return {"dataId": None, "description": why}
        path, channel = found
        return {
            "dataId": data_id(path, channel),
            "description": f"{channel} of {path}" if path else channel,
            "accessTypes": ["write"],
            "canPersist": True,
        }

    async def _set_data_breakpoints(self, given: Body) -> Body:
        parts = self._inside()
        sources = parts.debuggee.sources
        found = self.breakpoints.of_data(given.get("breakpoints") or [])
        await self.apply(parts.debuggee)
        return {"breakpoints": [one.shown(sources) for one in found]}

    async def _breakpoint_locations(self, given: Body) -> Body:
        sources = self._inside().debuggee.sources
        line = int(given.get("line") or 0)
        path = str((given.get("source") or {}).get("path") or "")
        lines = sources.between(path, line, int(given.get("endLine") or line))
        return {"breakpoints": [{"line": one} for one in lines]}

    async def apply(self, debuggee: Debuggee) -> None:
        """Let the session have what is set."""
        if debuggee.has_session and not self.off:
            self.told(await self.breakpoints.apply(debuggee), debuggee)

    async def break_on_errors(self, debuggee: Debuggee) -> None:
        """Let the session know by which errors to stop: in one that was joined, by those of others too."""
        if self.off:
            return
        modes = self.errors, self.raised
        if self._others is not None:
            now = await _modes(debuggee)
            if now != self._together:
                self._others = now
            errors, raised = self._others
            modes = _both(errors, self.errors), _both(raised, self.raised)
            self._together = modes
            if modes == now:
                return
        await debuggee.call("debug.breakOnError", errors=modes[0], raised=modes[1])

    async def joined(self, debuggee: Debuggee) -> None:
        """A session that others debug, and what they have set in it."""
        if self._others is None:
            self._others = self._together = await _modes(debuggee)

    def started(self) -> None:
        """A session of our own."""
        self._others = self._together = None

    async def leave(self, debuggee: Debuggee) -> None:
        """Take from the session what is set here; another one is given it anew. Raises `ClientError`."""
        others, together = self._others, self._together
        self._others = self._together = None
        await self.breakpoints.take_back(debuggee)
        if others is not None and others != together == await _modes(debuggee):
            await debuggee.call("debug.breakOnError", errors=others[0], raised=others[1])

    def told(self, changed: list[Wanted], debuggee: Debuggee) -> None:
        """Tell the client what became of some."""
        for one in changed:
            self.connection.event("breakpoint", one.changed(debuggee.sources))


async def _modes(debuggee: Debuggee) -> Modes:
    found = await debuggee.call("debug.breakpoints")
    return found["errors"], found["raised"]


def _both(one: bool | list[str], other: bool | list[str]) -> bool | list[str]:
    """The errors of both."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one if one is True or not other else other
    return [*one, *(each for each in other if each not in one)]


def _types(conditions: list[str]) -> bool | list[str]:
    """What several filters stop by together: all types where one names none; False where there is no filter."""
    if not conditions:
        return False
    types = [[one.strip() for one in each.split(",") if one.strip()] for each in conditions]
    return [one for each in types for one in each] if all(types) else True
