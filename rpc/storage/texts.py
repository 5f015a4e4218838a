"""What a session's queries said, as a search finds it."""

from collections.abc import Sequence
from typing import Any

import msgspec

TEXT_CHARACTERS = 2000
"""Of a long query so many are searched."""
ALL_CHARACTERS = 20_000
"""And so many of all queries of a session, the newest first."""


def texts_of(asked: Sequence[tuple[str | None, Any]]) -> str:
    """The texts of queries, the newest first: each a text, or an input whose texts count."""
    return "\n".join(
        (_said(value) if query is None else query)[:TEXT_CHARACTERS] for query, value in asked
    )[:ALL_CHARACTERS]


def texts_with(query: str | None, value: Any, earlier: str | None) -> str:
    """The same with one more query."""
    newest = texts_of([(query, value)])
    return newest if not earlier else f"{newest}\n{earlier}"[:ALL_CHARACTERS]


def _said(value: Any) -> str:
    """The texts in an input; its numbers too."""
    said: list[str] = []
    todo = [value]
    while todo and sum(map(len, said)) < TEXT_CHARACTERS:
        one = todo.pop()
        match one:
            case str():
                said.append(one)
            case dict():
                todo += reversed(list(one.values()))
            case list():
                todo += reversed(one)
            case None | bool():
                pass
            case _:
                said.append(msgspec.json.encode(one).decode())
    return " ".join(said)
