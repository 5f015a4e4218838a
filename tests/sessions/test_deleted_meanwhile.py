"""A session that is deleted between two reads of it, as another node may do. A user would lose: the event that says so."""

import pytest

from protocol.errors import SESSION_NOT_FOUND, ProtocolError
from tests.support import small_graphs
from tests.support.in_process import Serve
from tests.support.peer import peer


async def test_it_is_not_found_and_no_fault_of_the_server(serve: Serve) -> None:
    """Whoever streams it goes on, to be told; a fault would end the stream."""
    async with serve(small_graphs.greeter) as server, peer(server.url) as one:
        session_id = (await one.run("you")).session_id
        sessions = server.core.sessions
        record = await sessions.record(session_id)
        await one.call("session.delete", session_id=session_id)
        with pytest.raises(ProtocolError) as raised:
            await sessions.run(record)
    assert raised.value.error is SESSION_NOT_FOUND
