"""What is stored and cannot be read: it is named, and left out, and everything else goes on."""

import logging
import threading

log = logging.getLogger("stepwire.storage")

NAMED = 1000
"""So many are kept by name; what more there is, is only counted."""


class Unreadable(Exception):
    """Something stored of one session cannot be read. `what`: its name, in words. `why`: in words.

    `first_seq`, `last_seq`: the events it is about, where it is about events.
    """

    def __init__(
        self,
        session_id: str,
        what: str,
        why: str,
        first_seq: int | None = None,
        last_seq: int | None = None,
    ) -> None:
        super().__init__(f"{what} of session {session_id} cannot be read: {why}")
        self.session_id = session_id
        self.what = what
        self.why = why
        self.first_seq = first_seq
        self.last_seq = last_seq


class Unreadables:
    """All that was met. Thread-safe."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.met: dict[tuple[str, str], Unreadable] = {}
        self.more = 0

    def note(self, error: Unreadable) -> None:
        """Log it once, and keep it."""
        with self.lock:
            if (error.session_id, error.what) in self.met:
                return
            if len(self.met) >= NAMED:
                self.more += 1
                return
            self.met[error.session_id, error.what] = error
        log.error("%s; it is left out (`stepwire doctor` names all of them)", error)

    def hole(self, session_id: str, after: int) -> Unreadable | None:
        """What was met where the events past `after` begin."""
        with self.lock:
            for (name, _), error in self.met.items():
                if name != session_id or error.first_seq is None or error.last_seq is None:
                    continue
                if error.first_seq <= after + 1 <= error.last_seq:
                    return error
        return None

    @property
    def count(self) -> int:
        """How many there are."""
        with self.lock:
            return len(self.met) + self.more
