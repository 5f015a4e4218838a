"""Waiting for what tells nobody: a condition looked at on every turn of the loop, with a deadline."""

from collections.abc import Callable

from tests.support.polling import until_true


async def until(condition: Callable[[], object], seconds: float = 60.0) -> None:
    """Return when it holds. Raises `TimeoutError`, which says what never did."""
    await until_true(condition, seconds, 0)
