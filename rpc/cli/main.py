"""The command's entry point: its group of commands, and how it ends."""

import os
import sys
import threading
from importlib import import_module
from typing import NoReturn

import click

from rpc.cli import exits
from rpc.cli.exits import CommandError
from rpc.settings import NODE_THREADS
from rpc.version import VERSION

COMMANDS = ("serve", "ask", "debug", "sessions", "watch", "config", "demo")
"""Each is the function of its name in the module of its name."""

_CODES = "\n".join(f"  {code:>3}  {meaning}" for code, meaning in exits.MEANINGS.items())


class Commands(click.Group):
    """Loads a command when it is called: a server needs nothing of what the others draw with."""

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
    Serve:    stepwire serve my_graph.py:graph
    Ask:      stepwire ask "What is GLP-1?"
    Debug:    stepwire debug --query "What is GLP-1?"
    """


def main() -> NoReturn:
    """Run the command, and exit with its code."""
    try:
        code = cli.main(prog_name="stepwire", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        code = error.code if isinstance(error, CommandError) else error.exit_code
    except (click.Abort, KeyboardInterrupt):
        code = exits.INTERRUPTED
    except BrokenPipeError:
        # The reader of the pipe has gone: not an error, and nothing is left to say. What is still
        # buffered must not be tried again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = exits.OK
    leave(code if isinstance(code, int) else exits.OK)


def leave(code: int) -> NoReturn:
    """Exit, also where a node's thread does not return: its run goes on with the server's next start."""
    nodes = [one for one in threading.enumerate() if one.name.startswith(NODE_THREADS)]
    for one in nodes:
        one.join(0.1)
    if any(one.is_alive() for one in nodes):
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)
