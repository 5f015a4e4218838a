"""HTTP within bounds: of a request's head and body, of the time that each may take, and of the time to read the answer.

Uvicorn's parser collects a head of any size, waits for its rest for ever, and closes a connection only when the peer has
read all that was written.
"""

import asyncio
import logging
from typing import Any, cast

import httptools
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle
from uvicorn.server import ServerState

from protocol.errors import Limit
from rpc.transports import breaking_off
from rpc.transports.edge.config import ANSWER, BODY, ENDING, HEAD, IDLE, edge_of
from rpc.transports.edge.ending import EndingTransport
from rpc.transports.edge.refusal import Refusal
from rpc.transports.edge.seats import TooMany
from rpc.transports.edge.stall import Stall, cut_off
from rpc.transports.unchunked import UnchunkedProtocol

log = logging.getLogger("stepwire.transports")

HANDSHAKE_LINE_BYTES = 8192
HANDSHAKE_HEADERS = 128
"""What the library `websockets` takes of a handshake; past it, it answers nothing that is sent."""

FRAMING = 8
"""Bytes of chunks' heads for each byte in them: a client that sends single bytes has five."""

ENDING_BYTES = 1024 * 1024
"""What a peer whose connection ends may still send."""

NAMES = {HEAD: "header", BODY: "body"}
"""What the settings call them."""

MAX_PIPELINED = 64
"""Requests that wait behind one that is being answered; HTTP lets a server leave the others to be sent again."""


