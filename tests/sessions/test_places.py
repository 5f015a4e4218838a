"""A place among a session's events that the server has told is one that a client can go on from."""

import time
from typing import TypedDict

from protocol.events import Progress
from rpc.storage.units import Unit
from tests.support.in_process import Serve
from tests.support.peer import peer
from tests.support.small_graphs import chain

SESSIONS = 5


class Said(TypedDict, total=False):
    query: str


async def say(state: Said) -> Said:
    """Ends at once."""
    return {}


async def test_what_is_committed_is_a_place_before_it_was_shown(serve: Serve) -> None:
    """A session's record tells of its last event as soon as it is stored, and before the readers of its events are woken."""
    async with serve(chain(say, state=Said)) as server, peer(server.url) as one:
        for _ in range(SESSIONS):
            story = await one.run(query="x")
            sessions, session_id = server.core.sessions, story.session_id
            before = (await sessions.record(session_id)).seq
            draft = sessions.events.emitter(session_id, None).draft(Progress({"n": 1}))
            # Somebody reads it meanwhile, so that its events are in memory.
            async with await sessions.cursor(session_id, before) as reader:
                entry = sessions.events.put(Unit(session_id, [draft]))
                deadline = time.monotonic() + 60
                # The loop, which shows what is committed, is held until it is.
                while not entry.decided and time.monotonic() < deadline:
                    time.sleep(0.001)  # noqa: ASYNC251
                place = (await sessions.record(session_id)).seq
                assert place == before + 1
                assert reader.last_seq == before
                async with await sessions.cursor(session_id, place) as cursor:
                    assert await cursor.ready() == []
                assert len(await reader.next()) == 1
