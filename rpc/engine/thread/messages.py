"""Messages that a client gives: in LangChain's short form, or as they were shown."""

from collections.abc import Sequence
from typing import Any, get_args
from uuid import uuid4

import pydantic
from langchain_core.messages import AnyMessage, BaseMessage, RemoveMessage, convert_to_messages


def holds_messages(hint: Any) -> bool:
    """Whether a type is LangChain's messages, or one made of them: a list, a union, `Annotated`."""
    if isinstance(hint, type) and issubclass(hint, BaseMessage):
        return True
    return any(holds_messages(one) for one in get_args(hint))


_shown: pydantic.TypeAdapter[Any] = pydantic.TypeAdapter(AnyMessage)


def as_shown(value: Any) -> Any:
    """Messages in the form in which they are shown, at the top or in a list, as messages with all that they had.

    What has a `role` is LangChain's short form, and stays: reducers take it. Raises `pydantic.ValidationError`.
    """
    if isinstance(value, list):
        return [as_shown(one) for one in value]
    if not (
        isinstance(value, dict) and "role" not in value and {"type", "content"} <= value.keys()
    ):
        return value
    if value["type"] == "remove":
        return RemoveMessage(id=str(value.get("id")))
    return _shown.validate_python(value)


def as_messages(value: Any) -> Any:
    """Messages in any form as messages with ids, for where no reducer makes them. Raises as LangChain does."""
    single = not isinstance(value, list)
    found: Sequence[BaseMessage] = convert_to_messages([value] if single else value)
    for one in found:
        one.id = one.id or str(uuid4())
    return found[0] if single else list(found)
