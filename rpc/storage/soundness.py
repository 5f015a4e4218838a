"""Whether what is written in the data directory will be there tomorrow: one answer for all of its files.

A fault that lasts is found by whoever meets it: a commit, a read, a look at the files. The first one counts, and holds
until the process ends: what was opened is not opened again under work that goes on.
"""

import os
import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from rpc.storage.store import StorageBroken

RESTORE = (
    "stop the server, put it right or restore a backup (`stepwire restore`), and start it again"
)
"""What to do, in the end of a sentence."""

Identity = tuple[int, int]
"""A file's device and number."""


class Soundness:
    """Of one data directory. Thread-safe.

    `listeners`: told of what counts, in whatever thread it is found.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.fault: StorageBroken | None = None
        self.listeners: list[Callable[[StorageBroken], object]] = []
        self.lock = threading.Lock()
        # What must stay where it was opened: by path, what it is called and which it was.
        self.places: dict[str, tuple[str, Identity]] = {}
        # Failures of the disk in a row that do not say whether they last.
        self.unclear = 0

    def keep(self, path: Path, name: str) -> None:
        """From here on `path` must be the file or folder that it is now; nothing, where there is none."""
        found = _identity(str(path))
        if found is not None:
            with self.lock:
                self.places = {**self.places, str(path): (name, found)}

    def verify(self, only: Sequence[str] | None = None) -> None:
        """Raises `StorageBroken` where there is a fault that lasts, or a file is not the one that was opened.

        `only`: of these that are kept. A look at a file takes a call of the system's, and a commit is not to take many.
        """
        if self.fault is not None:
            raise self.fault
        try:
            self._look(self.places if only is None else only)
        except StorageBroken as fault:
            if only is not None:
                # What holds the file may be gone with it, which says more.
                self.verify()
            raise self.broke(fault) from None

    def _look(self, paths: Iterable[str]) -> None:
        for path in paths:
            if path not in self.places:
                continue
            name, kept = self.places[path]
            try:
                found = os.stat(path)
            except OSError as error:
                if isinstance(error, FileNotFoundError | NotADirectoryError):
                    raise _missing(name, path) from None
                # Such as a folder that may not be looked into for now: a commit says more.
                continue
            if (found.st_dev, found.st_ino) != kept:
                raise _replaced(name, path)

    def broke(self, fault: StorageBroken) -> StorageBroken:
        """Take note of a fault that lasts; the one that counts: the first, or why what was changed does not fit this version."""
        with self.lock:
            if self.fault is not None and (
                fault.reason != "outdated" or self.fault.reason == "outdated"
            ):
                return self.fault
            self.fault = fault
        for listener in list(self.listeners):
            listener(fault)
        return fault


def _identity(path: str) -> Identity | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _missing(name: str, path: str) -> StorageBroken:
    return StorageBroken(
        "missing",
        f"{name} {path} is gone: it was deleted or moved while the server used it; {RESTORE}",
    )


def _replaced(name: str, path: str) -> StorageBroken:
    return StorageBroken(
        "replaced",
        f"{name} {path} is not the one that the server opened: it was replaced while the server used it, and what is "
        f"written now would be lost; stop the server, put the right one there, and start it again",
    )
