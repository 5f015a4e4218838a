"""Many text frames in one write: what a stream of small events costs is the work a frame, not its bytes.

ASGI sends one message at a time, and uvicorn makes a frame object of each, serialises it, and writes it by
itself. Events are bytes already, and the head of a server's frame is two to ten bytes (RFC 6455, section
5.2: a server does not mask). So Stepwire's own server announces an ASGI extension
(https://asgi.readthedocs.io/en/latest/extensions.html), and a connection that sees it in its scope may send
`{"type": "websocket.send", TEXTS: [bytes, …]}`. Under another server there is no such extension, and every
frame is a message of its own.
"""

import logging
from collections.abc import Sequence
from typing import Any

from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.protocol import OPEN

log = logging.getLogger("stepwire.transports")

TEXTS = "stepwire.texts"
"""The extension's name in the scope, and in a message the key of its frames."""


def text_frames(texts: Sequence[bytes]) -> bytes:
    """Unmasked text frames, each a whole message. `texts`: UTF-8."""
    parts: list[bytes] = []
    for text in texts:
        size = len(text)
        if size < 126:
            parts.append(b"\x81%c" % size)
        elif size < 65536:
            parts.append(b"\x81\x7e" + size.to_bytes(2, "big"))
        else:
            parts.append(b"\x81\x7f" + size.to_bytes(8, "big"))
        parts.append(text)
    return b"".join(parts)


class FramesProtocol(WebSocketsSansIOProtocol):
    """Uvicorn's WebSocket, which also takes messages of many texts. It waits for a slow reader as ever."""

    async def run_asgi(self) -> None:
        self.scope["extensions"][TEXTS] = {}
        await super().run_asgi()

    def send_receive_event_to_app(self) -> None:
        if self.close_sent or self.curr_msg_data_type != "text":
            super().send_receive_event_to_app()
            return
        data = b"".join(self.frames)
        self.frames = []
        try:
            text = data.decode()
        except UnicodeDecodeError as error:
            if self.conn.state is not OPEN:
                # It came together with the client's own close.
                return
            # Uvicorn logs a traceback of its own: what a client sends is no fault of the server.
            log.info("a text frame is not UTF-8 (%s): closed with 1007", error.reason)
            self.conn.send_close(1007, "text is not UTF-8")
            self.handle_parser_exception()
            return
        self.queue.put_nowait({"type": "websocket.receive", "text": text})
        if not self.read_paused:
            self.read_paused = True
            self.transport.pause_reading()

    async def _denied(self, message: Any) -> None:
        """Refuse the handshake. Uvicorn takes one that is refused with a body for one that was forgotten."""
        await super().send(message)
        if message["type"] == "websocket.http.response.body" and not message.get("more_body"):
            self.handshake_complete = True

    async def send(self, message: Any) -> None:
        texts = message.get(TEXTS)
        if texts is None:
            if message["type"].startswith("websocket.http.response"):
                await self._denied(message)
            else:
                await super().send(message)
            return
        await self.writable.wait()
        if self.disconnected or self.conn.state is not OPEN:
            raise ClientDisconnected
        if self.conn.extensions:
            # Compressed, as was agreed upon: the frames are not the texts' bytes.
            for text in texts:
                self.conn.send_text(text)
            data = b"".join(self.conn.data_to_send())
        else:
            data = text_frames(texts)
        self.transport.write(data)
