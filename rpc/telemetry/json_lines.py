"""Log lines as JSON objects, one a line, for programs that collect them."""

import asyncio
import logging
import re
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import msgspec

from rpc.masking import scrubbed_json
from rpc.telemetry.exceptions import ExceptionsWritten
from rpc.telemetry.ids import current
from rpc.unseen import BEYOND_ASCII

MEMBERS = "stepwire_members"
"""The attribute of a record for what its line has beside: `extra={MEMBERS: {…}}`. Others of `extra` stand there as they are."""

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", MEMBERS, "taskName"}

_UNSEEN = re.compile(f"[{BEYOND_ASCII}]")

LATE_SECONDS = 0.1
"""How long a request's line may wait for others."""

MOST_WAITING = 256
"""Lines of requests that are written at once, at the most."""

_NOTHING = nullcontext()

_encoder = msgspec.json.Encoder(enc_hook=str)

More = Callable[[], Mapping[str, object]]


class JsonLines(ExceptionsWritten):
    """`time` (RFC 3339), `level`, `logger`, `message`, and of what is known: `request_id`, `client`, `owner`, `session_id`,
    `run_id`, `graph`, then what `more` and the record's `extra` give, `exception` as text.

    `more`: asked for further members, where the line is made.
    """

    def __init__(self, more: Sequence[More] = ()) -> None:
        super().__init__()
        self.more = more

    def format(self, record: logging.LogRecord) -> str:
        """One object, on one line, without control characters."""
        line = _line(record.created, record.levelname.lower(), record.name, record.getMessage())
        for more in self.more:
            line.update(more())
        given = vars(record)
        if (members := given.get(MEMBERS)) is not None:
            line.update(members)
        else:
            for name, value in given.items():
                if name not in _STANDARD and name not in line:
                    line[name] = value
        if record.exc_info and record.exc_info[0] is not None:
            line["exception"] = self.formatException(record.exc_info)
        elif record.exc_text:
            line["exception"] = record.exc_text
        if record.stack_info:
            line["stack"] = record.stack_info
        text = _text(line)
        if secrets := current().secrets:
            text = scrubbed_json(text.encode(), secrets).decode()
        return _UNSEEN.sub(_escaped, text)


class JsonHandler(logging.StreamHandler[Any]):
    """Writes records to stderr at once, and lines of requests together, at most `LATE_SECONDS` later."""

    def __init__(self, more: Sequence[More] = ()) -> None:
        super().__init__()
        self.setFormatter(JsonLines(more))
        # Lines of requests that are not written yet, and whether somebody will.
        self.waiting: list[str] = []
        self.soon = False

    def emit(self, record: logging.LogRecord) -> None:
        """As logging's own; what came before it is written before it."""
        self._write_waiting()
        super().emit(record)

    def request(self, level: str, logger: str, message: str, members: Mapping[str, Any]) -> None:
        """A line of what happens often: without a record of logging's, which costs more than all the rest."""
        line = _line(time.time(), level, logger, message)
        line.update(members)
        text = _UNSEEN.sub(_escaped, _text(line))
        with self.lock or _NOTHING:
            self.waiting.append(text)
            late = self.soon or self._later()
        if not late or len(self.waiting) > MOST_WAITING:
            self.flush()

    def _later(self) -> bool:
        try:
            asyncio.get_running_loop().call_later(LATE_SECONDS, self.flush)
        except RuntimeError:
            return False
        self.soon = True
        return True

    def _write_waiting(self) -> None:
        if self.waiting:
            texts, self.waiting = self.waiting, []
            self.stream.write("\n".join(texts) + "\n")

    def flush(self) -> None:
        """Write what waits."""
        with self.lock or _NOTHING:
            self.soon = False
            self._write_waiting()
        super().flush()


def _line(created: float, level: str, logger: str, message: str) -> dict[str, Any]:
    second = int(created)
    line: dict[str, Any] = {
        "time": f"{_second(second)}.{int((created - second) * 1000):03d}Z",
        "level": level,
        "logger": logger,
        "message": message,
    }
    ids = current()
    if ids.request is not None:
        line["request_id"] = ids.request
    if ids.client is not None:
        line["client"] = ids.client
    if ids.owner is not None:
        line["owner"] = ids.owner
    if ids.session is not None:
        line["session_id"] = ids.session
    if ids.run is not None:
        line["run_id"] = ids.run
    if ids.graph is not None:
        line["graph"] = ids.graph
    if ids.trace is not None:
        _, line["trace_id"], line["span_id"], _ = ids.trace.split("-")
    return line


@lru_cache(64)
def _second(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}"


def _text(line: dict[str, Any]) -> str:
    try:
        return _encoder.encode(line).decode()
    except (UnicodeError, ValueError, TypeError, RecursionError, OverflowError):
        # A value that JSON has not, such as half of a surrogate pair: as text.
        plain = {
            name.encode("utf-8", "replace").decode(): str(value).encode("utf-8", "replace").decode()
            for name, value in line.items()
        }
        return _encoder.encode(plain).decode()


def _escaped(found: "re.Match[str]") -> str:
    return f"\\u{ord(found[0]):04x}"
