"""Foreign text as plain Markdown text: what it says is read, and nothing of it takes effect. Without I/O."""

from __future__ import annotations

import re

from .markers import in_parentheses, without_addresses
from .records import one_line

_MARKDOWN = re.compile(r"([\\`*_\[\]<>|#]|&(?=\w+;))")


def escape(text: str) -> str:
    """Foreign text as plain Markdown text: its brackets must not look like citations."""
    return _MARKDOWN.sub(r"\\\1", one_line(in_parentheses(text)))


def quoted(text: str) -> str:
    """What a source says, as plain Markdown text without addresses."""
    return escape(without_addresses(text))
