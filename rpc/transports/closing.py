"""How a socket is closed whose caller is not let in (any more)."""

UNAUTHORIZED_CLOSE = 4401
"""The close code. A page is told no HTTP status of a handshake, but this."""


def close_reason(text: str) -> str:
    """A reason as a close frame can hold it: 123 bytes (RFC 6455, section 5.5)."""
    return text.encode()[:120].decode(errors="ignore")
