"""What a session at rest holds, read once for all that is asked of it: a large state takes long to be read and shown.

Kept for a short while after it was last asked for, and only as long as nothing has changed: a session that stands costs nothing in
the long run. All that are kept are bounded by their number and by their bytes.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Mapping
from typing import Any, TypeVar

from rpc.engine.graphs.inputs import Given
from rpc.engine.graphs.loading import LoadedGraph
from rpc.engine.langgraph.place import Place
from rpc.engine.thread.look import UpdateView
from rpc.engine.thread.state import ThreadState
from rpc.engine.values.to_json import encode, to_json

KEPT_SECONDS = 60.0
"""How long a state is kept that nobody asks for."""

KEPT = 4
"""How many are kept at most."""

KEPT_BYTES = 192 * 1024 * 1024
"""How large all of them may be as JSON; one that alone is larger is read each time."""

T = TypeVar("T")


class Looked:
    """A thread's state, with what was made of it. `sent`: what `Send` gave its tasks, as the graph has it; `loaded`: that graph.

    `updates`: the last ones of its nodes, None until somebody asked for them; `given`: what its run was given beside its input,
    likewise. `bytes`: of what was made, as JSON.
    It is read by several threads and changed by none: what is made twice at once is the same.
    """

    def __init__(self, loaded: LoadedGraph, found: ThreadState, sent: Mapping[str, Any]) -> None:
        self.loaded = loaded
        self.found = found
        self.sent = sent
        self.updates: list[UpdateView] | None = None
        self.given: Given | None = None
        self.bytes = 0
        self._made: dict[Hashable, Any] = {}

    def values(self, place: Place) -> dict[str, Any]:
        """The state of the (sub)graph at a place as JSON, by channel."""
        return self.once(("values", place), lambda: (self.found.at(place) or self.found).values)

    def sizes(self, place: Place) -> dict[str, int]:
        """The bytes of each of these."""
        return self.once(("sizes", place), lambda: self._weighed(self.values(place)))

    def as_json(self, key: Hashable, value: Any) -> Any:
        """A value as JSON, made once for a key."""

        def made() -> Any:
            shown = to_json(value)
            self.bytes += len(encode(shown))
            return shown

        return self.once(("json", key), made)

    def updated(self, updates: list[UpdateView]) -> None:
        """The last updates of its nodes were read."""
        self.updates = updates
        self.bytes += sum(len(encode(one.update)) for one in updates)

    def was_given(self, given: Given) -> None:
        """What its run was given was read."""
        self.given = given
        self.bytes += len(encode(given.context))

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` gives, made once for a key."""
        if key not in self._made:
            self._made[key] = make()
        found: T = self._made[key]
        return found

    def _weighed(self, values: Mapping[str, Any]) -> dict[str, int]:
        sizes = {name: len(encode(value)) for name, value in values.items()}
        self.bytes += sum(sizes.values())
        return sizes


class Recent:
    """What was looked at last, by what it is of. Of one event loop."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, Looked] = {}
        self._ends: dict[Hashable, asyncio.TimerHandle] = {}

    @property
    def bytes(self) -> int:
        """How large all that is kept is, as JSON, as far as it was made."""
        return sum(one.bytes for one in self._kept.values())

    async def get(self, key: Hashable | None, make: Callable[[], Awaitable[T]]) -> T:
        """What is kept under the key, or what `make` gives, which is kept then. None as a key keeps nothing."""
        found: Any = None if key is None else self._kept.get(key)
        if found is None:
            found = await make()
        if key is not None and isinstance(found, Looked):
            self._keep(key, found)
        return found  # type: ignore[no-any-return]

    def trim(self) -> None:
        """Forget those that were asked for longest ago until the others are within the bound: what is made of one makes it larger."""
        while self._kept and self.bytes > KEPT_BYTES:
            self._forget(next(iter(self._kept)))

    def _keep(self, key: Hashable, found: Looked) -> None:
        self._forget(key)
        while len(self._kept) >= KEPT:
            self._forget(next(iter(self._kept)))
        self._kept[key] = found
        loop = asyncio.get_running_loop()
        self._ends[key] = loop.call_later(KEPT_SECONDS, self._forget, key)
        self.trim()

    def _forget(self, key: Hashable) -> None:
        self._kept.pop(key, None)
        if (timer := self._ends.pop(key, None)) is not None:
            timer.cancel()
