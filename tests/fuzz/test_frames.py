"""The socket, frame by frame: whatever is sent, calls are answered once, and what is broken is closed as the standard has it."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz.conftest import INPUTS, LONGEST, Fuzzed, often, seeded
from tests.fuzz.inputs import ODD_TEXTS, calls, filled
from tests.fuzz.socket_by_hand import HandSocket

FRAMES = INPUTS * 7 // 10
BURST = 10

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10

Move = tuple[str, Any]

GOING_ON = st.one_of(
    *[st.tuples(st.just("call"), calls())] * 4,
    st.tuples(st.just("batch"), st.lists(calls(), min_size=1, max_size=4)),
    *[st.tuples(st.just("text"), ODD_TEXTS.filter(lambda text: len(text) < LONGEST // 4))] * 2,
    st.tuples(st.just("pieces"), st.tuples(calls(), st.lists(st.integers(0, 40), max_size=5))),
    st.tuples(st.just("ping"), st.binary(max_size=125)),
    st.tuples(st.just("pong"), st.binary(max_size=125)),
)
"""What leaves a connection open."""

ANY = st.one_of(
    *[GOING_ON] * 3,
    st.tuples(st.just("text"), ODD_TEXTS),
    st.tuples(st.just("bytes"), st.binary(max_size=40)),
    st.tuples(st.just("binary"), st.binary(max_size=40)),
    st.tuples(st.just("broken"), st.tuples(st.integers(0, 15), st.booleans(), st.booleans())),
    st.tuples(st.just("close"), st.binary(max_size=10)),
    st.tuples(st.just("garbage"), st.binary(min_size=1, max_size=40)),
)
"""What may end it too: nobody reads what is sent behind that, so it is a burst's last."""


def send(socket: HandSocket, move: Move, session_id: str) -> list[int]:
    """Do one move; the ids of the calls that must be answered."""
    kind, what = move
    match kind:
        case "call":
            number = next(socket.ids)
            call = {**filled(what, session_id), "id": number}
            socket.frame(TEXT, json.dumps(call).encode())
            return [number]
        case "batch":
            found = [{**filled(call, session_id), "id": next(socket.ids)} for call in what]
            socket.frame(TEXT, json.dumps(found).encode())
            return [call["id"] for call in found]
        case "text":
            socket.frame(TEXT, what.encode("utf-8", "surrogatepass"))
        case "bytes":
            socket.frame(TEXT, what)
        case "binary":
            socket.frame(BINARY, what)
        case "pieces":
            call, cuts = what
            number = next(socket.ids)
            data = json.dumps({**filled(call, session_id), "id": number}).encode()
            opcode = TEXT
            for cut in cuts:
                socket.frame(opcode, data[:cut], fin=False)
                socket.frame(PING, b"between")
                opcode, data = 0, data[cut:]
            socket.frame(opcode, data)
            return [number]
        case "ping" | "pong":
            socket.frame(PING if kind == "ping" else PONG, what)
        case "broken":
            opcode, mask, rsv = what
            socket.frame(opcode, b"x" * 200, fin=False, mask=mask, rsv=rsv)
        case "close":
            socket.frame(CLOSE, what)
        case "garbage":
            socket.bytes(what)
    return []


def session(fuzzed: Fuzzed, socket: HandSocket) -> str:
    """One of the server's newest sessions, for calls that name one."""
    for answer in socket.answers.values():
        started = answer.get("result")
        if isinstance(started, dict) and "stream_url" in started:
            fuzzed.ids.append(started["session_id"])
    del fuzzed.ids[:-5]
    return fuzzed.ids[-1] if fuzzed.ids else "none"


def test_any_frames(fuzzed: Fuzzed) -> None:
    sockets: list[HandSocket] = []

    @seeded
    @often(FRAMES // BURST)
    @given(st.lists(GOING_ON, min_size=BURST - 1, max_size=BURST - 1), ANY)
    def burst(moves: list[Move], last: Move) -> None:
        if not sockets or not sockets[0].open:
            sockets[:] = [HandSocket(fuzzed.process.url, fuzzed.process.port)]
        (socket,) = sockets
        session_id = session(fuzzed, socket)
        socket.answers.clear()
        awaited: list[int] = []
        ends = False
        for kind, what in [*moves, last]:
            awaited += send(socket, (kind, what), session_id)
            ends = ends or kind in ("broken", "close", "garbage")
        if not ends:
            number = next(socket.ids)
            socket.frame(TEXT, b'{"jsonrpc":"2.0","method":"server.info","id":%d}' % number)
            awaited.append(number)
            socket.until(awaited)
            if not socket.open:
                socket.close()
        else:
            # What came before is answered, or the connection is closed: it is left either way.
            socket.until(awaited)
            socket.close()
            sockets.clear()
        fuzzed.took(BURST, FRAMES)

    burst()
    for socket in sockets:
        socket.close()
    again = HandSocket(fuzzed.process.url, fuzzed.process.port)
    again.frame(TEXT, b'{"jsonrpc":"2.0","method":"server.info","id":1}')
    again.until([1])
    assert again.answers[1]["result"]["name"] == "stepwire"
    again.close()
    fuzzed.check()
