"""The way from a value to a part of it, as it is walked."""

from typing import Any


class Path(list[int]):
    """Ids of the containers that are being walked: who meets one of them again contains itself.

    `tangled`: of those that were found to contain themselves. They are shown once: there may be more ways to them than
    could ever be walked. `kept`: they themselves, once walked, so that no other value gets the id of one.
    """

    __slots__ = ("kept", "tangled")

    def __init__(self) -> None:
        super().__init__()
        self.tangled: set[int] = set()
        self.kept: list[Any] = []

    def again(self, value: Any) -> bool:
        """Whether a value is to be shown as one that was shown already."""
        at = id(value)
        if at in self:
            self.tangled.update(self[self.index(at) :])
            return True
        return at in self.tangled

    def leave(self, value: Any) -> None:
        """The last one was walked."""
        if self.tangled and self[-1] in self.tangled:
            self.kept.append(value)
        self.pop()

    def fall_back(self, depth: int) -> None:
        """To the first `depth` ones: what was below was not walked to its end."""
        self.tangled.difference_update(self[depth:])
        del self[depth:]
