"""The adapter: the requests of one client, and what each does."""

import asyncio
from collections.abc import Mapping
from typing import Any

import msgspec

from protocol.sessions import ENDED
from rpc.client import RpcError
from rpc.dap.breakpoints import Breakpoints, Wanted
from rpc.dap.connection import Body, Connection, DapError, Handler, Later
from rpc.dap.console import Console
from rpc.dap.debuggee import Debuggee
from rpc.dap.launching import Server
from rpc.dap.looking import Frame, Looking
from rpc.dap.moving import Moving, value_of
from rpc.dap.sources import source_of
from rpc.dap.telling import Telling
from rpc.dap.threads import Threads

CAPABILITIES: Mapping[str, Any] = {
    "supportsConfigurationDoneRequest": True,
    "supportsFunctionBreakpoints": True,
    "supportsConditionalBreakpoints": True,
    "supportsHitConditionalBreakpoints": True,
    "supportsLogPoints": True,
    "supportsEvaluateForHovers": True,
    "supportsStepBack": True,
    "supportsSetVariable": True,
    "supportsSetExpression": True,
    "supportsRestartFrame": True,
    "supportsGotoTargetsRequest": True,
    "supportsCompletionsRequest": True,
    "completionTriggerCharacters": [".", "[", "'", '"'],
    "supportsModulesRequest": True,
    "supportsRestartRequest": True,
    "supportsExceptionInfoRequest": True,
    "supportTerminateDebuggee": True,
    "supportSuspendDebuggee": True,
    "supportsDelayedStackTraceLoading": True,
    "supportsLoadedSourcesRequest": True,
    "supportsTerminateRequest": True,
    "supportsCancelRequest": True,
    "supportsBreakpointLocationsRequest": True,
    "supportsClipboardContext": True,
    "supportsSingleThreadExecutionRequests": True,
    "supportsExceptionFilterOptions": True,
    "exceptionBreakpointFilters": [
        {
            "filter": "unhandled",
            "label": "Failures that would end the run",
            "description": "Stop at a node whose error nothing retries, handles or catches",
            "default": True,
            "supportsCondition": True,
            "conditionDescription": "Types of exceptions, separated by commas: ValueError, KeyError",
        }
    ],
}


