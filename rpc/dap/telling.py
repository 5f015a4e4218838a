"""What happens in the session, told to the editor: its events as the adapter's."""

import asyncio
from collections.abc import Mapping
from typing import Any

import msgspec

from protocol.events import StoppedTask
from protocol.sessions import ENDED
from protocol.values import Interrupt
from rpc.client import Event
from rpc.dap.breakpoints import Breakpoints
from rpc.dap.connection import Connection
from rpc.dap.sources import Sources, source_of
from rpc.dap.threads import Task, Threads
from rpc.dap.values import preview

REASONS = {
    "breakpoint": "breakpoint",
    "step": "step",
    "pause": "pause",
    "entry": "entry",
    "change": "data breakpoint",
    "failure": "exception",
    "raised": "exception",
    "interrupt": "interrupt",
}
PROGRESS_SECONDS = 1.0
"""How long a run goes on before the editor shows that it does."""


class Telling:
    """Tells one client of one session. `threads`: the tasks, kept up to date by this."""

    def __init__(
        self,
        connection: Connection,
        threads: Threads,
        breakpoints: Breakpoints,
        sources: Sources,
        *,
        ends: bool,
    ) -> None:
        self.sources = sources
        # The client's own: a stop says which of them it is of.
        self.breakpoints = breakpoints
        self.connection = connection
        self.threads = threads
        # Whether the end of the run is that of the debugging.
        self.ends = ends
        # Whether that was told.
        self.is_over = False
        # What moved the session, where that was this client: the reason of the next stop.
        self.moved: str | None = None
        # What has changed since it stood, where nothing ran: the action of the last `debug.changed`.
        self._changed: str | None = None
        # What each task raised last.
        self.failures: dict[str, Mapping[str, Any]] = {}
        # Where nodes are written, by path.
        self.files: dict[str, tuple[str | None, int]] = {}
        # What the client understands beyond what all do.
        self.shows_progress = self.refreshes = False
        self._questions: dict[str, StoppedTask] = {}
        # How each node is lit, and whose message is in the console's last line, which is not ended yet.
        self._lit: dict[str, str] = {}
        self._open: str | None = None
        # How often something stopped or went on: what was fetched before may be another by now.
        self.stop_number = 0
        # How often the state was edited: what was fetched before is of an earlier one.
        self.edit_number = 0
        self._progress: asyncio.TimerHandle | None = None
        self._shown: str | None = None

    def take(self, event: Event) -> None:
        """One event of the session."""
        data = event.data
        match event.type:
            case "node.started":
                self._events(
                    self.threads.begin(
                        data["task_id"], data["node"], data["path"], data.get("parent_task_id")
                    )
                )
                again = "" if data["attempt"] == 1 else f" (attempt {data['attempt']})"
                self._say(f"→ {data['path']}{again}\n", path=data["path"])
                self._light(data["path"], "running")
                self._advance(data["path"])
            case "node.finished":
                self._light(data["path"], "finished")
                self._events(self.threads.end(data["task_id"]))
            case "node.failed":
                self.failures[data["task_id"]] = data["error"]
                self._say(f"✗ {data['path']}: {_error(data['error'])}\n", "stderr", data["path"])
                if not data["will_retry"]:
                    self._light(data["path"], "failed")
                    # Where the debugger holds it, its stop follows, in the same thread.
                    self._events(self.threads.end(data["task_id"]))
            case "node.cancelled":
                self._light(data["path"], "cancelled")
                self._events(self.threads.end(data["task_id"]))
            case "node.blocked":
                blocked = data["blocked_ms"] / 1000
                self._say(
                    f"! {data['path']} has blocked its event loop for {blocked:.1f} s\n",
                    "important",
                )
            case "progress":
                where = data["path"] or ""
                self._say(f"{where}: {preview(data['data'], 500)}\n", "stdout", data["path"])
            case "message.delta":
                self._stream(data["delta"], data["path"])
            case "debug.log":
                self._say(f"{data['text']}\n", path=data["path"])
            case "input.requested":
                self._asked(data)
            case "debug.stopped":
                self._stopped(data)
            case "debug.resumed":
                self._resumed(data["task_ids"])
            case "debug.breakpoint":
                for one in self.breakpoints.take(data):
                    self.connection.event("breakpoint", one.changed(self.sources))
            case "debug.changed":
                self._changed = data["action"]
                self.edit_number += 1
                if self.refreshes:
                    self.connection.event("invalidated", {"areas": ["variables"]})
            case "session.recovered":
                self._say(f"! the run was cut off ({data['reason']}), and goes on\n", "important")
            case "session.expiring":
                self._say(f"! the session will be removed at {data['removed_at']}\n", "important")
            case "query.result":
                self._say(f"{preview(data['result'], 10_000)}\n", "stdout")
            case "query.failed":
                self._say(f"failed: {_error(data['error'])}\n", "stderr")
            case "session.status":
                self._status(data["status"])
            case "session.deleted":
                self._say("the session was deleted\n", "important")
                self.over(1)
            case _:
                pass

    def over(self, exit_code: int) -> None:
        """The debugging has ended; told once."""
        if self.is_over:
            return
        self.is_over = True
        self._progressed()
        self._events(self.threads.clear())
        self.connection.event("exited", {"exitCode": exit_code})
        self.connection.event("terminated")

    def runs(self, task_id: str, node: str, path: str, parent_task_id: str | None) -> None:
        """A task runs, or stands, that began before this was told of any."""
        self._events(self.threads.begin(task_id, node, path, parent_task_id))
        self._light(path, "running")

    def found(self, tasks: list[StoppedTask], asked: list[Interrupt]) -> None:
        """These stand, and this was asked, before this was told of any."""
        standing = {task.task_id: task for task in tasks}
        for one in asked:
            task = standing.get(one.task_id or "")
            if task is not None:
                names = {"node": task.node, "path": task.path}
                self._asked({**msgspec.structs.asdict(one), **names})
        self.stand([self._questions.pop(task.task_id, task) for task in tasks])

    def stand(
        self, tasks: list[StoppedTask], reason: str | None = None, *, back: bool = False
    ) -> None:
        """These tasks stand, all that do; the client is told of those that did not before.

        `back`: they were gone back to, for what some of them stand: the client looks at these, and not at others beside them.
        """
        events, fresh = self.threads.stand(tasks)
        self._events(events)
        for task in fresh:
            self._light(task.path, "stopped")
            beside = back and task.stop is not None and task.stop.reason == "pause"
            self._tell_stop(task, reason, beside=beside)

    def _tell_stop(self, task: Task, moved: str | None, *, beside: bool = False) -> None:
        assert task.stop is not None
        reason = moved or REASONS[task.stop.reason]
        if reason == "breakpoint" and task.path in self.breakpoints.functions:
            reason = "function breakpoint"
        body: dict[str, Any] = {
            "reason": reason,
            "threadId": task.thread,
            "allThreadsStopped": False,
        }
        if beside:
            body["preserveFocusHint"] = True
        hit = self.breakpoints.hit(task.path) if "breakpoint" in reason else []
        if reason == "data breakpoint":
            hit = self.breakpoints.hit_data(task.stop.detail or "")
        if hit:
            body["hitBreakpointIds"] = hit
        if reason in ("exception", "interrupt"):
            body["text"] = task.stop.detail or ""
        if task.stop.detail or reason == "interrupt":
            asks = f"{task.path} asks; answer with `respond VALUE` in the console"
            body["description"] = asks if reason == "interrupt" else task.stop.detail
        self.connection.event("stopped", body)

    def _stopped(self, data: Mapping[str, Any]) -> None:
        self._progressed()
        self.stop_number += 1
        moved, self.moved = self.moved, None
        if moved is None:
            moved = {"rewind": "goto", "edit": "goto", "restart": "restart"}.get(data["reason"])
        changed, self._changed = self._changed, None
        if moved is not None or changed in ("rewind", "restart"):
            # Whatever stands was moved there, also where it stood before.
            self.threads.go([])
        tasks = [_task(one) for one in data["tasks"]]
        self._questions.clear()
        self.stand(tasks, moved, back=moved is None and changed in ("rewind", "restart"))
        self._darken(
            {task.path for task in tasks}, all=changed == "rewind" or data["reason"] == "edit"
        )
        if not tasks:
            # Behind the last node: the graph has ended, and continues to its result.
            self._events(self.threads.clear())
            end = StoppedTask("(end)", "(end)", "(end)", "breakpoint", None, data["detail"])
            if data["reason"] == "change":
                end = msgspec.structs.replace(end, reason="change")
            self.stand([end], moved)

    def _asked(self, data: Mapping[str, Any]) -> None:
        if data["task_id"] is None:
            return
        self._questions[data["task_id"]] = StoppedTask(
            data["node"] or "", data["path"] or "", data["task_id"], "interrupt", None,
            preview(data["value"], 500),
        )  # fmt: skip
        question = {"interruptId": data["interrupt_id"], "text": preview(data["value"], 2000)}
        self.connection.event("stepwire/asks", question)
        self._say(
            f"? {data['path']} asks: {preview(data['value'], 2000)}\n", "important", data["path"]
        )

    def _resumed(self, task_ids: list[str]) -> None:
        self._changed = None
        gone = self.threads.go(task_ids)
        if gone:
            self.stop_number += 1
        left = any(task.stop is not None for task in self.threads)
        for task in gone:
            self._light(task.path, "running")
        for task in gone if left else gone[:1]:
            body = {"threadId": task.thread, "allThreadsContinued": not left}
            self.connection.event("continued", body)

    def _status(self, status: str) -> None:
        if status == "running":
            self._running()
        elif status == "waiting":
            self._progressed()
            self.stop_number += 1
            standing = {task.task_id: task.stop for task in self.threads if task.stop is not None}
            tasks = {**standing, **self._questions}
            self.stand([one for one in tasks.values() if one is not None])
            self._questions.clear()
        elif status in ENDED:
            self._progressed()
            if self.ends:
                self.over(0 if status == "completed" else 1)
            else:
                self._events(self.threads.clear())
                self._say(f"the run is {status}\n")

    # What runs long

    def _running(self) -> None:
        if self.shows_progress and self._progress is None and self._shown is None:
            loop = asyncio.get_running_loop()
            self._progress = loop.call_later(PROGRESS_SECONDS, self._show)

    def _show(self) -> None:
        self._progress = None
        self._shown = f"run-{self.stop_number}"
        body = {"progressId": self._shown, "title": "The graph runs", "cancellable": False}
        self.connection.event("progressStart", body)

    def _advance(self, path: str) -> None:
        if self._shown is not None:
            self.connection.event("progressUpdate", {"progressId": self._shown, "message": path})

    def _progressed(self) -> None:
        if self._progress is not None:
            self._progress.cancel()
            self._progress = None
        if self._shown is not None:
            self.connection.event("progressEnd", {"progressId": self._shown})
            self._shown = None

    # To the client

    def _light(self, path: str, state: str) -> None:
        """For a drawing beside the editor; an event of ours that other clients ignore."""
        if path == "(end)" or self._lit.get(path) == state:
            return
        if state != "stopped" and any(one.stop and one.path == path for one in self.threads):
            # Of several tasks of a node one stands.
            return
        self._lit[path] = state
        self.connection.event("stepwire/node", {"path": path, "state": state})

    def _darken(self, standing: set[str], *, all: bool) -> None:
        """What stood before, and stands no more, is where it was left; `all`: so is what has run, as after a way back."""
        for path, state in list(self._lit.items()):
            if path not in standing and (all or state == "stopped"):
                self._light(path, "left")

    def _events(self, events: list[tuple[str, dict[str, Any]]]) -> None:
        for name, body in events:
            self.connection.event(name, body)

    def _stream(self, delta: str, path: str | None) -> None:
        """A piece of a message; what is said next by others begins a line."""
        if self._open != (path or ""):
            self._end_line()
        self._write(delta, "stdout", path)
        self._open = None if delta.endswith("\n") else path or ""

    def _say(self, text: str, category: str = "console", path: str | None = None) -> None:
        self._end_line()
        self._write(text, category, path)

    def _end_line(self) -> None:
        if self._open is not None:
            self._open = None
            self._write("\n", "stdout")

    def _write(self, text: str, category: str, path: str | None = None) -> None:
        file, line = self.files.get(path or "", (None, 0))
        more: dict[str, Any] = {}
        if (source := source_of(file)) is not None:
            more = {"source": source, "line": line, "column": 1}
        self.connection.output(text, category, **more)


def _task(one: Mapping[str, Any]) -> StoppedTask:
    return StoppedTask(
        one["node"], one["path"], one["task_id"], one["reason"], one["input"], one["detail"],
        one.get("parent_task_id"),
    )  # fmt: skip


def _error(error: Mapping[str, Any]) -> str:
    place = f" ({error['file']}:{error['line']})" if error.get("file") else ""
    return f"{error['type']}: {error['message']}{place}"
