"""Whether the server before this one ended, or was ended: a file that is there while a server runs."""

from contextlib import suppress
from pathlib import Path

from rpc.startup import Watched

SUPERVISED, ALONE = "supervised", "alone"


class Marker:
    """The file `running` in a data directory. `watched`: what a supervisor saw; None where there is none."""

    def __init__(self, folder: Path, watched: Watched | None) -> None:
        self.file = folder / "running"
        self.watched = watched

    def died(self) -> bool:
        """Whether the server before died by itself, as far as can be told.

        One that was supervised and ended together with its supervisor was ended from outside: by `kill -9` or a power cut.
        """
        try:
            mode = self.file.read_text(encoding="ascii").strip()
        except (OSError, ValueError):
            return False
        return mode == ALONE or (self.watched is not None and self.watched.died)

    def put(self) -> None:
        """A server runs from here on."""
        with suppress(OSError):
            # Where the disk is full the next start knows less: that is no reason not to start.
            self.file.write_text(ALONE if self.watched is None else SUPERVISED, encoding="ascii")

    def remove(self) -> None:
        """It has ended as it was meant to."""
        with suppress(OSError):
            self.file.unlink(missing_ok=True)
