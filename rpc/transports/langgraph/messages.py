"""Messages as LangGraph's streams have them: of our events, and of their pieces. Decisions without I/O."""

from typing import Any

import msgspec

AI: dict[str, Any] = {"tool_calls": [], "invalid_tool_calls": [], "usage_metadata": None}


def message_of(event: dict[str, Any]) -> dict[str, Any]:
    """The message, or the piece of one, that an event has."""
    if isinstance(event["message"], dict):
        return dict(event["message"])
    role = event["role"]
    partial = event["partial"]
    made = {
        "content": event["delta"],
        "additional_kwargs": {},
        "response_metadata": {},
        "type": "AIMessageChunk" if partial and role == "ai" else role,
        "name": None,
        "id": event["message_id"],
    }
    if role == "ai":
        made |= AI
        if partial:
            made |= {"tool_call_chunks": [], "chunk_position": None}
    return made


def joined(earlier: dict[str, Any] | None, piece: dict[str, Any]) -> dict[str, Any]:
    """A message of its pieces so far, as a whole one."""
    whole = {
        name: value
        for name, value in piece.items()
        if name not in ("tool_call_chunks", "chunk_position")
    }
    if whole["type"].endswith("MessageChunk"):
        whole["type"] = whole["type"].removesuffix("MessageChunk").lower()
    else:
        return whole
    if earlier is None:
        return {**whole, "tool_call_chunks": chunks} if (chunks := _chunks(piece)) else whole
    before, now = earlier["content"], whole["content"]
    if isinstance(before, str) and isinstance(now, str):
        whole["content"] = before + now
    else:
        whole["content"] = [*_blocks(before), *_blocks(now)]
    for name in ("additional_kwargs", "response_metadata"):
        whole[name] = {**earlier.get(name, {}), **(whole.get(name) or {})}
    whole["usage_metadata"] = whole.get("usage_metadata") or earlier.get("usage_metadata")
    calls = {one.get("index"): dict(one) for one in earlier.get("tool_call_chunks", ())}
    for one in _chunks(piece):
        known = calls.setdefault(one.get("index"), {"index": one.get("index"), "args": ""})
        known["args"] = (known.get("args") or "") + (one.get("args") or "")
        for name in ("name", "id"):
            known[name] = known.get(name) or one.get(name)
    if calls:
        whole["tool_call_chunks"] = list(calls.values())
        whole["tool_calls"] = [_call(one) for one in calls.values()]
    return whole


def _chunks(piece: dict[str, Any]) -> list[dict[str, Any]]:
    return list(piece.get("tool_call_chunks") or ())


def _blocks(content: Any) -> list[Any]:
    return (
        content
        if isinstance(content, list)
        else [{"type": "text", "text": content}]
        if content
        else []
    )


def _call(one: dict[str, Any]) -> dict[str, Any]:
    text = one.get("args") or ""
    return {
        "name": one.get("name") or "",
        "args": partial_object(text),
        "id": one.get("id"),
        "type": "tool_call",
    }


def partial_object(text: str) -> dict[str, Any]:
    """What can be read of the beginning of a JSON object."""
    closing = {"{": "}", "[": "]"}
    stack: list[str] = []
    inside = escaped = False
    # Where a value has just ended: up to there it can be closed.
    ends: list[tuple[int, str]] = []
    for index, one in enumerate(text):
        if inside:
            if escaped:
                escaped = False
            elif one == "\\":
                escaped = True
            elif one == '"':
                inside = False
        elif one == '"':
            inside = True
        elif one in closing:
            stack.append(closing[one])
            ends.append((index + 1, "".join(reversed(stack))))
        elif one in "}]" and stack:
            stack.pop()
            ends.append((index + 1, "".join(reversed(stack))))
        elif one == ",":
            ends.append((index, "".join(reversed(stack))))
    tail = ('"' if inside else "") + "".join(reversed(stack))
    for end, close in [(len(text), tail), *reversed(ends)]:
        try:
            found = msgspec.json.decode(text[:end] + close)
        except msgspec.DecodeError:
            continue
        return found if isinstance(found, dict) else {}
    return {}
