"""Events of a run as a person reads them: lines, and at a terminal what runs just now."""

import sys
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Protocol, TextIO

import msgspec
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.spinner import Spinner
from rich.text import Text

from rpc.cli.console import STYLES, clean, set_in
from rpc.cli.drawing import OwnConsole
from rpc.client import Event

LONGEST_NOTE = 100
MOST_RUNNING = 12
LINES_A_SECOND = 10


class Progress(Protocol):
    """Shows events; a context while it may use the terminal."""

    def show(self, event: Event) -> None: ...

    def __enter__(self) -> "Progress": ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...


class Silent:
    """Shows nothing."""

    def show(self, event: Event) -> None:
        """Nothing."""

    def __enter__(self) -> "Silent":
        return self

    def __exit__(self, *_: object) -> None:
        return None


class LineProgress:
    """A line an event that matters; for pipes. Of a flood of `progress` only some are shown."""

    def __init__(self, stream: TextIO | None = None, console: Console | None = None) -> None:
        stream = sys.stderr if stream is None else stream
        self.console = console or OwnConsole(file=stream, soft_wrap=not stream.isatty())
        self._second = 0
        self._shown = 0

    def show(self, event: Event) -> None:
        """Print its line, if it has one."""
        if event.type in ("progress", "message.delta") and self._flooded():
            return
        line = line_of(event)
        if line is not None:
            self.console.print(_fitting(line, event, self.console))

    def _flooded(self) -> bool:
        second = int(time.monotonic())
        if second != self._second:
            self._second, self._shown = second, 0
        self._shown += 1
        return self._shown > LINES_A_SECOND

    def __enter__(self) -> "LineProgress":
        return self

    def __exit__(self, *_: object) -> None:
        return None


class LiveProgress:
    """What is done as lines, and below them what runs just now, with its latest news."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self._running: dict[str, _Running] = {}
        self._text = ""
        self._live = Live(
            get_renderable=self._render, console=console, refresh_per_second=10, transient=True
        )

    def show(self, event: Event) -> None:
        """Take it in."""
        data = event.data
        task = data.get("task_id")
        if event.type == "node.started":
            self._running[data["task_id"]] = _Running(data["path"])
            return
        if event.type == "progress" and task in self._running:
            self._running[task].note = note_of(data["data"])
            return
        if event.type == "message.delta":
            self._text = (self._text + data["delta"])[-2000:] if data["partial"] else ""
            return
        if event.type in ("node.finished", "node.failed"):
            ended = self._running.pop(data["task_id"], None)
            self._text = ""
            line = line_of(event, ended.note if ended else "")
        elif event.type in ("session.status", "session.recovered"):
            if event.type == "session.recovered" or data["status"] != "running":
                # What ran was cut off, or is over.
                self._running.clear()
            line = line_of(event)
        else:
            line = line_of(event)
        if line is not None:
            self.console.print(_fitting(line, event, self.console))

    def _render(self) -> RenderableType:
        rows: list[RenderableType] = []
        running = list(self._running.values())
        for task in running[-MOST_RUNNING:]:
            label = Text.assemble((task.path, "bold"), "  ", (task.note, "dim"))
            label.truncate(max(20, self.console.width - 4), overflow="ellipsis")
            task.spinner.update(text=label)
            rows.append(task.spinner)
        if len(running) > MOST_RUNNING:
            rows.append(Text(f"  and {len(running) - MOST_RUNNING} more", style="dim"))
        if self._text:
            rows.append(Text("\n".join(clean(self._text).splitlines()[-4:]), style="italic"))
        return Group(*rows)

    def __enter__(self) -> "LiveProgress":
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()


class _Running:
    def __init__(self, path: str) -> None:
        self.path = path
        self.note = ""
        self.spinner = Spinner("dots", style="cyan")


def line_of(event: Event, note: str = "") -> Text | None:
    """The event as a line; None for those that say nothing to a person who waits."""
    make = _LINES.get(event.type)
    return None if make is None else make(event.data, note)


def _fitting(line: Text, event: Event, console: Console) -> Text:
    """In one line of a terminal; what a person must read whole is not cut, nor what goes to a file."""
    if console.is_terminal and event.type in ("progress", "node.finished"):
        line.truncate(console.width, overflow="ellipsis")
    return line


def note_of(value: Any) -> str:
    """What a node wrote, in a few words: its own `message`, where there is one."""
    if isinstance(value, dict) and isinstance(value.get("message"), str) and value["message"]:
        text = value["message"]
    elif isinstance(value, dict):
        text = "  ".join(f"{key} {_word(item)}" for key, item in value.items())
    else:
        text = _word(value)
    text = clean(" ".join(text.split()))
    return text if len(text) <= LONGEST_NOTE else text[: LONGEST_NOTE - 1] + "…"


def _word(value: Any) -> str:
    if isinstance(value, list):
        if any(isinstance(item, dict | list) for item in value):
            return f"({len(value)})"
        return ", ".join(_word(item) for item in value[:4]) + (" …" if len(value) > 4 else "")
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _finished(data: dict[str, Any], note: str) -> Text:
    took = data.get("duration_ms")
    seconds = "" if took is None else f"{took:.0f} ms" if took < 1000 else f"{took / 1000:.1f} s"
    return Text.assemble(
        ("✓ ", "green"), f"{data['path']:<28} ", (f"{seconds:>8}  ", "cyan"), (note, "dim")
    )


def _failed(data: dict[str, Any], _: str) -> Text:
    error = data["error"]
    where = data.get("path") or error.get("node") or ""
    return Text.assemble(("✗ ", "red"), f"{where}{': ' if where else ''}", told_error(error))


def told_error(error: dict[str, Any]) -> str:
    """A failure's type and message, and the line of the graph's own that raised it."""
    at = f" ({error['file']}:{error['line']})" if error.get("file") else ""
    return f"{error['type']}: {set_in(error['message'])}{at}"


def _progress(data: dict[str, Any], _: str) -> Text:
    return Text.assemble(
        "  ", (f"{data.get('path') or '':<28} ", "dim"), (note_of(data["data"]), "dim")
    )


def _stopped(data: dict[str, Any], _: str) -> Text:
    places = ", ".join(task["path"] for task in data["tasks"])
    return Text.assemble(
        ("‖ ", "magenta"), f"stopped ({data['reason']}) before {places or 'the end'}"
    )


def _status(data: dict[str, Any], _: str) -> Text | None:
    status = data["status"]
    return None if status == "running" else Text(f"  {status}", style=STYLES[status])


_LINES: dict[str, Callable[[dict[str, Any], str], Text | None]] = {
    "session.status": _status,
    "node.finished": _finished,
    "node.failed": _failed,
    "progress": _progress,
    "debug.stopped": _stopped,
    "debug.log": lambda data, _: Text.assemble(
        ("• ", "magenta"), f"{data['path']}: {set_in(data['text'])}"
    ),
    "input.requested": lambda data, _: Text.assemble(
        ("? ", "yellow"), f"{data.get('path') or 'the graph'} asks: {note_of(data['value'])}"
    ),
    "session.recovered": lambda data, _: Text(
        "↻ the graph was reloaded"
        if data["reason"] == "reload"
        else "↻ the server goes on from its last checkpoint",
        "yellow",
    ),
    "session.expiring": lambda data, _: Text(
        f"! nobody has touched it for long: it will be removed at {data['removed_at']}", "yellow"
    ),
    "query.failed": lambda data, _: Text.assemble(
        ("✗ ", "red"), f"failed: {told_error(data['error'])}"
    ),
}
