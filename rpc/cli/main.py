"""The command's entry point: its group of commands, and how it ends."""

import os
import sys
import threading
from typing import NoReturn

import click

from rpc.cli import exits
from rpc.cli.ask import ask
from rpc.cli.config import config
from rpc.cli.debug import debug
from rpc.cli.demo import demo
from rpc.cli.exits import CommandError
from rpc.cli.serve import serve
from rpc.cli.sessions import sessions
from rpc.cli.watch import watch
from rpc.settings import NODE_THREADS
from rpc.version import VERSION

_CODES = "\n".join(f"  {code:>3}  {meaning}" for code, meaning in exits.MEANINGS.items())


@click.group(
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


for command in (serve, ask, debug, sessions, watch, config, demo):
    cli.add_command(command)


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
