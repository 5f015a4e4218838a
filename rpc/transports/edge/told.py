"""Log lines about strangers, bounded: whoever sends nonsense all day must not fill the disk with it."""

import logging
import time

log = logging.getLogger("stepwire.transports")

EVERY_SECONDS = 60.0
"""How often one kind of thing is logged."""


class Told:
    """Logs each kind of thing once a minute, with how many there were since."""

    def __init__(self) -> None:
        # By kind: when it was logged, and how many came since.
        self.kinds: dict[str, tuple[float, int]] = {}

    def say(self, kind: str, detail: str, level: int = logging.WARNING) -> None:
        """It happened once more. `kind`: what is counted together, one of few; `detail`: of this one."""
        now = time.monotonic()
        at, count = self.kinds.get(kind, (None, 0))
        if at is not None and now - at < EVERY_SECONDS:
            self.kinds[kind] = (at, count + 1)
            return
        self.kinds[kind] = (now, 0)
        more = f" ({count} more since the last line of it)" if count else ""
        log.log(level, "%s: %s%s", kind, detail, more)
