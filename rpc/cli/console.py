"""Where the command writes: results to stdout, everything else to stderr.

`rich` is imported where something is drawn: a server only writes lines.
"""

import logging
import re
import sys
from typing import TYPE_CHECKING, Any

import msgspec

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

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def clean(text: str) -> str:
    """Text of a graph without control characters: it must not drive the terminal."""
    return _CONTROLS.sub("", text.replace("\r\n", "\n"))


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
    sys.stdout.write(_CONTROLS.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n")
    sys.stdout.flush()


class CleanLines(logging.Formatter):
    """Log lines without control characters, whoever's text is in them."""

    def format(self, record: logging.LogRecord) -> str:
        """As logging's own, cleaned."""
        return clean(super().format(record))


def log_to_stderr(level: str) -> None:
    """Send log lines to stderr, those of libraries from `warning` on."""
    if sys.stderr.isatty():
        from rich.logging import RichHandler

        handler: logging.Handler = RichHandler(
            console=stderr(), show_path=False, rich_tracebacks=False
        )
        handler.setFormatter(logging.Formatter("%(message)s"))
    else:
        handler = logging.StreamHandler()
        handler.setFormatter(CleanLines("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("stepwire").setLevel(level.upper())
