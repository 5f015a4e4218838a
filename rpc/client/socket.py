"""Opening the WebSocket, once or until it succeeds."""

import asyncio
import http.client
import logging
import os
import random
from http import HTTPStatus
from urllib.parse import urlsplit, urlunsplit

from websockets.asyncio.client import ClientConnection
from websockets.asyncio.client import connect as open_websocket
from websockets.exceptions import InvalidHandshake, InvalidStatus, InvalidURI

from rpc.client.errors import CannotConnect
from rpc.client.options import Options

FIRST_DELAY_SECONDS = 0.1
LONGEST_DELAY_SECONDS = 5.0

logger = logging.getLogger("stepwire.client")


def socket_url(url: str) -> str:
    """The WebSocket's address, of any a person may give: `http://` or `ws://`, with or without `/rpc`.

    A path of a `ws://` address is taken as it is.
    """
    parts = urlsplit(url)
    scheme = {"http": "ws", "https": "wss"}.get(parts.scheme, parts.scheme)
    path = parts.path
    if parts.netloc and (
        path in ("", "/") or (scheme != parts.scheme and not path.endswith("/rpc"))
    ):
        path = f"{path.rstrip('/')}/rpc"
    return urlunsplit(parts._replace(scheme=scheme, path=path))


async def open_socket(url: str, options: Options) -> ClientConnection:
    """One attempt. Raises `CannotConnect`."""
    loopback = urlsplit(url).hostname in ("127.0.0.1", "::1", "localhost")
    try:
        return await open_websocket(
            url,
            additional_headers=dict(options.headers),
            compression=None,
            open_timeout=options.open_timeout,
            close_timeout=options.close_timeout,
            max_size=options.max_message_bytes,
            proxy=None if loopback else True,
        )
    except InvalidStatus as error:
        raise Refused(url, error.response.status_code) from error
    except InvalidURI as error:
        raise CannotConnect(f"{url} is not a WebSocket URL: ws://host:port/rpc") from error
    except InvalidHandshake as error:
        raise CannotConnect(f"{url} is not a WebSocket server: {error}") from error
    except TimeoutError as error:
        raise CannotConnect(f"no answer from {url} in {options.open_timeout:g} s") from error
    except OSError as error:
        # asyncio's own text names the call, not the reason.
        reason = os.strerror(error.errno).lower() if error.errno else str(error)
        raise CannotConnect(f"cannot connect to {url}: {reason}") from error


class Refused(CannotConnect):
    """The server answered the handshake with an HTTP error."""

    def __init__(self, url: str, status: int) -> None:
        phrase = http.client.responses.get(status, "")
        super().__init__(f"{url} answered {status} {phrase}".rstrip())
        self.status = status

    @property
    def final(self) -> bool:
        """Whether trying again is of no use: credentials or origin were refused."""
        return self.status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)


async def reopen_socket(url: str, options: Options) -> ClientConnection:
    """Attempts with exponentially growing, random pauses. Raises the last `CannotConnect` at the deadline."""
    loop = asyncio.get_running_loop()
    patience = options.reconnect_seconds
    deadline = None if patience is None else loop.time() + patience
    delay = FIRST_DELAY_SECONDS
    while True:
        pause = random.uniform(0, delay)
        if deadline is not None:
            pause = min(pause, max(0.0, deadline - loop.time()))
        await asyncio.sleep(pause)
        try:
            return await open_socket(url, options)
        except CannotConnect as error:
            if isinstance(error, Refused) and error.final:
                raise
            if deadline is not None and loop.time() >= deadline:
                raise
            logger.info("%s; trying again", error)
        delay = min(delay * 2, LONGEST_DELAY_SECONDS)
