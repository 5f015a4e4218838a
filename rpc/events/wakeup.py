"""Wake-ups: who wants something of a running session commits a signal, then wakes whoever runs it.

A wake-up carries nothing and may be lost: what is wanted is stored. Here both sides are in one process; between nodes
this is what a message would do.
"""

import asyncio
from collections.abc import Callable

Heeds = Callable[[], asyncio.Task[None] | None]
"""Looks at what was signalled; the task that does, where that takes time."""


class WakeUps:
    """Callbacks by session, called on the loop."""

    def __init__(self) -> None:
        self.callbacks: dict[str, list[Heeds]] = {}

    def listen(self, session_id: str, callback: Heeds) -> None:
        """Call `callback` at each wake-up of the session."""
        self.callbacks.setdefault(session_id, []).append(callback)

    def ignore(self, session_id: str, callback: Heeds) -> None:
        """Stop calling it."""
        kept = self.callbacks.get(session_id, [])
        kept.remove(callback)
        if not kept:
            self.callbacks.pop(session_id, None)

    def wake(self, session_id: str) -> list[asyncio.Task[None]]:
        """Whoever runs the session looks at its signals; the tasks that do."""
        found = [callback() for callback in list(self.callbacks.get(session_id, ()))]
        return [task for task in found if task is not None]
