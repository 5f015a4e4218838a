"""Looking a host's name up without anybody having to wait for the resolver.

A look-up cannot be interrupted, and a silent name server keeps it for half a minute. Event loops make theirs
in threads that the process waits for when it ends; hence one in a daemon thread, before theirs.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from concurrent.futures import Future
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

_lock = threading.Lock()
_under_way: dict[str, Future[None]] = {}
"""By host: however many ask, however often they try again, one thread waits."""


async def look_up(url: str) -> None:
    """Return once the host of ``url`` has an address. Where a proxy is set, that is the proxy's work.

    Raises:
        OSError: it has none; ``strerror`` is the resolver's reason.
    """
    parts = urlsplit(url)
    host, proxies = parts.hostname or "", getproxies()
    if not host or ((parts.scheme in proxies or "all" in proxies) and not proxy_bypass(host)):
        return
    await asyncio.wrap_future(_started(host))


def _started(host: str) -> Future[None]:
    with _lock:
        found = _under_way.get(host)
        if found is None:
            found = _under_way[host] = Future()
            # Who gives up waiting must not cancel it for the others.
            found.set_running_or_notify_cancel()
            name = f"biomed look-up of {host}"
            threading.Thread(target=_work, args=(host, found), name=name, daemon=True).start()
        return found


def _work(host: str, found: Future[None]) -> None:
    try:
        socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        failure: OSError | None = error if isinstance(error, OSError) else OSError(0, "bad name")
    else:
        failure = None
    with _lock:
        del _under_way[host]
    if failure is None:
        found.set_result(None)
    else:
        found.set_exception(failure)
