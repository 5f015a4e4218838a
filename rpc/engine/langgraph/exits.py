"""What ends a process, raised by a node: an ordinary error of that node instead.

Borrowed: asyncio lets `SystemExit` and `KeyboardInterrupt` out of the event loop itself, and a `GeneratorExit` that a future has
closes all that waits for it, unasked; LangGraph handles subclasses of `Exception` only, and its default policies try no
`RuntimeError` again.
"""

import asyncio
from types import TracebackType


class NodeExitedError(RuntimeError):
    """A node raised what is no `Exception`; `raised` is that."""

    def __init__(self, raised: BaseException) -> None:
        super().__init__(told(raised))
        self.raised = raised


def ends_process(error: BaseException) -> bool:
    """Whether it is no error by which a node fails: `sys.exit()` and the like, but neither a cancellation nor a closed coroutine."""
    return not isinstance(error, Exception | asyncio.CancelledError | GeneratorExit)


def held(error: BaseException) -> Exception | asyncio.CancelledError:
    """The same, as a future may have it: nothing that ends or closes who waits for it, nor one that it refuses."""
    if isinstance(error, StopIteration):
        # As a generator makes of it (PEP 479), and asyncio from Python 3.12 on. Before that whoever waits for it waits for ever.
        own = RuntimeError("StopIteration was raised in a thread")
        own.__cause__ = error
        return own
    if isinstance(error, Exception | asyncio.CancelledError):
        return error
    exited = NodeExitedError(error)
    exited.__cause__ = error
    return exited


class Ordinary:
    """Around code of a graph's own that is no node: what is no `Exception` leaves it as one.

    Not what closes the coroutine in which it stands: that has been through no other code.
    """

    def __enter__(self) -> None:
        pass

    def __exit__(self, _: object, error: BaseException | None, trace: TracebackType | None) -> None:
        if error is None or isinstance(error, Exception | asyncio.CancelledError):
            return
        if isinstance(error, GeneratorExit) and (trace is None or trace.tb_next is None):
            return
        raise held(error) from error


def raised(error: BaseException) -> BaseException:
    """What the node raised."""
    return error.raised if isinstance(error, NodeExitedError) else error


def told(error: BaseException) -> str:
    """What such an error says."""
    if isinstance(error, SystemExit):
        code = error.code
        return "sys.exit()" if code is None else f"sys.exit({code!r})"
    return str(error)
