"""The events of chat models' messages, and of pieces of them."""

from collections.abc import Sequence
from typing import Any

import msgspec
from langchain_core.messages import BaseMessage
from msgspec import UNSET

from protocol.events import MessageDelta
from rpc.engine.langgraph.place import Place
from rpc.engine.values.to_json import to_json


def message_delta(
    message: BaseMessage,
    node: str | None,
    own: Place,
    *,
    piece: bool,
    tags: Sequence[str] | None = None,
) -> MessageDelta:
    """The event that tells of a message of a node, or of a piece of one. `tags`: of the model that speaks."""
    return MessageDelta(
        message.id,
        str(to_json(str(message.text))),
        _role(message),
        node,
        own.path or None,
        piece,
        _extra(message),
        [str(one) for one in tags] if tags else UNSET,
    )


def with_text(body: MessageDelta, told: str) -> MessageDelta:
    """The same with another text, in the whole message too."""
    whole = body.message
    if isinstance(whole, dict) and isinstance(whole.get("content"), str):
        whole = {**whole, "content": told}
    return msgspec.structs.replace(body, delta=told, message=whole)


def _role(message: BaseMessage) -> str:
    kind = message.type
    return kind.removesuffix("MessageChunk").lower() if kind.endswith("Chunk") else kind


def _extra(message: BaseMessage) -> Any:
    """The whole piece where it says more than its text."""
    more = (
        "tool_call_chunks",
        "tool_calls",
        "invalid_tool_calls",
        "usage_metadata",
        "additional_kwargs",
        "name",
        "tool_call_id",
        "artifact",
    )
    # Who provides the model is in each of some models' pieces.
    metadata = message.response_metadata.keys() - {"model_provider"}
    if (
        not metadata
        and isinstance(message.content, str)
        and not any(getattr(message, name, None) for name in more)
    ):
        return None
    return to_json(message)
