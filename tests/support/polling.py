"""Waiting for what tells nobody that it has come."""

import asyncio
import inspect
from collections.abc import Callable


async def until_true(
    condition: Callable[[], object], seconds: float = 60, pause: float = 0.002
) -> None:
    """Look again and again until it holds. Raises `TimeoutError`, which says what never did.

    `pause`: seconds between two looks.
    """
    try:
        async with asyncio.timeout(seconds) as limit:
            while not condition():  # noqa: ASYNC110
                await asyncio.sleep(pause)
    except TimeoutError:
        if not limit.expired():
            raise
        raise TimeoutError(f"not within {seconds:g} s: {written(condition)}") from None


def written(condition: Callable[[], object]) -> str:
    """A condition as it stands in its file."""
    try:
        lines, _ = inspect.getsourcelines(condition)
    except (OSError, TypeError):
        return repr(condition)
    return "".join(lines).strip()
