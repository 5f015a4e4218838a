"""Edits that many graphs take."""

from typing import Any

from tests.public_graphs.example import Edit


def message_edit(number: int, content: str, before: str, seen: str) -> Edit:
    """Another content of one of the messages; its id stays."""

    def update(values: Any) -> Any:
        return {"messages": [values["messages"][number].model_copy(update={"content": content})]}

    return Edit(before, f"/messages/{number}/content", content, update, seen)


def value_edit(name: str, value: Any, before: str, seen: str) -> Edit:
    """Another value of a channel."""
    return Edit(before, f"/{name}", value, lambda _: {name: value}, seen)
