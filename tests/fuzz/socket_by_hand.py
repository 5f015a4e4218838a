"""A WebSocket of which single frames are sent by hand, right or wrong; what comes back is checked."""

import json
import socket
from contextlib import suppress
from itertools import count
from typing import Any

from websockets.client import ClientProtocol
from websockets.frames import Frame, Opcode
from websockets.uri import parse_uri

from protocol.errors import ERRORS, INTERNAL_ERROR

SECONDS = 60.0
OWN_IDS = 1000
CODES = {error.code for error in ERRORS}
RIGHT_CLOSES = {None, 1000, 1002, 1003, 1007, 1009}
"""With what a server may close what is broken; 1011 would be its own fault."""


class HandSocket:
    """An open connection. `answers`: by id, each as it came."""

    def __init__(self, url: str, port: int) -> None:
        self.raw = socket.create_connection(("127.0.0.1", port), timeout=SECONDS)
        self.protocol = ClientProtocol(parse_uri(url), max_size=None)
        self.protocol.send_request(self.protocol.connect())
        self._flush()
        self.answers: dict[Any, Any] = {}
        # Apart from those that odd texts have.
        self.ids = count(OWN_IDS)
        self.sent_close = False
        self.message = b""
        while self.protocol.state.name == "CONNECTING":
            self._read()

    @property
    def open(self) -> bool:
        return self.protocol.state.name == "OPEN" and not self.protocol.eof_sent

    def _flush(self) -> None:
        for data in self.protocol.data_to_send():
            if data:
                self.raw.sendall(data)

    def frame(
        self,
        opcode: int,
        data: bytes,
        fin: bool = True,
        mask: bool = True,
        rsv: bool = False,
    ) -> None:
        """Send one frame, whatever it is."""
        self.sent_close = self.sent_close or opcode == Opcode.CLOSE
        self.bytes(_frame(opcode, data, fin, mask, rsv))

    def bytes(self, data: bytes) -> None:
        """Send bytes past the protocol."""
        try:
            self.raw.sendall(data)
        except OSError:
            self._read()

    def _read(self) -> None:
        """Take what comes next. Raises `AssertionError` where that is not as it must be."""
        try:
            data = self.raw.recv(1 << 16)
        except TimeoutError:
            raise AssertionError(f"no answer in {SECONDS} s") from None
        except OSError:
            data = b""
        if data:
            self.protocol.receive_data(data)
        else:
            self.protocol.receive_eof()
        for event in self.protocol.events_received():
            if isinstance(event, Frame):
                self._take(event)
        with suppress(OSError):
            self._flush()

    def _take(self, frame: Frame) -> None:
        if frame.opcode is Opcode.CLOSE:
            code = int.from_bytes(frame.data[:2], "big") if len(frame.data) > 1 else None
            # A client's own close comes back with its code.
            assert self.sent_close or code in RIGHT_CLOSES, (
                f"closed with {code}: {bytes(frame.data[2:])!r}"
            )
        if frame.opcode not in (Opcode.TEXT, Opcode.CONT):
            return
        self.message += frame.data
        if not frame.fin:
            return
        text, self.message = self.message, b""
        check_text(text.decode())
        found = json.loads(text)
        for one in found if isinstance(found, list) else [found]:
            if "method" in one:
                continue
            check_answer(one)
            if isinstance(one["id"], int | str):
                own = isinstance(one["id"], int) and one["id"] >= OWN_IDS
                assert not own or one["id"] not in self.answers, "twice"
                self.answers[one["id"]] = one

    def until(self, ids: list[int]) -> None:
        """Read until all of these are answered, or the connection is closed."""
        while self.open and not self.answers.keys() >= set(ids):
            self._read()

    def close(self) -> None:
        self.raw.close()


def _frame(opcode: int, data: bytes, fin: bool, mask: bool, rsv: bool) -> bytes:
    head = bytes([(fin << 7) | (rsv << 6) | opcode])
    length = len(data)
    bit = 0x80 if mask else 0
    if length < 126:
        head += bytes([bit | length])
    elif length < 1 << 16:
        head += bytes([bit | 126]) + length.to_bytes(2, "big")
    else:
        head += bytes([bit | 127]) + length.to_bytes(8, "big")
    # A mask of zeros leaves the data as it is.
    return head + (bytes(4) if mask else b"") + data


def check_text(text: str) -> None:
    """Nothing of a server's inside is on the wire."""
    assert "Traceback (most recent call last)" not in text, text
    assert "site-packages" not in text, text


def check_answer(answer: dict[str, Any]) -> None:
    """An answer is a result, or an error of the table that is not the server's own fault."""
    error = answer.get("error")
    if error is not None:
        assert error["code"] in CODES, answer
        assert error["code"] != INTERNAL_ERROR.code, answer
        assert error["data"]["detail"], answer
