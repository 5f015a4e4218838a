"""Requests about a stop: threads, frames, variables, expressions, and edits of what they show."""

from collections.abc import Callable

import msgspec

from rpc.dap.connection import Body, DapError, Handler
from rpc.dap.moving import value_of
from rpc.dap.parts import Parts
from rpc.dap.sources import source_of


class StopRequests:
    """`parts`: gives what is debugged. Raises `DapError` where nothing is."""

    def __init__(self, parts: Callable[[], Parts], begun: Callable[[], bool]) -> None:
        self._inside = parts
        self._begun = begun
        self.handlers: dict[str, Handler] = {
            "threads": self._threads,
            "stackTrace": self._stack_trace,
            "scopes": self._scopes,
            "variables": self._variables,
            "setVariable": self._set_variable,
            "setExpression": self._set_expression,
            "evaluate": self._evaluate,
            "completions": self._completions,
            "exceptionInfo": self._exception_info,
            "modules": self._modules,
            "loadedSources": self._loaded_sources,
            # Of ours, for an extension that draws the graph and asks what a node asks.
            "stepwire/describe": self._describe,
            "stepwire/respond": self._respond,
        }

    async def _threads(self, _: Body) -> Body:
        if not self._begun():
            return {"threads": []}
        threads = self._inside().telling.threads
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
        found = await looking.variables(
            given.get("variablesReference"), start, count, given.get("filter")
        )
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
        line = max(1, int(given.get("line") or 1))
        return {"targets": await parts.console.complete(text, line, column, frame)}

    async def _exception_info(self, given: Body) -> Body:
        telling = self._inside().telling
        task = telling.threads.of(int(given.get("threadId") or 0))
        if task is None or task.stop is None or task.stop.reason not in ("failure", "raised"):
            raise DapError("this thread does not stand at a failure")
        kind, _, message = (task.stop.detail or "").partition(": ")
        error = telling.failures.get(task.task_id) or {"type": kind, "message": message}
        place = f"{error['file']}:{error['line']}" if error.get("file") else ""
        return {
            "exceptionId": error["type"],
            "description": error["message"],
            "breakMode": "unhandled" if task.stop.reason == "failure" else "always",
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

    async def _set_variable(self, given: Body) -> Body:
        parts = self._inside()
        ref = parts.looking.ref(given.get("variablesReference"))
        name = str(given.get("name", ""))
        changed = await parts.moving.set(ref, name, str(given.get("value", "")))
        shown = await parts.looking.shown_ref(changed)
        return {"value": shown.pop("result"), **shown}

    async def _set_expression(self, given: Body) -> Body:
        parts = self._inside()
        number = given.get("frameId")
        frame = parts.looking.first() if number is None else parts.looking.frame(number)
        expression = str(given.get("expression", ""))
        changed = await parts.moving.set_expression(frame, expression, str(given.get("value", "")))
        shown = await parts.looking.shown_ref(changed)
        return {"value": shown.pop("result"), **shown}
