"""The server in the test's own loop, for the debugger's tests; some start processes too."""

from tests.support.in_process import serve

__all__ = ["serve"]
