"""The way to the session: a server of the adapter's own, or one that is there; who calls; which session is meant."""

from collections.abc import Callable
from pathlib import Path

from rpc.client.token import checked
from rpc.dap.connection import Body, DapError
from rpc.dap.debuggee import Debuggee
from rpc.dap.launching import Server

OnConnection = Callable[[str | None], None]
"""Told why the connection to the server broke, and None when it is there again."""


def starts(given: Body, *, launch: bool) -> bool:
    """Whether a query is started; else a session is joined."""
    return launch or "query" in given or "input" in given


async def own(server: Server, given: Body, on_connection: OnConnection) -> Debuggee:
    """At the server that was launched. Raises `ClientError`, `DapError`."""
    opened = Debuggee.opened(
        server.url, given.get("graph"), None, None, on_connection=on_connection
    )
    return await server.while_alive(opened)


async def there(given: Body, on_connection: OnConnection) -> tuple[Debuggee, str | None]:
    """At the server that `attach` names, and the session to join: None where a query is started.

    Raises `ClientError`, `DapError`.
    """
    url, token = str(given["url"]), _token(given)
    session_id, seconds = given.get("sessionId"), given.get("reconnectSeconds")
    starting = starts(given, launch=False)
    if session_id is None and not starting:
        debuggee = await Debuggee.opened(url, given.get("graph"), None, token, seconds)
        try:
            session_id = await debuggee.newest()
        finally:
            await debuggee.close()
    debuggee = await Debuggee.opened(
        url, given.get("graph"), session_id, token, seconds, on_connection
    )
    return debuggee, None if starting else session_id


def _token(given: Body) -> str | None:
    """What `attach` says of who calls: None where the environment says it. Raises `DapError`, which does not show it."""
    token, file = given.get("token"), given.get("tokenFile")
    if file is not None:
        try:
            token = Path(str(file)).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise DapError(f"`tokenFile` cannot be read: {error}") from error
    if token is None or not str(token).strip():
        return None
    try:
        return checked(str(token))
    except ValueError as error:
        raise DapError(f"{'`token`' if file is None else file}: {error}") from error
