"""What is set in one event loop and waited for in another: a test's, and that of its graph's nodes."""

import asyncio


class Event:
    """As `asyncio.Event`, for any loops and threads."""

    def __init__(self) -> None:
        self.is_there = False
        self.waiting: list[asyncio.Future[None]] = []

    def is_set(self) -> bool:
        return self.is_there

    def set(self) -> None:
        self.is_there = True
        for future in self.waiting:
            future.get_loop().call_soon_threadsafe(_release, future)

    async def wait(self) -> None:
        future = asyncio.get_running_loop().create_future()
        # First known, then looked: `set` misses nobody.
        self.waiting.append(future)
        if not self.is_there:
            await future


def _release(future: "asyncio.Future[None]") -> None:
    if not future.done():
        future.set_result(None)
