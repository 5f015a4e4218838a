"""Exit codes, and the errors that end a command with one."""

import click

OK = 0
RUN_FAILED = 1
USAGE = 2
NO_CONNECTION = 3
CANCELLED = 4
ASKS = 5
REFUSED = 6
INTERRUPTED = 130

MEANINGS: dict[int, str] = {
    OK: "it worked; of a run: it completed",
    RUN_FAILED: "the run failed; of check: sessions could not go on; of doctor: something is wrong; of a backup: it was not made or restored",
    USAGE: "wrong usage or settings; the server cannot start, or is too old for its database by now",
    NO_CONNECTION: "no connection to the server, or it was lost for good",
    CANCELLED: "the run was cancelled",
    ASKS: "the run asks and was not answered, or a debugger stopped it",
    REFUSED: "the server answered with an error, such as an unknown session",
    INTERRUPTED: "interrupted (Ctrl-C)",
}
"""Every exit code; `stepwire --help` prints them."""

STATUS_CODES: dict[str, int] = {
    "completed": OK,
    "failed": RUN_FAILED,
    "cancelled": CANCELLED,
    "waiting": ASKS,
    "paused": ASKS,
}
"""The exit code of a run by the status it settled in."""


class CommandError(click.ClickException):
    """Ends the command with a message and an exit code."""

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.code = code