class EdgeProtocol(UnchunkedProtocol):
    """HTTP/1.1 with limits. `look` is to be called now and then."""

    def __init__(
        self,
        config: Any,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.edge = edge_of(config)
        self.settings = self.edge.settings
        self.phase = HEAD
        self.since = self.loop.time()
        self.stall = Stall(self.since)
        self.url = b""
        self.headers = []
        # Of the request that is being read: all its bytes as they come, and those of its head and its body.
        self.raw_bytes = self.head_bytes = self.body_bytes = 0
        # Whether a request ended in the bytes that are being parsed.
        self.ended = False
        # What is answered once all earlier requests are; nothing is read any more.
        self.refusal: Refusal | None = None
        # What is being answered; of several requests sent at once, not the one that was read last.
        self.answering: RequestResponseCycle | None = None
        # What may still be sent in vain.
        self.spare_bytes = ENDING_BYTES

    def _enter(self, phase: str) -> None:
        self.phase = phase
        self.since = self.loop.time()

    # What comes

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        try:
            refusal = self.edge.seats.take(self.client)
        except TooMany as error:
            self.edge.told.warning("cut off: %s", error)
            self.edge.over("max_connections")
            self._cut_off()
            return
        if refusal is not None:
            self._refuse(refusal)

    def data_received(self, data: bytes) -> None:
        if self.phase is ENDING or self.refusal is not None:
            self.spare_bytes -= len(data)
            if self.spare_bytes < 0:
                self._gone()
                self.transport.abort()
            return
        self._unset_keepalive_if_required()
        if self.phase is IDLE:
            self._enter(HEAD)
        self.ended = False
        try:
            self.parser.feed_data(data)
            if not self.ended:
                self.raw_bytes += len(data)
                self._check_raw()
        except httptools.HttpParserUpgrade:
            self._upgraded()
        except httptools.HttpParserError as error:
            cause = error.__context__
            self._refuse(
                cause
                if isinstance(cause, Refusal)
                else Refusal(400, f"what was sent is no HTTP: {error}")
            )
        except Refusal as refusal:
            self._refuse(refusal)

    def _check_raw(self) -> None:
        """Bound what the parser keeps, or passes over without a word: half a line, chunks' extensions, trailers."""
        most = self.settings.max_header_bytes
        if self.phase is HEAD and self.raw_bytes > most:
            raise self._too_large(most)
        if self.raw_bytes - self.body_bytes > 2 * most + FRAMING * self.body_bytes:
            raise Refusal(
                431,
                f"the extensions and trailers of the body's chunks are over {most} bytes",
                limit=Limit("max_header_bytes", most),
            )

    def _too_large(self, most: int) -> Refusal:
        limit = Limit("max_header_bytes", most)
        if not self.headers and len(self.url) > most // 2:
            detail = f"the address is longer than a head of {most} bytes can hold"
            return Refusal(414, detail, limit=limit)
        detail = f"the request's line and headers are over {most} bytes, the limit"
        return Refusal(431, detail, limit=limit)

    def _count_head(self, size: int) -> None:
        self.head_bytes += size
        if self.head_bytes > self.settings.max_header_bytes:
            raise self._too_large(self.settings.max_header_bytes)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.raw_bytes = self.head_bytes = self.body_bytes = 0
        self._enter(HEAD)

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        self._count_head(len(url))

    def on_header(self, name: bytes, value: bytes) -> None:
        if self.phase is not HEAD:
            # A trailer: nobody here reads them, and they are no headers.
            return
        super().on_header(name, value)
        self._count_head(len(name) + len(value) + 4)

    def on_headers_complete(self) -> None:
        if len(self.pipeline) >= MAX_PIPELINED:
            raise Refusal(429, f"over {MAX_PIPELINED} requests that wait for one answer", 1000)
        self._enter(BODY)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self.body_bytes += len(body)
        super().on_body(body)
        if self.cycle.response_complete and self.body_bytes > self.settings.max_message_bytes:
            raise Refusal(413, "it was answered, and goes on sending")

    def on_message_complete(self) -> None:
        self.ended = True
        self.raw_bytes = 0
        super().on_message_complete()
        if self.phase is BODY:
            answered = self.cycle is not None and self.cycle.response_complete
            self._enter(IDLE if answered else ANSWER)

    # What goes

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        self.answering = cycle
        ending = EndingTransport(cycle.transport, self._answered)
        cycle.transport = cast("asyncio.Transport", ending)
        breaking_off.offer(cast("dict[str, Any]", cycle.scope), ending.close)
        super()._start_asgi_task(cycle, app)

    def connection_lost(self, exc: Exception | None) -> None:
        self._gone()
        self.edge.seats.leave(self.client)
        super().connection_lost(exc)

    def _cut_off(self) -> None:
        self._gone()
        cut_off(self.transport)

    def _answered(self) -> None:
        """End the connection behind an answer: its last, or one that is broken off in the middle."""
        comes = self.phase in (HEAD, BODY) or self.refusal is not None or self.flow.read_paused
        if comes or self.pipeline:
            self._end()
        else:
            self._gone()
            self.transport.close()

    def _gone(self) -> None:
        """Nobody reads what is answered: whoever answers is told, before it writes again."""
        self.pipeline.clear()
        for cycle in (self.answering, self.cycle):
            if cycle is not None and not cycle.response_complete:
                cycle.disconnected = True
                cycle.message_event.set()

    def resume_writing(self) -> None:
        self.stall.moved = True
        super().resume_writing()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.transport.is_closing():
            return
        if self.phase is ENDING:
            self._unset_keepalive_if_required()
            return
        if not self.pipeline and self.cycle.response_complete:
            if self.refusal is not None:
                self._send_refusal(self.refusal)
            elif self.phase is ANSWER:
                self._enter(IDLE)

    def _upgraded(self) -> None:
        if not self._should_upgrade():
            log.debug("a request to speak another protocol than WebSocket is answered in HTTP")
            return
        lines = [self.url, *(name + value for name, value in self.headers)]
        if (
            max(map(len, lines)) > HANDSHAKE_LINE_BYTES - 32
            or len(self.headers) > HANDSHAKE_HEADERS
        ):
            self._refuse(
                Refusal(
                    414 if len(self.url) > HANDSHAKE_LINE_BYTES - 32 else 431,
                    f"a WebSocket's handshake takes {HANDSHAKE_HEADERS} headers, "
                    f"each of up to {HANDSHAKE_LINE_BYTES - 32} bytes",
                )
            )
            return
        self.handle_websocket_upgrade()

    def _refuse(self, refusal: Refusal) -> None:
        """Answer this once what came before is answered, and take no more."""
        self.edge.told.warning("refused before it was read: %s, %s", refusal.status, refusal.detail)
        if refusal.limit is not None:
            self.edge.over(refusal.limit.name)
        if self.transport.is_closing():
            return
        self.refusal = refusal
        cycle: RequestResponseCycle | None = self.cycle
        if self.phase is BODY and cycle is not None and cycle.response_complete:
            self._end()
            return
        if self.phase is BODY and cycle is not None:
            # It is this very request's, whose handler must not wait for the rest.
            if cycle.response_started or self.pipeline:
                self._cut_off()
                return
        elif cycle is not None and not cycle.response_complete:
            return
        self._send_refusal(refusal)

    def _send_refusal(self, refusal: Refusal) -> None:
        self.transport.write(refusal.answer())
        self._end()

    def _end(self) -> None:
        """End the connection behind what was written; what the peer still sends is not read.

        Closed at once, with bytes that nobody read, it would be reset, and the peer might not get its answer.
        """
        self._gone()
        self._enter(ENDING)
        self.flow.resume_reading()
        if self.transport.can_write_eof():
            self.transport.write_eof()
        else:
            self.transport.close()

    # Time

    def look(self, now: float) -> None:
        """End what takes too long."""
        waits = self.stall.lasts(self.transport, now)
        if waits > self.settings.write_timeout_seconds:
            self.edge.told.warning("cut off: %s has read nothing for %.0f s", self._peer(), waits)
            self.edge.over("write_timeout_seconds")
            self._cut_off()
        elif self._busy():
            self.since = now
        elif now - self.since > self.edge.seconds[self.phase]:
            self._overdue()

    def _busy(self) -> bool:
        """Whether it is not the peer who has to send something."""
        if self.phase is ENDING:
            return self.stall.size > 0
        return self.phase is ANSWER or self.flow.read_paused

    def _overdue(self) -> None:
        if self.phase is ENDING:
            self._cut_off()
        elif self.phase is IDLE or (self.phase is HEAD and not self.raw_bytes):
            self.transport.close()
        elif self.refusal is None:
            seconds = self.edge.seconds[self.phase]
            self._refuse(
                Refusal(
                    408,
                    f"the request's {self.phase} was not there within {seconds:g} s",
                    limit=Limit(f"{NAMES[self.phase]}_timeout_seconds", seconds),
                )
            )

    def _peer(self) -> str:
        return "a peer" if self.client is None else self.client[0]
