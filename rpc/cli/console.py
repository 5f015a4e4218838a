"""Where the command writes: results to stdout, everything else to stderr.

`rich` is imported where something is drawn: a server only writes lines.
"""

import logging
import re
import sys
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click
import msgspec

from rpc.masking import scrubbed
from rpc.telemetry.exceptions import ExceptionsWritten
from rpc.telemetry.ids import current
from rpc.unseen import UNSEEN

if TYPE_CHECKING:
    from rich.console import Console

STYLES = {
    "queued": "dim",
    "running": "cyan",
    "paused": "magenta",
    "waiting": "yellow",
    "completed": "green",
    "failed": "red",
    "cancelled": "dim",
}
"""How a status looks."""

_UNSEEN = re.compile(f"[{UNSEEN}]")


def clean(text: str) -> str:
    """Text of a graph without what is not seen: it must not drive the terminal, nor be shown in another order."""
    return _UNSEEN.sub("", text.replace("\r\n", "\n"))


def set_in(text: str) -> str:
    """The same, its lines from the second on set in: nobody's text looks like a line of its own."""
    return clean(text).replace("\n", "\n  ")


def say(text: str, *, err: bool = False, nl: bool = True) -> None:
    """Print a line, to stdout or to stderr: whoever's text is in it, it is text. Each command's lines go through here."""
    say_all([("", text)], err=err, nl=nl)


def say_all(lines: Sequence[tuple[str, str]], *, err: bool = False, nl: bool = True) -> None:
    """Print lines at once, each a beginning of the command's own, which may be styled, and a text, which may be anybody's."""
    click.echo("\n".join(head + clean(text) for head, text in lines), err=err, nl=nl)


def stdout() -> "Console":
    """For results."""
    from rpc.cli.drawing import OwnConsole

    return OwnConsole(soft_wrap=not sys.stdout.isatty())


def stderr() -> "Console":
    """For progress and messages."""
    from rpc.cli.drawing import OwnConsole

    return OwnConsole(stderr=True, soft_wrap=not sys.stderr.isatty())


def print_json(value: Any) -> None:
    """One JSON value on a line of its own, for a program to read."""
    text = msgspec.json.encode(value).decode()
    # JSON escapes the others.
    sys.stdout.write(_UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n")
    sys.stdout.flush()


class CleanLines(ExceptionsWritten):
    """Log lines without control characters and without secrets, whoever's text is in them."""

    def format(self, record: logging.LogRecord) -> str:
        """As logging's own, cleaned."""
        return set_in(scrubbed(super().format(record), current().secrets))


def log_to_stderr(level: str, log_format: str = "text") -> None:
    """Send log lines to stderr, those of libraries from `warning` on. `log_format`: `text` or `json`."""
    handler: logging.Handler
    _errors_as_lines()
    if log_format == "json":
        handler = _json_handler()
        logging.captureWarnings(True)
    elif sys.stderr.isatty():
        from rich.logging import RichHandler

        handler = RichHandler(console=stderr(), show_path=False, rich_tracebacks=False)
        handler.setFormatter(CleanLines("%(message)s"))
    else:
        handler = logging.StreamHandler()
        handler.setFormatter(CleanLines("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("stepwire").setLevel(level.upper())


def _json_handler() -> logging.Handler:
    from rpc.engine.langgraph.watching import running_task
    from rpc.telemetry.json_lines import JsonHandler
    from rpc.telemetry.requests import requests_log

    def node() -> dict[str, object]:
        place = running_task()
        return {} if place is None else {"node": place.path}

    handler = JsonHandler([node])
    requests_log.handlers, requests_log.propagate = [handler], False
    return handler


def _errors_as_lines() -> None:
    """Errors that nobody caught, such as those of threads that nodes began, go to the log: Python would write them as they are."""
    log = logging.getLogger("stepwire.cli")

    def caught(kind: Any, error: Any, traceback: Any) -> None:
        # A thread may end so, as the process does.
        if kind is not SystemExit:
            log.critical("an error that nobody caught", exc_info=(kind, error, traceback))

    sys.excepthook = caught
    threading.excepthook = lambda of: caught(of.exc_type, of.exc_value, of.exc_traceback)
