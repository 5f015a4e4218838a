"""A message as the agent streaming protocol has it: blocks that begin, grow and end. Decisions without I/O."""

from typing import Any

from rpc.transports.langgraph.messages import partial_object


def reasoning_of(content: Any) -> str:
    """What a model thought, in the content of a message or of a piece of one: in blocks, however its provider calls them."""
    if not isinstance(content, list):
        return ""
    found = [
        one.get("reasoning") or one.get("thinking")
        for one in content
        if isinstance(one, dict) and one.get("type") in ("reasoning", "thinking")
    ]
    return "".join(one for one in found if isinstance(one, str))


class Saying:
    """A message that is being said: its blocks so far."""

    def __init__(self, place: str, path: str) -> None:
        self.place = place
        self.path = path
        self.text: str | None = None
        self.calls: dict[Any, dict[str, Any]] = {}
        # The position of each block, by what it is of.
        self.places: dict[Any, int] = {}
        self.reasoning = ""
        self.usage: Any = None

    def take(self, text: str, piece: dict[str, Any]) -> list[dict[str, Any]]:
        """Another piece."""
        made: list[dict[str, Any]] = []
        if thought := reasoning_of(piece.get("content")):
            if not self.reasoning:
                made.append(self._start("reasoning", {"type": "reasoning", "reasoning": ""}))
            self.reasoning += thought
            made.append(self._delta("reasoning", {"type": "reasoning-delta", "reasoning": thought}))
        if text:
            if self.text is None:
                self.text = ""
                made.append(self._start("text", {"type": "text", "text": ""}))
            self.text += text
            delta = {"type": "text-delta", "text": text}
            made.append(self._delta("text", delta))
        for call in piece.get("tool_call_chunks") or piece.get("tool_calls") or ():
            key = call.get("index", call.get("id"))
            args = call.get("args") or ""
            if key not in self.calls:
                known = {"id": call.get("id"), "name": call.get("name"), "args": ""}
                self.calls[key] = known
                made.append(self._start(key, {"type": "tool_call_chunk", **known}))
            if isinstance(args, dict):
                self.calls[key]["args"] = args
            elif args:
                self.calls[key]["args"] += args
                made.append(self._delta(key, {"type": "tool-call-delta", "args": args}))
        self.usage = piece.get("usage_metadata") or self.usage
        return made

    def _start(self, key: Any, content: dict[str, Any]) -> dict[str, Any]:
        self.places[key] = len(self.places)
        return {"event": "content-block-start", "index": self.places[key], "content": content}

    def _delta(self, key: Any, delta: dict[str, Any]) -> dict[str, Any]:
        return {"event": "content-block-delta", "index": self.places[key], "delta": delta}

    def finish(self, cut: str | None = None) -> list[dict[str, Any]]:
        """Its end. `cut`: why it is none, where what said it was ended in the middle: no state has it then."""
        if cut is not None:
            return [{"event": "error", "message": cut, "code": "aborted"}]
        made: list[dict[str, Any]] = []
        for key, index in self.places.items():
            if key == "text":
                content: dict[str, Any] = {"type": "text", "text": self.text}
            elif key == "reasoning":
                content = {"type": "reasoning", "reasoning": self.reasoning}
            else:
                call = self.calls[key]
                args = call["args"]
                whole = args if isinstance(args, dict) else partial_object(args)
                content = {"type": "tool_call", **call, "args": whole}
            made.append({"event": "content-block-finish", "index": index, "content": content})
        end: dict[str, Any] = {"event": "message-finish"}
        if self.usage:
            end["usage"] = self.usage
        return [*made, end]
