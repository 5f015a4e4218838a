"""What can go wrong with a source, as a closed set of kinds."""

from __future__ import annotations

import re
from typing import Literal, get_args

Kind = Literal[
    "unreachable",
    "timeout",
    "rate_limited",
    "http_error",
    "bad_data",
    "not_found",
    "invalid_request",
    "not_configured",
    "tool_error",
]

KINDS: frozenset[str] = frozenset(get_args(Kind))

_TAGGED = re.compile(r"\[(?P<kind>[a-z_]+)\] (?P<message>.*)", re.DOTALL)
_ADVICE: dict[str, str] = {
    "unreachable": "could not be reached",
    "timeout": "did not answer in time",
    "rate_limited": "refused more requests for now",
    "http_error": "answered with an error",
    "bad_data": "answered with something unreadable",
    "not_found": "has no such record",
    "invalid_request": "did not accept the request",
    "not_configured": "is not configured",
    "tool_error": "failed",
}


class SourceError(Exception):
    """A source did not give a usable answer.

    The text form is ``[kind] message``: it survives the way through an MCP tool error, whose
    only payload is text, and :func:`from_text` reads it back.
    """

    def __init__(self, kind: Kind, message: str, *, retry_after_s: float | None = None) -> None:
        super().__init__(f"[{kind}] {message}")
        self.kind: Kind = kind
        self.message = message
        self.retry_after_s = retry_after_s
        self.failed: dict[str, str] | None = None
        """The configured MCP server that was asked first: ``server``, ``kind``, ``message``."""


def from_text(text: str) -> SourceError:
    """Read a tool's error text back; kind ``tool_error`` where it has no tag."""
    match = _TAGGED.search(text)
    if match and match["kind"] in KINDS:
        kind: Kind = match["kind"]  # type: ignore[assignment]
        return SourceError(kind, match["message"].strip())
    return SourceError("tool_error", " ".join(text.split())[:300] or "no reason given")


def describe(kind: str) -> str:
    """A kind as the words that follow a source's name: ``PubMed`` + ``could not be reached``."""
    return _ADVICE.get(kind, _ADVICE["tool_error"])
