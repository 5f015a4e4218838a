"""How many tokens a run's chat models took, by what their messages say. A decision without I/O."""

import threading
from typing import Any

from protocol.events import MessageDelta

COUNTED = ("input_tokens", "output_tokens", "total_tokens")


class TokenCount:
    """Adds up the usage of messages. Thread-safe: nodes speak from threads of their own."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.tokens = dict.fromkeys(COUNTED, 0)
        # Messages whose pieces were counted: the whole, where a node returns it, is the same.
        self.known: set[str] = set()
        self.any = False

    def add(self, delta: MessageDelta) -> None:
        """Count a message or a piece of one."""
        usage = delta.message.get("usage_metadata") if isinstance(delta.message, dict) else None
        if not isinstance(usage, dict):
            return
        with self.lock:
            if delta.message_id is not None:
                if not delta.partial and delta.message_id in self.known:
                    return
                self.known.add(delta.message_id)
            self.any = True
            for name in COUNTED:
                self.tokens[name] += _number(usage.get(name))

    def with_earlier(self, earlier: dict[str, int] | None) -> dict[str, int] | None:
        """What was counted, and what was before; None where no message said anything."""
        with self.lock:
            if not self.any:
                return earlier
            before = earlier or {}
            return {name: self.tokens[name] + before.get(name, 0) for name in COUNTED}


def _number(value: Any) -> int:
    return value if isinstance(value, int) else 0
