"""How a caller says who that is: the schemes of OpenAPI and AsyncAPI, and what `/v1/session` takes and gives."""

from typing import Annotated, Any

from msgspec import Meta

from protocol.values import Message, Result

SESSION_PATH = "/v1/session"
COOKIE = "stepwire_token"


class BeginSession(Message, frozen=True):
    """A token to be put into a cookie. It may be left out where a header has it."""

    token: Annotated[
        str | None,
        Meta(description="The token; else that of `Authorization` or `x-api-key`."),
    ] = None


class BrowserSession(Result, frozen=True):
    """For whom the cookie speaks."""

    owner: Annotated[str, Meta(description="Whose sessions are theirs.", examples=["alice"])]
    scopes: Annotated[list[str], Meta(description="What they may do.", examples=[["read", "run"]])]
    expires_at: Annotated[
        float | None,
        Meta(description="When the token ends, in seconds since 1970; null for never."),
    ]


SCHEMES: dict[str, dict[str, Any]] = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "A token of `stepwire token create`, or a JWT where the server takes them: `Authorization: Bearer <token>`.",
    },
    "apiKey": {
        "type": "apiKey",
        "in": "header",
        "name": "x-api-key",
        "description": "The same token, in the header that LangGraph's SDKs send.",
    },
    "cookie": {
        "type": "apiKey",
        "in": "cookie",
        "name": COOKIE,
        "description": (
            f"The same token, in the cookie that `POST {SESSION_PATH}` sets: for `EventSource`. It counts for requests of pages "
            "of the server's own origin."
        ),
    },
}
"""As OpenAPI names them."""


def _of(scheme: str) -> dict[str, list[str]]:
    return {scheme: []}


REQUIREMENTS: list[dict[str, list[str]]] = [*(_of(name) for name in SCHEMES), {}]
"""Any of them; or none, on a server that asks nobody who they are."""

SUBPROTOCOL: dict[str, Any] = {
    "type": "httpApiKey",
    "in": "header",
    "name": "Sec-WebSocket-Protocol",
    "description": (
        "The same token as a subprotocol beside `stepwire.v1`, which is the one that is selected: "
        "`stepwire.v1, stepwire.bearer.<token>`. For browsers, whose sockets take no headers."
    ),
}


def of_a_socket() -> dict[str, dict[str, Any]]:
    """The schemes of a WebSocket's handshake, as AsyncAPI names them."""
    found = {
        name: one if one["type"] == "http" else one | {"type": "httpApiKey"}
        for name, one in SCHEMES.items()
    }
    return found | {"subprotocol": SUBPROTOCOL}
