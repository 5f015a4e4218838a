"""What failed at a server of tools, as the example's own error."""

from __future__ import annotations

import logging

from ..errors import SourceError, from_text

logger = logging.getLogger(__name__)


def as_source_error(error: BaseException) -> SourceError:
    """The cause of a failed call as a :class:`SourceError`, out of any exception group."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    if isinstance(error, SourceError):
        return error
    logger.debug("a tool call failed", exc_info=error)
    from langchain_core.tools import ToolException

    if isinstance(error, ToolException):
        return from_text(str(error))
    if isinstance(error, TimeoutError):
        return SourceError("timeout", "no answer within the time budget")
    return SourceError("unreachable", f"MCP server: {_brief(error)}")


def bare(error: SourceError) -> SourceError:
    """Its failure without the server's and the tool's name before it."""
    return SourceError(error.kind, error.message.split(": ", 1)[-1])


def _brief(error: BaseException) -> str:
    # The type and, for the operating system's errors, its reason: no paths, no internals.
    reason = getattr(error, "strerror", None)
    return f"{type(error).__name__}: {reason}" if reason else type(error).__name__
