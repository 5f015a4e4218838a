"""Callbacks that tell a text in pieces, without the secrets in it, also where one is cut over several pieces. Decisions without I/O."""

from collections.abc import Sequence
from typing import Any

from protocol.events import MessageDelta
from rpc.engine.running.deltas import Deltas


class Pieces:
    """Those of one advance. `secrets`: texts that no piece may have, the longest first."""

    def __init__(self, secrets: Sequence[str]) -> None:
        self.deltas = Deltas(secrets)
        # The last piece of each text that is being told, by what tells it.
        self.last: dict[str, dict[str, Any]] = {}

    def told(self, event: dict[str, Any]) -> list[dict[str, Any]]:
        """What is told now: the event, and before an end what was held back."""
        if not self.deltas.secrets:
            return [event]
        id = event["run_id"]
        if event["event"].endswith("_stream"):
            chunk = event["data"].get("chunk")
            text = _text(chunk)
            if text is None:
                return [event]
            piece = MessageDelta(id, text)
            shown = self.deltas.told(id, piece, last=False)
            self.last[id] = event
            return [_with(event, chunk, shown)]
        last = self.last.pop(id, None)
        if last is None:
            return [event]
        rest = [
            _with(last, last["data"]["chunk"], held.delta)
            for held in self.deltas.over(id)
            if held.delta
        ]
        return [*rest, event]


def _text(chunk: Any) -> str | None:
    """The text of a piece; None where it is none."""
    if isinstance(chunk, str):
        return chunk
    content = getattr(chunk, "content", None)
    return content if isinstance(content, str) else None


def _with(event: dict[str, Any], chunk: Any, text: str) -> dict[str, Any]:
    changed = text if isinstance(chunk, str) else chunk.model_copy(update={"content": text})
    return {**event, "data": {**event["data"], "chunk": changed}}
