"""What holds of the times for which memories are kept, on each database. A user would lose: what somebody still reads, or room."""

from collections.abc import Awaitable, Callable
from itertools import product
from typing import Any

from rpc.engine.langgraph.memory_store import Shared, memory_of

SHORT, LONG = 600.0, 1800.0
"""Seconds that are left to a memory that was not renewed, and to one that was: far apart, however slow the machine is."""


async def check_reading_renews(
    memory: Shared,
    age: Callable[[Shared], Awaitable[None]],
    left: Callable[[Shared], Awaitable[float]],
) -> None:
    """A reader's own word holds, else what is set. `age`: leaves all that expires `SHORT`; `left`: how many seconds the one memory has."""
    others = memory.others
    assert others is not None
    memory.most_bytes = lambda owner: 10_000 if owner == "bob" else 0
    parts: list[tuple[Any, Shared]] = [(memory_of(memory, "ada"), others), (memory, memory)]
    for on_read, asked in product((True, False), (None, True, False)):
        memory.expiring(60, on_read=on_read)
        # Each owner's part is made when it is asked for.
        parts[0] = (memory_of(memory, "ada"), others)
        for part, home in [*parts, (memory_of(memory, "bob"), others)]:
            for search in (True, False):
                await part.aput(("notes",), "k", {"n": 1}, ttl=LONG / 60)
                await age(home)
                if search:
                    found = await part.asearch(("notes",), refresh_ttl=asked)
                    assert [one.value for one in found] == [{"n": 1}]
                else:
                    one = await part.aget(("notes",), "k", refresh_ttl=asked)
                    assert one.value == {"n": 1}
                renewed = on_read if asked is None else asked
                has = await left(home)
                assert (has > (SHORT + LONG) / 2) == renewed, (on_read, asked, search, has)
                await part.adelete(("notes",), "k")


async def check_parts_of_minutes(
    memory: Shared, minutes: Callable[[Shared], Awaitable[float]]
) -> None:
    """What is kept for seconds is renewed for as many. `minutes`: those that the one memory is kept for."""
    for given in (0.4, 90.5, 2):
        await memory.aput(("notes",), "k", {"n": 1}, ttl=given)
        assert await minutes(memory) == given
    memory.expiring(0.25, on_read=True)
    await memory.aput(("notes",), "k", {"n": 1})
    assert await minutes(memory) == 0.25
