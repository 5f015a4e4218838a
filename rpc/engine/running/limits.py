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
