"""Places that are shared fairly: who asks for much waits behind himself."""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict, deque


class Slots:
    """`count` places. A free one goes to that asker of those who wait who has fewest; of equals, to the one whose turn was longest ago.

    `each`: the most of one asker's; 0 for any number.
    """

    def __init__(self, count: int, each: int = 0) -> None:
        self.count = count
        self.each = each or count
        # How many each has, and all have.
        self.taken: Counter[str] = Counter()
        self.total = 0
        # Who waits, each one's in their order; first whose turn was longest ago.
        self.waiting: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()
        self.queued = 0

    def take(self, who: str) -> bool:
        """Take a place that is free; False where there is none for him, or others wait for it."""
        # Whoever waits beside a free place has as many as he may.
        if self.total >= self.count or self.taken[who] >= self.each:
            return False
        self.give(who)
        return True

    async def wait(self, who: str) -> None:
        """Take a place once it is one's turn. Where it is cancelled, none is taken."""
        if self.take(who):
            return
        turn = asyncio.get_running_loop().create_future()
        self.waiting.setdefault(who, deque()).append(turn)
        self.queued += 1
        try:
            await turn
        except BaseException:
            if turn.done() and not turn.cancelled():
                # It was its turn, and it is gone.
                self.release(who)
            elif turn in self.waiting.get(who, ()):
                self._leave(who, turn)
            raise

    def release(self, who: str) -> None:
        """Give a place back."""
        self.taken[who] -= 1
        if not self.taken[who]:
            del self.taken[who]
        self.total -= 1
        if who in self.waiting and self.each < self.count:
            # He had his turn, where that is what he waited for.
            self.waiting.move_to_end(who)
        self._pass_on()

    def crowded(self, who: str, limit: int) -> bool:
        """Whether too many wait for one more of this asker's. He may have as many in line as the others leave of `limit`."""
        own = self.waits(who)
        return self.queued >= limit or own + self.queued > limit

    def waits(self, who: str) -> int:
        """How many of this asker's are in line."""
        return len(self.waiting.get(who, ()))

    def _pass_on(self) -> None:
        """Give away what is free."""
        while self.total < self.count:
            following = min(
                (one for one in self.waiting if self.taken[one] < self.each),
                key=self.taken.__getitem__,
                default=None,
            )
            if following is None:
                return
            turn = self.waiting[following][0]
            self._leave(following, turn)
            if following in self.waiting:
                self.waiting.move_to_end(following)
            # One that was cancelled has not come to leave by itself yet.
            if not turn.done():
                self.give(following)
                turn.set_result(None)

    def give(self, who: str) -> None:
        """Count a place as this asker's."""
        self.taken[who] += 1
        self.total += 1

    def _leave(self, who: str, turn: asyncio.Future[None]) -> None:
        line = self.waiting[who]
        line.remove(turn)
        self.queued -= 1
        if not line:
            del self.waiting[who]
