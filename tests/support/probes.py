"""What a server says of itself once it is well: where others keep the disk busy, its store may be late once."""

import asyncio
from collections.abc import Mapping

import httpx

DEADLINE_SECONDS = 60.0


async def healthy(
    http: httpx.AsyncClient, headers: Mapping[str, str] | None = None
) -> httpx.Response:
    """The first answer of `/health` that says so. Raises `TimeoutError` where none does."""
    async with asyncio.timeout(DEADLINE_SECONDS):
        while (answer := await http.get("/health", headers=headers)).status_code != 200:  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    return answer
