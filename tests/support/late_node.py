"""`stepwire`, but this node does not see that it was silent for long before it has done what a zombie does: a write that is refused."""

import logging
import sys
import threading
import time

from rpc.cli.main import main
from rpc.storage.cluster import DEAD_SECONDS, Beat, NodeRow
from rpc.storage.postgres.nodes import PostgresRoll

LATE_SECONDS = 60.0
"""How long it waits for that at most."""

_beat = PostgresRoll.beat
_last = time.monotonic()
_refused = threading.Event()


class _Refusals(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        if "were refused" in record.getMessage():
            _refused.set()


def _late(roll: PostgresRoll, node: NodeRow, worker: int | None) -> Beat:
    global _last
    if time.monotonic() - _last > DEAD_SECONDS:
        _refused.wait(LATE_SECONDS)
    _last = time.monotonic()
    return _beat(roll, node, worker)


logging.getLogger("stepwire.events").addHandler(_Refusals())
PostgresRoll.beat = _late  # type: ignore[method-assign]

if __name__ == "__main__":
    sys.exit(main())
