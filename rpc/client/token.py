"""The token by which a server knows who calls."""

import os
import re
from collections.abc import Mapping

VARIABLE = "STEPWIRE_TOKEN"

_BEARER = re.compile(r"[A-Za-z0-9._~+/=-]+", re.ASCII)
"""What may stand behind `Bearer` (RFC 6750, section 2.1): no space, and no line of another header."""


def with_token(headers: Mapping[str, str], token: str | None = None) -> dict[str, str]:
    """The headers with the token. Raises `ValueError` for what can be none."""
    found = dict(headers)
    names = {name.lower() for name in found}
    if token is None:
        if names & {"authorization", "x-api-key"}:
            return found
        token = os.environ.get(VARIABLE, "").strip()
        if not token:
            return found
    return {**found, "Authorization": f"Bearer {checked(token)}"}


def checked(token: str) -> str:
    """Raises `ValueError`, which does not show it."""
    token = token.strip()
    if not _BEARER.fullmatch(token):
        raise ValueError("a token is a line of letters, digits and - . _ ~ + / =")
    return token