class Adapter:
    """Serves one client."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.breakpoints = Breakpoints()
        self._client: Body = {}
        self._server: Server | None = None
        self._launch: Body | None = None
        self._attach: Body | None = None
        self._configured = asyncio.Event()
        self._errors: bool | list[str] = True
        self._targets: dict[int, str] = {}
        self._parts: _Parts | None = None
        self.handlers: dict[str, Handler] = {
            "initialize": self._initialize,
            "launch": self._launched,
            "attach": self._attached,
            "configurationDone": self._configuration_done,
            "disconnect": self._disconnect,
            "terminate": self._terminate,
            "restart": self._restart,
            "setBreakpoints": self._set_breakpoints,
            "setFunctionBreakpoints": self._set_function_breakpoints,
            "setExceptionBreakpoints": self._set_exception_breakpoints,
            "breakpointLocations": self._breakpoint_locations,
            "threads": self._threads,
            "stackTrace": self._stack_trace,
            "scopes": self._scopes,
            "variables": self._variables,
            "setVariable": self._set_variable,
            "setExpression": self._set_expression,
            "evaluate": self._evaluate,
            "completions": self._completions,
            "exceptionInfo": self._exception_info,
            "continue": self._continue,
            "next": self._next,
            "stepIn": self._step_in,
            "stepOut": self._step_out,
            "pause": self._pause,
            "stepBack": self._step_back,
            "reverseContinue": self._reverse_continue,
            "restartFrame": self._restart_frame,
            "gotoTargets": self._goto_targets,
            "goto": self._goto,
            "modules": self._modules,
            "loadedSources": self._loaded_sources,
            # Of ours, for an extension that draws the graph and asks what a node asks.
            "stepwire/describe": self._describe,
            "stepwire/respond": self._respond,
        }

    async def close(self) -> None:
        """The client has gone: end the server where it is the adapter's own; a joined session stays as it is."""
        await self._leave()

    # Beginning and end

    async def _initialize(self, given: Body) -> Body:
        self._client = given
        return dict(CAPABILITIES)

    async def _launched(self, given: Body) -> Body | None:
        self._launch = given
        raise Later(self._begin())

    async def _attached(self, given: Body) -> Body | None:
        if not given.get("url"):
            raise DapError("`url` is missing: the server's address, such as http://127.0.0.1:8000")
        self._attach = given
        raise Later(self._begin())

    async def _begin(self, *, again: bool = False) -> Body | None:
        """The answer to `launch` or `attach`: when the session is there. `again`: what was configured stays so."""
        given = self._launch or self._attach or {}
        try:
            debuggee = await self._reach(given)
            starts = self._launch is not None or "query" in given or "input" in given
            self._parts = _Parts(debuggee, self.connection, self._client, ends=starts)
            if again:
                self._told(self.breakpoints.resolved(debuggee.sources), debuggee)
                self._parts.telling.functions = self.breakpoints.functions
            else:
                self.connection.event("initialized")
                await self._configured.wait()
            await self._go(debuggee, given, starts=starts)
        except BaseException:
            await self._leave()
            self.connection.event("terminated")
            raise
        return None

    async def _reach(self, given: Body) -> Debuggee:
        if self._launch is not None:
            self._server = await Server.started(given, self.connection.output)
            return await Debuggee.opened(self._server.url, given.get("graph"), None, None)
        url, token = str(given["url"]), given.get("token")
        session_id = given.get("sessionId")
        debuggee = await Debuggee.opened(url, given.get("graph"), session_id, token)
        if session_id is None and "query" not in given and "input" not in given:
            newest = await debuggee.newest()
            await debuggee.close()
            self._attach = {**given, "sessionId": newest}
            return await Debuggee.opened(url, None, newest, token)
        return debuggee

    async def _go(self, debuggee: Debuggee, given: Body, *, starts: bool) -> None:
        parts = self._inside()
        if not starts:
            session_id = (self._attach or {})["sessionId"]
            await debuggee.join(session_id, parts.telling.take)
            for task in await debuggee.running():
                parts.telling.threads.begin(*task)
            await self._apply(debuggee)
            await self._break_on_errors(debuggee)
            await debuggee.session.look()
            if debuggee.session.status in ("paused", "waiting"):
                parts.telling.stand(debuggee.session.tasks)
            return
        while True:
            try:
                await debuggee.start(given, self.breakpoints.at_start(), parts.telling.take)
                break
            except RpcError as error:
                # One of them is wrong: the editor is told, and the others are set.
                name, _, rest = (error.path or "").partition("[")
                index = rest.partition("]")[0]
                if name != "$.breakpoints" or not index.isdigit():
                    raise
                self._told(self.breakpoints.refused(int(index), error.detail), debuggee)
        self.breakpoints.started()
        if self._errors is not True:
            await self._break_on_errors(debuggee)

    async def _configuration_done(self, _: Body) -> None:
        self._configured.set()

    async def _disconnect(self, given: Body) -> None:
        terminates = given.get("terminateDebuggee", self._launch is not None)
        parts = self._parts
        if parts is not None and parts.debuggee.has_session:
            if terminates:
                await parts.debuggee.cancel()
            elif not given.get("suspendDebuggee") and self._attach is not None:
                await self.breakpoints.clear(parts.debuggee)
                if parts.debuggee.session.status not in ENDED:
                    await parts.debuggee.session.detach()
        await self._leave()
        asyncio.get_running_loop().call_soon(self.connection.ended.set)

    async def _terminate(self, _: Body) -> None:
        await self._inside().debuggee.cancel()

    async def _restart(self, given: Body) -> None:
        """The same again, with the code as it is now."""
        again = given.get("arguments")
        parts = self._parts
        if parts is not None:
            parts.telling.connection = _Silent()
            await parts.debuggee.cancel()
            for name, body in parts.telling.threads.clear():
                self.connection.event(name, body)
        await self._leave()
        if self._launch is not None:
            self._launch = {**self._launch, **(again or {})}
        elif self._attach is not None:
            self._attach = {**self._attach, **(again or {})}
        raise Later(self._begin(again=True))

    async def _leave(self) -> None:
        parts, self._parts = self._parts, None
        if parts is not None:
            parts.telling.connection = _Silent()
            await parts.debuggee.close()
        server, self._server = self._server, None
        if server is not None:
            await server.end()

    def _inside(self) -> "_Parts":
        if self._parts is None:
            raise DapError("nothing is debugged: `launch` or `attach` comes first")
        return self._parts

    # Breakpoints

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
        await self._apply(parts.debuggee)
        return {"breakpoints": [one.shown(sources) for one in found]}

    async def _set_function_breakpoints(self, given: Body) -> Body:
        parts = self._inside()
        sources = parts.debuggee.sources
        found = self.breakpoints.by_name(sources, given.get("breakpoints") or [])
        parts.telling.functions = self.breakpoints.functions
        await self._apply(parts.debuggee)
        return {"breakpoints": [one.shown(sources) for one in found]}

    async def _set_exception_breakpoints(self, given: Body) -> Body:
        chosen = [str(one) for one in given.get("filters") or []]
        types: list[str] = []
        for option in given.get("filterOptions") or []:
            chosen.append(str(option.get("filterId")))
            condition = option.get("condition") or ""
            types += [one.strip() for one in condition.split(",") if one.strip()]
        self._errors = (types or True) if "unhandled" in chosen else False
        if self._parts is not None and self._parts.debuggee.has_session:
            await self._break_on_errors(self._parts.debuggee)
        known = {one["filter"] for one in CAPABILITIES["exceptionBreakpointFilters"]}
        return {"breakpoints": [{"verified": one in known} for one in chosen]}

    async def _breakpoint_locations(self, given: Body) -> Body:
        sources = self._inside().debuggee.sources
        line = int(given.get("line") or 0)
        path = str((given.get("source") or {}).get("path") or "")
        lines = sources.between(path, line, int(given.get("endLine") or line))
        return {"breakpoints": [{"line": one} for one in lines]}

    async def _apply(self, debuggee: Debuggee) -> None:
        if debuggee.has_session:
            self._told(await self.breakpoints.apply(debuggee), debuggee)

    async def _break_on_errors(self, debuggee: Debuggee) -> None:
        await debuggee.call("debug.breakOnError", errors=self._errors)

    def _told(self, changed: list[Wanted], debuggee: Debuggee) -> None:
        for one in changed:
            body = {"reason": "changed", "breakpoint": one.shown(debuggee.sources)}
            self.connection.event("breakpoint", body)

    # Looking

    async def _threads(self, _: Body) -> Body:
        if self._parts is None:
            return {"threads": []}
        threads = self._parts.telling.threads
        return {"threads": [{"id": one.thread, "name": threads.title(one)} for one in threads]}

    async def _stack_trace(self, given: Body) -> Body:
        frames = self._inside().looking.stack(int(given.get("threadId") or 0))
        start, levels = int(given.get("startFrame") or 0), int(given.get("levels") or 0)
        shown = frames[start : start + levels] if levels else frames[start:]
        return {"stackFrames": shown, "totalFrames": len(frames)}

    async def _scopes(self, given: Body) -> Body:
        looking = self._inside().looking
        return {"scopes": await looking.scopes(looking.frame(given.get("frameId")))}

    async def _variables(self, given: Body) -> Body:
        looking = self._inside().looking
        start, count = int(given.get("start") or 0), given.get("count")
        found = await looking.variables(given.get("variablesReference"), start, count)
        return {"variables": found}

    async def _evaluate(self, given: Body) -> Body:
        parts = self._inside()
        number = given.get("frameId")
        frame = None if number is None else parts.looking.frame(number)
        context = str(given.get("context") or "repl")
        return await parts.console.evaluate(str(given.get("expression", "")), frame, context)

    async def _completions(self, given: Body) -> Body:
        parts = self._inside()
        number = given.get("frameId")
        frame = None if number is None else parts.looking.frame(number)
        text, column = str(given.get("text", "")), int(given.get("column") or 1)
        return {"targets": await parts.console.complete(text, column, frame)}

    async def _exception_info(self, given: Body) -> Body:
        telling = self._inside().telling
        task = telling.threads.of(int(given.get("threadId") or 0))
        if task is None or task.stop is None or task.stop.reason != "failure":
            raise DapError("this thread does not stand at a failure")
        kind, _, message = (task.stop.detail or "").partition(": ")
        error = telling.failures.get(task.task_id) or {"type": kind, "message": message}
        place = f"{error['file']}:{error['line']}" if error.get("file") else ""
        return {
            "exceptionId": error["type"],
            "description": error["message"],
            "breakMode": "unhandled",
            "details": {
                "message": error["message"],
                "typeName": error["type"],
                "stackTrace": f"{place} in {task.path}" if place else task.path,
            },
        }

    async def _modules(self, _: Body) -> Body:
        sources = self._inside().debuggee.sources
        module = {"id": sources.graph, "name": sources.graph}
        if files := sources.files():
            module["path"] = files[0]
        return {"modules": [module], "totalModules": 1}

    async def _loaded_sources(self, _: Body) -> Body:
        sources = self._inside().debuggee.sources
        return {"sources": [source_of(file) for file in sources.files()]}

    async def _describe(self, _: Body) -> Body:
        described: Body = msgspec.to_builtins(self._inside().debuggee.described)
        return described

    async def _respond(self, given: Body) -> None:
        """`text` is a value as for the console, or else a text."""
        parts = self._inside()
        text = str(given.get("text", ""))
        try:
            value = value_of(text)
        except DapError:
            value = text
        await parts.debuggee.client.respond(
            parts.debuggee.session.session_id, value, given.get("interruptId")
        )

    # Editing

    async def _set_variable(self, given: Body) -> Body:
        parts = self._inside()
        ref = parts.looking.ref(given.get("variablesReference"))
        name = str(given.get("name", ""))
        value = await parts.moving.set(ref, name, str(given.get("value", "")))
        shown = parts.looking.shown_value(ref.frame, value, name)
        return {"value": shown.pop("result"), **shown}

    async def _set_expression(self, given: Body) -> Body:
        parts = self._inside()
        number = given.get("frameId")
        frame = parts.looking.first() if number is None else parts.looking.frame(number)
        expression = str(given.get("expression", ""))
        value = await parts.moving.set_expression(frame, expression, str(given.get("value", "")))
        shown = parts.looking.shown_value(frame, value, expression)
        return {"value": shown.pop("result"), **shown}

    # Moving

    async def _continue(self, given: Body) -> Body:
        parts = self._inside()
        task_id = None
        single = bool(given.get("singleThread"))
        if single:
            task_id = self._standing(given).task_id
        await parts.debuggee.call("debug.continue", task_id=task_id)
        return {"allThreadsContinued": not single}

    async def _next(self, given: Body) -> None:
        await self._step(given, "over")

    async def _step_in(self, given: Body) -> None:
        await self._step(given, "into")

    async def _step_out(self, given: Body) -> None:
        await self._step(given, "out")

    async def _step(self, given: Body, mode: str) -> None:
        frame = self._standing(given)
        if frame.path == "(end)":
            await self._inside().debuggee.call("debug.continue")
            return
        if frame.stands.stop is not None and frame.stands.stop.reason == "interrupt":
            raise DapError(f"{frame.path} asks: answer it with `respond VALUE` in the console")
        await self._inside().debuggee.call("debug.step", mode=mode, task_id=frame.task_id)

    async def _pause(self, _: Body) -> None:
        await self._inside().debuggee.session.pause()

    async def _step_back(self, given: Body) -> None:
        await self._inside().moving.back(self._standing(given))

    async def _reverse_continue(self, _: Body) -> None:
        await self._inside().moving.back_to(self.breakpoints.stop_at)

    async def _restart_frame(self, given: Body) -> None:
        parts = self._inside()
        await parts.moving.restart(parts.looking.frame(given.get("frameId")))

    async def _goto_targets(self, given: Body) -> Body:
        sources = self._inside().debuggee.sources
        path = str((given.get("source") or {}).get("path") or "")
        nodes = sources.at(path, int(given.get("line") or 0))
        targets = []
        for node in nodes:
            number = len(self._targets) + 1
            self._targets[number] = node.path
            label = f"go on as if {node.path} had just run"
            targets.append({"id": number, "label": label, "line": node.first_line})
        return {"targets": targets}

    async def _goto(self, given: Body) -> None:
        target = given.get("targetId")
        path = self._targets.get(target) if isinstance(target, int) else None
        if path is None:
            raise DapError(f"there is no target {target!r}; `gotoTargets` gives them")
        await self._inside().moving.go_to(path)

    def _standing(self, given: Body) -> Frame:
        """The innermost frame of the thread that is named. Raises `DapError` where it does not stand."""
        parts = self._inside()
        thread = given.get("threadId")
        task = parts.telling.threads.of(thread) if isinstance(thread, int) else None
        if task is None:
            raise DapError(f"there is no thread {thread!r}")
        if task.stop is None:
            raise DapError(f"{task.path} runs: it is moved when it stands")
        return parts.looking.innermost(task)


class _Parts:
    """What belongs to one debuggee."""

    def __init__(
        self, debuggee: Debuggee, connection: Connection, client: Body, *, ends: bool
    ) -> None:
        self.debuggee = debuggee
        self.telling = Telling(connection, Threads(), ends=ends)
        self.telling.shows_progress = bool(client.get("supportsProgressReporting"))
        self.telling.refreshes = bool(client.get("supportsInvalidatedEvent"))
        self.telling.files = {
            path: (node.file, node.first_line) for path, node in debuggee.sources.nodes.items()
        }
        self.looking = Looking(debuggee, self.telling)
        self.moving = Moving(debuggee, self.telling, self.looking)
        self.console = Console(debuggee, self.telling, self.looking, self.moving)


class _Silent(Connection):
    """Nobody is told any more."""

    def __init__(self) -> None:
        super().__init__(lambda _: None)
