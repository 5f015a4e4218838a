"""What a run may not: errors with which the server ends it. Clients get each one's `code` as the failure's type."""

from typing import ClassVar


class LimitError(RuntimeError):
    """A run went past a limit of the server's."""

    code: ClassVar[str]


class WroteTooFastError(LimitError):
    """A node that cannot be held back wrote faster than the disk takes. `pending`: bytes that are not stored yet."""

    code = "wrote_too_fast"

    def __init__(self, path: str, pending: int) -> None:
        super().__init__(
            f"node {path!r} has written {pending} bytes that are not stored yet, more than may wait, and on the server's event"
            " loop (`graph_loop`) it cannot be held back: it should `await` while it writes, or be a plain function"
        )


class NodeTimeout(LimitError):
    """A node took longer than it may. `seconds`: the limit."""

    code = "node_timeout"

    def __init__(self, path: str, seconds: float, more: str = "") -> None:
        super().__init__(
            f"node {path!r} took longer than its limit of {seconds:g} s (`node_timeout_seconds`){more}"
        )


class StoredTooMuch(LimitError):
    """More is kept of an owner's sessions than may be. `kept`, `most`: bytes."""

    code = "quota_exceeded"

    def __init__(self, kept: int, most: int) -> None:
        super().__init__(
            f"{kept} bytes are kept of the sessions of the run's owner, and the limit is {most} (`max_stored_bytes_per_owner`);"
            " `session.delete` makes room, and `query.resume` lets the run go on then"
        )


class RememberedTooMuch(LimitError):
    """More would be remembered of an owner's than may be. `kept`, `more`, `most`: bytes."""

    code = "quota_exceeded"

    def __init__(self, kept: int, more: int, most: int) -> None:
        super().__init__(
            f"{kept} bytes are remembered of what the owner's runs put into the graphs' memory, {more} more would go past the limit"
            f" of {most} (`max_memory_bytes_per_owner`): nothing of it is put; what is deleted of it makes room"
        )
        self.most = most


class EventTooLarge(LimitError):
    """A node made an event that is larger than one may be. `kind`: of the event. `size`, `most`: bytes."""

    code = "event_too_large"

    def __init__(self, kind: str, size: int, most: int) -> None:
        super().__init__(
            f"a `{kind}` of {size} bytes is larger than an event may be, {most} bytes (`max_event_bytes`): nothing of it is"
            " stored; what is so large is better kept elsewhere, and its address told"
        )


class ResultTooLarge(LimitError):
    """A run's result is larger than one may be. `size`, `most`: bytes as JSON."""

    code = "result_too_large"

    def __init__(self, size: int, most: int) -> None:
        super().__init__(
            f"the result has {size} bytes, and the limit is {most} (`max_result_bytes`); the session's state has it still"
        )


class RunTimeout(LimitError):
    """A run took longer than it may. `seconds`: the limit; `running`: the paths of the nodes that ran then."""

    code = "run_timeout"

    def __init__(self, seconds: float, running: list[str]) -> None:
        names = ", ".join(map(repr, running)) or "no node"
        super().__init__(
            f"the run took longer than its limit of {seconds:g} s (`run_timeout_seconds`), waiting left out; running then: {names}"
        )
