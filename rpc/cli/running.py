"""Running a command's coroutine, its expected errors turned into messages."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import click

from rpc.cli import exits
from rpc.cli.exits import CommandError
from rpc.client.errors import CannotConnect, ConnectionLost, RpcError, SessionDeleted

DEFAULT_URL = "ws://127.0.0.1:8000/rpc"

url_option = click.option(
    "--url",
    default=DEFAULT_URL,
    envvar="STEPWIRE_URL",
    show_default=True,
    show_envvar=True,
    metavar="URL",
    help="The server.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="JSON, for programs.")


def run(work: Coroutine[Any, Any, int | None]) -> int:
    """Run it to its end; the exit code. Raises `CommandError`, `KeyboardInterrupt`."""
    try:
        return asyncio.run(work) or exits.OK
    except CannotConnect as error:
        hint = "is a server running there? `stepwire serve` starts one, --url names another"
        raise CommandError(f"{error}\n{hint}", exits.NO_CONNECTION) from error
    except ConnectionLost as error:
        raise CommandError(str(error), exits.NO_CONNECTION) from error
    except (RpcError, SessionDeleted) as error:
        raise CommandError(str(error), exits.REFUSED) from error
