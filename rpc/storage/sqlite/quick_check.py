"""SQLite's own look at whether a database is whole (`PRAGMA quick_check`), beside the work that goes on."""

import logging
import sqlite3
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Literal

from msgspec import Struct

from rpc.storage.soundness import RESTORE, Soundness
from rpc.storage.sqlite.faults import fault_of
from rpc.storage.store import StorageBroken, StorageError

log = logging.getLogger("stepwire.storage")

PROBLEMS = 10
"""So many are looked for; one is enough."""

Status = Literal["running", "ok", "damaged", "failed", "stopped"]


class Found(Struct, frozen=True):
    """Of all databases so far. `seconds`: how long it took. `problems`: as SQLite says them, each with its file."""

    status: Status
    seconds: float = 0.0
    problems: list[str] = []


def problems_of(connection: sqlite3.Connection) -> list[str]:
    """What SQLite finds wrong, at most `PROBLEMS`. Raises `sqlite3.Error`."""
    rows = connection.execute(f"PRAGMA quick_check({PROBLEMS})").fetchall()
    said = [str(row[0]) for row in rows]
    return [] if said == ["ok"] else said


def read_only(file: Path) -> sqlite3.Connection:
    """A connection that writes nothing, usable from any thread. Raises `sqlite3.Error`."""
    uri = f"{file.resolve().as_uri()}?mode=ro"
    return sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)


class QuickCheck:
    """Checks these databases, by what they are called. `run` is for a thread of its own, `stop` for any other."""

    def __init__(self, files: Mapping[str, Path], soundness: Soundness) -> None:
        self.files = files
        self.soundness = soundness
        self.found = Found("running")
        self.lock = threading.Lock()
        self.connection: sqlite3.Connection | None = None
        self.stopped = False

    def run(self) -> None:
        """Check them all; what is found wrong is noted as a fault that lasts."""
        began = time.monotonic()
        problems: list[str] = []
        failure: str | None = None
        for name, file in self.files.items():
            try:
                problems += [f"{file.name}: {one}" for one in self._problems(file)]
            except StorageBroken as error:
                problems.append(f"{file.name}: {error}")
            except StorageError as error:
                failure = failure or f"{name}: {error}"
            if self.stopped:
                self.found = Found("stopped")
                return
        seconds = round(time.monotonic() - began, 3)
        if problems:
            self.found = Found("damaged", seconds, problems)
            self.soundness.broke(
                StorageBroken(
                    "corrupt", f"{_damaged(problems)}: `stepwire doctor` says more; {RESTORE}"
                )
            )
        elif failure is not None:
            log.error("the databases could not be checked: %s", failure)
            self.found = Found("failed", seconds, [failure])
        else:
            log.info("quick_check: %s whole, in %.1f s", " and ".join(self._there()), seconds)
            self.found = Found("ok", seconds)

    def _there(self) -> Sequence[str]:
        return [f"{file.name} is" for file in self.files.values() if file.exists()]

    def _problems(self, file: Path) -> list[str]:
        try:
            if not file.exists():
                return []
            with closing(read_only(file)) as connection:
                with self.lock:
                    if self.stopped:
                        return []
                    self.connection = connection
                try:
                    return problems_of(connection)
                finally:
                    with self.lock:
                        self.connection = None
        except sqlite3.Error as error:
            if self.stopped:
                return []
            raise fault_of(error, self.soundness, f"the database {file}") from error

    def stop(self) -> None:
        """End it where it is."""
        with self.lock:
            self.stopped = True
            if self.connection is not None:
                self.connection.interrupt()


def _damaged(problems: Sequence[str]) -> str:
    more = f" and {len(problems) - 1} more" if len(problems) > 1 else ""
    return f"the data is damaged: {problems[0]}{more}"
