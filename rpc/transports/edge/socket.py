"""A WebSocket within bounds: a message that is not sent whole, and a peer that does not read, have their time."""

import asyncio
from typing import Any

from uvicorn.server import ServerState
from websockets.frames import Frame

from rpc.transports.edge.config import BODY, edge_of
from rpc.transports.edge.stall import Stall, cut_off
from rpc.transports.jsonrpc.frames import FramesProtocol

POLICY_VIOLATION = 1008
"""The close code (RFC 6455, section 7.4.1) of a peer that takes too long."""


class EdgeSocketProtocol(FramesProtocol):
    """Uvicorn's WebSocket with limits. `look` is to be called now and then."""

    def __init__(
        self,
        config: Any,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.edge = edge_of(config)
        self.stall = Stall(self.loop.time())
        # Since when part of a message is there, and not all of it.
        self.partly: float | None = None
        # The newest answer to a ping that could not be written yet; the earlier ones need none (section 5.5.3).
        self.late_pong = b""

    def connection_lost(self, exc: Exception | None) -> None:
        # Its seat was taken when it was HTTP.
        self.edge.seats.leave(self.client)
        super().connection_lost(exc)

    # What comes

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if not (self.frames or self.conn.reader.buffer):
            self.partly = None
        elif self.partly is None:
            self.partly = self.loop.time()

    def handle_text(self, event: Frame) -> None:
        if event.fin:
            super().handle_text(event)
        else:
            self.curr_msg_data_type = "text"
            self.frames = [bytearray(event.data)]  # type: ignore[list-item]

    def handle_bytes(self, event: Frame) -> None:
        if event.fin:
            super().handle_bytes(event)
        else:
            self.curr_msg_data_type = "bytes"
            self.frames = [bytearray(event.data)]  # type: ignore[list-item]

    def handle_cont(self, event: Frame) -> None:
        # One buffer: as objects, fragments of a byte each take forty times what was sent.
        self.frames[0] += event.data
        if event.fin:
            self.send_receive_event_to_app()

    def handle_ping(self) -> None:
        if self.writable.is_set():
            super().handle_ping()
        else:
            self.late_pong = b"".join(self.conn.data_to_send())

    # What goes

    def resume_writing(self) -> None:
        self.stall.moved = True
        pong, self.late_pong = self.late_pong, b""
        if pong and not self.transport.is_closing():
            self.transport.write(pong)
        super().resume_writing()

    async def send(self, message: Any) -> None:
        # All who waited are woken at once, and the first of them may fill the buffer again.
        while not self.writable.is_set():
            await self.writable.wait()
        await super().send(message)

    # Time

    def keepalive_timeout(self) -> None:
        if self.read_paused or self.transport.get_write_buffer_size():
            # Its pong waits to be read, or our ping to be: not to be had is not gone. `look` sees who takes nothing.
            assert self.ping_timeout is not None
            self.pong_timer = self.loop.call_later(self.ping_timeout, self.keepalive_timeout)
            return
        super().keepalive_timeout()

    def look(self, now: float) -> None:
        """End what takes too long."""
        waits = self.stall.lasts(self.transport, now)
        if waits > self.edge.settings.write_timeout_seconds:
            who = "a peer" if self.client is None else self.client[0]
            self.edge.told.warning("cut off: %s has read nothing for %.0f s", who, waits)
            self.edge.over("write_timeout_seconds")
            # Whoever sends is told, before it writes again.
            self.disconnected = True
            cut_off(self.transport)
        elif self.partly is not None and self.read_paused:
            self.partly = now
        elif self.partly is not None and now - self.partly > self.edge.seconds[BODY]:
            self._late()

    def _late(self) -> None:
        if self.close_sent or self.transport.is_closing():
            self.transport.abort()
            return
        seconds = self.edge.seconds[BODY]
        reason = f"a message was not sent whole within {seconds:g} s"
        self.edge.told.warning("cut off: %s", reason)
        self.partly = None
        self.frames = []
        self.conn.fail(POLICY_VIOLATION, reason)
        self.queue.put_nowait(
            {"type": "websocket.disconnect", "code": POLICY_VIOLATION, "reason": reason}
        )
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        self.transport.close()
