"""Messages that a client gives: in LangChain's short form, or as they were shown."""

from collections.abc import Sequence
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin
from uuid import uuid4

import pydantic
from langchain_core.messages import AnyMessage, BaseMessage, RemoveMessage, convert_to_messages


def holds_messages(hint: Any) -> bool:
    """Whether a type is LangChain's messages, or one made of them: a list, a union, `Annotated`."""
    if isinstance(hint, type) and issubclass(hint, BaseMessage):
        return True
    return any(holds_messages(one) for one in get_args(hint))


def of_instances(hint: Any) -> Any:
    """A type with its messages as instances of their classes, whose own validators read what they are made of.

    Those of LangChain's raise what is no `ValidationError` where a union tries them on a message of another class.
    """
    if not holds_messages(hint):
        return hint
    if isinstance(hint, type) and issubclass(hint, BaseMessage):
        return Annotated[hint, _instance]
    origin, parts = get_origin(hint), get_args(hint)
    if origin is Annotated:
        inner = of_instances(parts[0])
        # What tells the classes of a union apart is of how they are read.
        return inner if _is_union(parts[0]) else Annotated[inner, *parts[1:]]
    inner = tuple(map(of_instances, parts))
    return Union[inner] if _is_union(hint) else origin[inner]  # noqa: UP007


def _is_union(hint: Any) -> bool:
    return get_origin(hint) in (Union, UnionType)


_instance: Any = pydantic.InstanceOf()  # type: ignore[type-arg]
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
