"""The socket that a server listens on: bound before anything is loaded, and held while its process is started again."""

import errno
import socket

from rpc.settings import Settings
from rpc.startup import StartupError

BACKLOG = 2048


def bind(settings: Settings) -> socket.socket:
    """The listening socket. Raises `StartupError`."""
    where = f"{settings.host}:{settings.port}"
    try:
        found = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
    except (OSError, UnicodeError) as error:
        raise StartupError(f"cannot listen on {where}: there is no such host") from error
    family, kind, number, _, address = found[0]
    listener = socket.socket(family, kind, number)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        hint = (
            "; stop what uses it, or choose another with --port"
            if error.errno == errno.EADDRINUSE
            else ""
        )
        reason = (error.strerror or str(error)).lower()
        raise StartupError(f"cannot listen on {where}: {reason}{hint}") from error
    listener.setblocking(False)
    return listener
