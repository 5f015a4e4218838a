"""Requests that move what stands: on, back, and to another place."""

from collections.abc import Callable

from rpc.dap.connection import Body, DapError, Handler
from rpc.dap.parts import Parts
from rpc.dap.refs import Frame


class MoveRequests:
    """`parts`: gives what is debugged. Raises `DapError` where nothing is."""

    def __init__(self, parts: Callable[[], Parts]) -> None:
        self._inside = parts
        self._targets: dict[int, str] = {}
        self.handlers: dict[str, Handler] = {
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
        }

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
        await self._inside().moving.back(self._alone(given))

    async def _reverse_continue(self, given: Body) -> None:
        await self._inside().moving.back_to_breakpoint(self._alone(given))

    async def _restart_frame(self, given: Body) -> None:
        parts = self._inside()
        await parts.moving.restart(parts.looking.frame(given.get("frameId")))

    async def _goto_targets(self, given: Body) -> Body:
        sources = self._inside().debuggee.sources
        path = str((given.get("source") or {}).get("path") or "")
        nodes = sources.at(path, int(given.get("line") or 0))
        targets = []
        for node in nodes:
            if node.type == "task":
                # What a function calls is no node that something could follow.
                continue
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
        await self._inside().moving.go_to(path, self._standing(given))

    def _alone(self, given: Body) -> Frame:
        """As `_standing`. Raises `DapError` too where only that thread is to move, and there are others beside it."""
        frame = self._standing(given)
        others = [
            one.path
            for one in self._inside().telling.threads
            if one.task_id != frame.stands.task_id and one.thread is not None
        ]
        if given.get("singleThread") and others:
            raise DapError(
                f"the way back moves all threads, {', '.join(others)} too: `singleThread` is refused"
            )
        return frame

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
