"""That a stream is there, told in time: a proxy or a client that hears nothing for a while takes it for dead."""

from pathlib import Path

from rpc.transports.langgraph.beat import Beat
from tests.events.test_log import Session, log_on, opened
from tests.support.polling import until_true


async def test_who_is_sent_nothing_of_what_happens_gets_its_heartbeats(tmp_path: Path) -> None:
    """A run in which much happens that is not asked for is as silent to its reader as one in which nothing does."""
    async with log_on(tmp_path) as log:
        session = await Session.create(log, "s")
        async with await opened(log, "s") as cursor:
            with Beat(cursor, 0.2) as beat:
                began = beat.loop.time()
                number, heard = 0, 0
                while heard < 2:
                    number += 1
                    changed = cursor.changed
                    await session.emitted(1, first=number)
                    await cursor.ready()
                    heard += await beat.pause(changed)
                assert beat.loop.time() - began >= 0.3
    assert number > 2


async def test_what_was_sent_ends_the_silence(tmp_path: Path) -> None:
    """Also where its time came while something was on its way."""
    async with log_on(tmp_path) as log:
        await Session.create(log, "s")
        async with await opened(log, "s") as cursor:
            with Beat(cursor, 0.05) as beat:
                await until_true(lambda: beat.due)
                assert await beat.pause(cursor.changed)
                assert not beat.due
                await until_true(lambda: beat.due)
                beat.sent()
                assert not beat.due
