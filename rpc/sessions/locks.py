"""Locks by name: a session's, a key's."""

from weakref import WeakValueDictionary

import anyio


class Locks:
    """A lock by name, kept while somebody holds or awaits it."""

    def __init__(self) -> None:
        self.locks: WeakValueDictionary[str, anyio.Lock] = WeakValueDictionary()

    def __call__(self, name: str) -> anyio.Lock:
        lock = self.locks.get(name)
        if lock is None:
            lock = self.locks[name] = anyio.Lock()
        return lock
