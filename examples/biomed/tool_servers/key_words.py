"""A query in PubMed's syntax as plain words, for a tool that takes those. Without I/O."""

from __future__ import annotations

import re


def key_words(query: str, either: str = "") -> list[str]:
    """A query in PubMed's syntax as plain words: of each group the first, or all with ``either``."""
    plain = re.sub(r"\[[^\]]*\]", "", query)
    words = []
    for group in _apart(plain, " AND "):
        wanted = _apart(group, " NOT ")[0]
        alternatives = [one.strip(' "()*') for one in _apart(_bare(wanted), " OR ")]
        # One in operators of its own is no name.
        alternatives = [one for one in alternatives if one and " AND " not in one]
        if alternatives:
            words.append(either.join(alternatives) if either else alternatives[0])
    return words


def _apart(text: str, operator: str) -> list[str]:
    """The parts between an operator, outside of brackets and quotes."""
    parts, depth, start, quoted = [], 0, 0, False
    for place, letter in enumerate(text):
        if letter == '"':
            quoted = not quoted
        elif not quoted:
            depth += (letter == "(") - (letter == ")")
            if depth == 0 and text.startswith(operator, place) and place >= start:
                parts.append(text[start:place])
                start = place + len(operator)
    return [*parts, text[start:]]


def _bare(text: str) -> str:
    """A group without the brackets that are around all of it."""
    text = text.strip()
    while text.startswith("(") and text.endswith(")") and not _closes_before_its_end(text):
        text = text[1:-1].strip()
    return text


def _closes_before_its_end(text: str) -> bool:
    depth = 0
    for place, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if depth == 0:
            return place < len(text) - 1
    return True
