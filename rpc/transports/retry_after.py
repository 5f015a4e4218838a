"""When to try again, for clients that speak HTTP."""

import math


def retry_after(wait_ms: int | None) -> dict[str, str]:
    """The header that says when to try again (RFC 9110, section 10.2.3), in whole seconds; none for None."""
    return {} if wait_ms is None else {"retry-after": str(max(1, math.ceil(wait_ms / 1000)))}
