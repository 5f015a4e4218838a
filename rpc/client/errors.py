"""What can go wrong with a call or a subscription."""

from typing import Any


class ClientError(Exception):
    """The base of the client's errors."""


class RpcError(ClientError):
    """The server's answer to a call was an error object (JSON-RPC 2.0, section 5.1).

    `code`, `message`, `data`: as received. `type`: the error's name in the protocol's table, or ''.
    `detail`: the server's words for a person, or ''. `path`: the field of the params that was wrong, or None.
    """

    def __init__(self, code: int, message: str, data: Any = None) -> None:
        self.code = code
        self.message = message
        self.data = data
        fields = data if isinstance(data, dict) else {}
        self.type = str(fields.get("type", ""))
        self.detail = str(fields.get("detail", ""))
        self.path: str | None = fields.get("path")
        super().__init__(f"{message}: {self.detail}" if self.detail else message)


class ConnectionLost(ClientError):
    """The connection broke and could not be had again, or broke under a call that is not safe to repeat."""


class SessionDeleted(ClientError):
    """Somebody deleted the session: no event of it will come."""


class CannotConnect(ConnectionLost):
    """No connection could be made at all; the message names the URL."""
