"""Running a command's coroutine, its expected errors turned into messages.

The client is imported where one runs: the options are those of commands without a server, too.
"""

import os
from collections.abc import Callable, Coroutine
from http import HTTPStatus
from pathlib import Path
from typing import Any, TypeVar

import click

from rpc.cli import exits
from rpc.cli.exits import CommandError

DEFAULT_URL = "ws://127.0.0.1:8000/rpc"

F = TypeVar("F", bound=Callable[..., Any])


def _read_token(_: click.Context, __: click.Parameter, file: str | None) -> None:
    """For the connections of this command; not on its command line, which others see."""
    if file is None:
        return
    from rpc.client.token import VARIABLE, checked

    try:
        os.environ[VARIABLE] = checked(Path(file).read_text(encoding="utf-8"))
    except OSError as error:
        raise click.BadParameter(f"cannot read {file}: {error.strerror}") from error
    except ValueError as error:
        raise click.BadParameter(f"{file}: {error}") from error


token_option = click.option(
    "--token-file",
    envvar="STEPWIRE_TOKEN_FILE",
    metavar="FILE",
    expose_value=False,
    is_eager=True,
    callback=_read_token,
    help="A file with the token by which the server knows you; else STEPWIRE_TOKEN has it.",
)

_url_option = click.option(
    "--url",
    default=DEFAULT_URL,
    envvar="STEPWIRE_URL",
    show_default=True,
    show_envvar=True,
    metavar="URL",
    help="The server.",
)


def url_option(command: F) -> F:
    """Which server, and who calls it."""
    return _url_option(token_option(command))


json_option = click.option("--json", "as_json", is_flag=True, help="JSON, for programs.")


def run(work: Coroutine[Any, Any, int | None]) -> int:
    """Run it to its end; the exit code. Raises `CommandError`, `KeyboardInterrupt`."""
    import asyncio

    from rpc.client.errors import CannotConnect, ConnectionLost, RpcError, SessionDeleted
    from rpc.client.socket import Refused

    try:
        return asyncio.run(work) or exits.OK
    except CannotConnect as error:
        hint = "is a server running there? `stepwire serve` starts one, --url names another"
        if isinstance(error, Refused) and error.status == HTTPStatus.UNAUTHORIZED:
            hint = "it asks who calls: give a token, in STEPWIRE_TOKEN or by --token-file"
        raise CommandError(f"{error}\n{hint}", exits.NO_CONNECTION) from error
    except ConnectionLost as error:
        raise CommandError(str(error), exits.NO_CONNECTION) from error
    except (RpcError, SessionDeleted) as error:
        raise CommandError(str(error), exits.REFUSED) from error
