"""That a stream is still there, told its reader where nothing else is."""

import asyncio
from typing import Self

from rpc.events.cursor import Cursor

HEARTBEAT_SECONDS = 5.0
"""How long nothing may be sent."""

HEARTBEAT = b": heartbeat\r\n\r\n"


class Beat:
    """Ends a pause where nothing was sent for `seconds`. On the loop. `stop` it, or use it as a context manager.

    One timer for all the pauses of a stream: of a run there are dozens, and most take less than a millisecond.
    """

    def __init__(self, cursor: Cursor, seconds: float = HEARTBEAT_SECONDS) -> None:
        self.cursor = cursor
        self.seconds = seconds
        self.loop = asyncio.get_running_loop()
        self.sent_at = self.loop.time()
        # Whether nothing was sent for that long.
        self.due = False
        self.timer = self.loop.call_later(self.seconds, self._tick)

    def sent(self) -> None:
        """Something was."""
        self.sent_at = self.loop.time()
        self.due = False

    async def pause(self, changed: asyncio.Event) -> bool:
        """As the cursor's; whether a heartbeat is to be sent."""
        if not self.due:
            await self.cursor.pause(changed)
        if not self.due:
            return False
        self.sent()
        return True

    def stop(self) -> None:
        """The stream has ended."""
        self.timer.cancel()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _tick(self) -> None:
        left = self.sent_at + self.seconds - self.loop.time()
        # A clock that is read twice may stand a little before.
        if left < 0.01:
            self.due = True
            self.cursor.stir()
            left = self.seconds
        self.timer = self.loop.call_later(left, self._tick)
