"""What a refusal says in headers: when to try again, and what would let a caller in."""

import math

from protocol.errors import ProtocolError


def retry_after(wait_ms: int | None) -> dict[str, str]:
    """The header that says when to try again (RFC 9110, section 10.2.3), in whole seconds; none for None."""
    return {} if wait_ms is None else {"retry-after": str(max(1, math.ceil(wait_ms / 1000)))}


def challenge(error: ProtocolError) -> dict[str, str]:
    """The header that says which credentials are taken (RFC 9110, section 11.6.1; RFC 6750, section 3)."""
    return {"www-authenticate": f"Bearer {error.challenge}"} if error.challenge else {}
