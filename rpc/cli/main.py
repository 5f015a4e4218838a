"""The command's entry point: its group of commands, and how it ends."""

import io
import logging
import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any, NoReturn, TextIO

import click

from rpc.cli import exits
from rpc.cli.console import say
from rpc.cli.exits import CommandError
from rpc.version import VERSION

COMMANDS = (
    "serve",
    "ask",
    "debug",
    "dap",
    "sessions",
    "watch",
    "config",
    "check",
    "audit",
    "doctor",
    "backup",
    "restore",
    "new",
    "demo",
    "token",
    "db",
)
"""Each is the function of its name in the module of its name."""

THREADS_SECONDS = 1.0
"""How long threads may take to end when the command has."""

_CODES = "\n".join(f"  {code:>3}  {meaning}" for code, meaning in exits.MEANINGS.items())


class _ReaderHasGone(Exception):
    """A pipe was closed. click would end the process with 1 if it saw the error itself."""


@contextmanager
def _own_end() -> Iterator[None]:
    """Raises `_ReaderHasGone` where a pipe is closed."""
    try:
        yield
    except BrokenPipeError as error:
        raise _ReaderHasGone from error


class Commands(click.Group):
    """Loads a command when it is called: a server needs nothing of what the others draw with."""

    def make_context(self, *args: Any, **more: Any) -> click.Context:
        """click's own; `--help` prints here."""
        with _own_end():
            return super().make_context(*args, **more)

    def invoke(self, ctx: click.Context) -> Any:
        """click's own."""
        with _own_end():
            return super().invoke(ctx)

    def list_commands(self, _: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, _: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"rpc.cli.{name}"), name)
        return command


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=f"\b\nExit codes:\n{_CODES}",
)
@click.version_option(VERSION, prog_name="stepwire")
def cli() -> None:
    """Stepwire serves LangGraph graphs over one WebSocket: every step as it happens.

    \b
    Try it:   stepwire demo
    Begin:    stepwire new my_project
    Serve:    stepwire serve my_graph.py:graph
    Ask:      stepwire ask "What is GLP-1?"
    Debug:    stepwire debug --query "What is GLP-1?"
    """


def main() -> NoReturn:
    """Run the command, and exit with its code."""
    code: int = exits.OK
    with _while_read():
        try:
            returned = cli.main(prog_name="stepwire", standalone_mode=False)
            code = returned if isinstance(returned, int) else exits.OK
        except click.ClickException as error:
            code = error.code if isinstance(error, CommandError) else error.exit_code
            # A server's texts are in it, and in those the texts of others.
            shown = io.StringIO()
            error.show(shown)
            say(shown.getvalue(), nl=False, err=True)
        except (click.Abort, KeyboardInterrupt):
            code = exits.INTERRUPTED
    with _while_read():
        sys.stdout.flush()
    leave(code)


@contextmanager
def _while_read() -> Iterator[None]:
    """Ends early where the reader of a pipe has gone, as with `| head -1`: that is no error."""
    try:
        yield
    except (BrokenPipeError, _ReaderHasGone):
        for stream in (sys.__stdout__, sys.__stderr__):
            if stream is not None:
                _give_up(stream)


def _give_up(stream: TextIO) -> None:
    """What is still buffered for who has gone must not be tried again at exit."""
    try:
        stream.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def leave(code: int) -> NoReturn:
    """Exit, also where a thread that a node began does not end: Python would wait for it for ever."""
    main = threading.main_thread()
    left = [one for one in threading.enumerate() if one is not main and not one.daemon]
    until = time.monotonic() + THREADS_SECONDS
    for one in left:
        one.join(max(0.0, until - time.monotonic()))
    if held := [one.name for one in left if one.is_alive()]:
        say(f"left behind, since they do not end: threads {', '.join(held)}", err=True)
        logging.shutdown()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)
