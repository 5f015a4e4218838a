"""What ends a process, raised by a node: an ordinary error of that node instead.

Borrowed: asyncio lets `SystemExit` and `KeyboardInterrupt` out of the event loop itself, LangGraph handles subclasses of
`Exception` only, and its default policies try no `RuntimeError` again.
"""

import asyncio


class NodeExitedError(RuntimeError):
    """A node raised what is no `Exception`; `raised` is that."""

    def __init__(self, raised: BaseException) -> None:
        super().__init__(told(raised))
        self.raised = raised


def ends_process(error: BaseException) -> bool:
    """Whether it is no error by which a node fails: `sys.exit()` and the like, but neither a cancellation nor a closed coroutine."""
    return not isinstance(error, Exception | asyncio.CancelledError | GeneratorExit)


def raised(error: BaseException) -> BaseException:
    """What the node raised."""
    return error.raised if isinstance(error, NodeExitedError) else error


def told(error: BaseException) -> str:
    """What such an error says."""
    if isinstance(error, SystemExit):
        code = error.code
        return "sys.exit()" if code is None else f"sys.exit({code!r})"
    return str(error)
