"""`stepwire`, but this node is slow to see that it was silent for long: what it does until then is what a zombie does."""

import sys
import time

from rpc.cli.main import main
from rpc.storage.cluster import Beat, NodeRow
from rpc.storage.postgres.nodes import PostgresRoll

LONG_SECONDS = 5.0
LATE_SECONDS = 3.0

_beat = PostgresRoll.beat
_last = time.monotonic()


def _late(roll: PostgresRoll, node: NodeRow, worker: int | None) -> Beat:
    global _last
    if time.monotonic() - _last > LONG_SECONDS:
        time.sleep(LATE_SECONDS)
    _last = time.monotonic()
    return _beat(roll, node, worker)


PostgresRoll.beat = _late  # type: ignore[method-assign]

if __name__ == "__main__":
    sys.exit(main())
