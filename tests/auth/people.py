"""Callers of a server whose app says by a header who they are."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, TypeVar

from rpc.auth.principals import Principal
from tests.support.peer import Peer, peer

T = TypeVar("T")


@asynccontextmanager
async def held(manager: AbstractAsyncContextManager[T]) -> AsyncIterator[T]:
    """Entered and left in one task, also where whoever uses it is not: the fixtures of a module."""
    entered: asyncio.Future[T] = asyncio.get_running_loop().create_future()
    over = asyncio.Event()

    async def hold() -> None:
        async with manager as value:
            entered.set_result(value)
            await over.wait()

    task = asyncio.create_task(hold())
    await asyncio.wait([task, entered], return_when=asyncio.FIRST_COMPLETED)
    try:
        yield entered.result() if entered.done() else task.result()  # type: ignore[misc]
    finally:
        over.set()
        await task


async def by_header(headers: Mapping[str, str]) -> Principal | None:
    """`x-who: alice` is alice, who may do everything with what is hers; `x-may` says what else somebody may."""
    who = headers.get("x-who")
    if who is None:
        return None
    scopes = headers.get("x-may", "debug").split(",")
    return Principal(who, scopes, name=f"{who}'s", claims={"team": "red"})


def headers_of(who: str, may: str = "debug", **more: str) -> dict[str, str]:
    """What somebody sends to be known."""
    return {"x-who": who, "x-may": may, **more}


def as_peer(
    url: str, who: str, may: str = "debug", **more: str
) -> AbstractAsyncContextManager[Peer]:
    """Somebody's socket."""
    return peer(url, additional_headers=headers_of(who, may, **more))


def shown(error: Any, *ids: str) -> str:
    """An error without the ids that were asked for."""
    text = str(error)
    for one in ids:
        text = text.replace(one, "<id>")
    return text
