"""Waiting for what tells nobody that it has come."""

import asyncio
from collections.abc import Callable


async def until_true(condition: Callable[[], bool], seconds: float = 60) -> None:
    """Look again and again until it holds. Raises `TimeoutError` where it never does."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.002)
