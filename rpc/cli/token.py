"""`stepwire token`: make, list and revoke the tokens by which a server knows who calls."""

import getpass
import os
from datetime import UTC, datetime
from typing import Any

import click

from protocol.principals import SCOPES
from rpc.auth.principals import owner_problem
from rpc.auth.token_book import id_of
from rpc.auth.tokens import digest, new_token, seconds_of
from rpc.cli import exits
from rpc.cli.console import print_json, say, stdout
from rpc.cli.databases import data_dir_option, database_option
from rpc.cli.exits import CommandError
from rpc.cli.reading import read_settings, settings_file_option
from rpc.cli.running import json_option
from rpc.clock import now_ms
from rpc.storage.store import StorageError
from rpc.storage.tokens import NameTaken, TokenRecord, Tokens, kept


@click.group()
def token() -> None:
    """Make, list and revoke tokens; a server that runs knows of it within seconds."""


def _kept(data_dir: str | None, database: str | None, file: str | None) -> Tokens:
    settings, _, _ = read_settings({"data_dir": data_dir, "database": database}, file)
    return kept(settings.data_dir, settings.database)


@token.command()
@click.argument("name")
@click.option(
    "--owner", metavar="OWNER", help="Whose sessions it lets in to; NAME where this is left out."
)
@click.option(
    "--scope",
    "scopes",
    type=click.Choice(SCOPES),
    multiple=True,
    help=(
        "What it allows, each with those before it: read (look), run (start, answer, cancel, delete), debug (stop, edit, "
        "rewind), admin (the sessions of all owners). Else run."
    ),
)
@click.option("--expires", metavar="AGE", help="After how long it ends: 30d, 12h, 90m. Else never.")
@data_dir_option
@database_option
@settings_file_option
def create(
    name: str,
    owner: str | None,
    scopes: tuple[str, ...],
    expires: str | None,
    data_dir: str | None,
    database: str | None,
    file: str | None,
) -> int:
    """Print a new token, and nothing else. It is shown this once.

    Sessions from before there were tokens are of the owner `local`.
    """
    owner = name if owner is None else owner
    for what, value in (("NAME", name), ("--owner", owner)):
        problem = owner_problem(value)
        if problem is not None:
            raise click.BadParameter(problem.replace("an owner", "it"), param_hint=f"'{what}'")
    now = now_ms()
    try:
        ends = None if expires is None else now + seconds_of(expires) * 1000
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="'--expires'") from error
    text = new_token()
    hashed = digest(text)
    highest = max(map(SCOPES.index, scopes or ("run",)))
    record = TokenRecord(
        id_of(hashed),
        name,
        owner,
        list(SCOPES[: highest + 1]),
        hashed,
        now,
        ends,
        made_by=operator(),
    )
    try:
        _kept(data_dir, database, file).add(record)
    except NameTaken as error:
        raise CommandError(
            f"there is a token {name!r} already; `stepwire token revoke {name}` ends it",
            exits.USAGE,
        ) from error
    except StorageError as error:
        raise CommandError(str(error), exits.USAGE) from error
    say(text)
    return exits.OK


@token.command("list")
@json_option
@data_dir_option
@database_option
@settings_file_option
def list_tokens(as_json: bool, data_dir: str | None, database: str | None, file: str | None) -> int:
    """List the tokens, the oldest first: none is shown itself."""
    try:
        found = _kept(data_dir, database, file).all()
    except StorageError as error:
        raise CommandError(str(error), exits.USAGE) from error
    if as_json:
        print_json({"tokens": [_shown(one) for one in found]})
        return exits.OK
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="dim")
    for head in ("NAME", "OWNER", "SCOPE", "STATE", "EXPIRES", "LAST USED", "ID"):
        table.add_column(head, no_wrap=True)
    for one in found:
        row = _shown(one)
        last = row["used_at"] or "never"
        table.add_row(
            escape(one.name),
            escape(one.owner),
            one.scopes[-1],
            row["state"],
            row["expires_at"] or "never",
            last,
            one.id,
        )
    console = stdout()
    if not console.is_terminal:
        console.width = 200
    console.print(table)
    return exits.OK


@token.command()
@click.argument("named", metavar="NAME")
@data_dir_option
@database_option
@settings_file_option
def revoke(named: str, data_dir: str | None, database: str | None, file: str | None) -> int:
    """End a token, by its name or its id; what is open with it is closed within seconds.

    That there were tokens stays known: a server without any that works lets nobody in.
    """
    try:
        found = _kept(data_dir, database, file).revoke(named, now_ms(), operator())
    except StorageError as error:
        raise CommandError(str(error), exits.USAGE) from error
    if not found:
        raise CommandError(
            f"no token {named!r} works; `stepwire token list` lists them", exits.REFUSED
        )
    for one in found:
        say(f"{one.name} ({one.id}) is revoked")
    return exits.OK


def _shown(record: TokenRecord) -> dict[str, Any]:
    now = now_ms()
    state = "works"
    if record.revoked_at is not None:
        state = "revoked"
    elif record.expires_at is not None and record.expires_at <= now:
        state = "expired"
    return {
        "id": record.id,
        "name": record.name,
        "owner": record.owner,
        "scopes": record.scopes,
        "state": state,
        "created_at": _time(record.created_at),
        "expires_at": _time(record.expires_at),
        "revoked_at": _time(record.revoked_at),
        "used_at": _time(record.used_at),
    }


def operator() -> str:
    """Who gives the command, for the audit: the process's user, and who became that by sudo.

    Not of `USER` and the like, which anybody sets.
    """
    try:
        import pwd

        user = pwd.getpwuid(os.getuid()).pw_name
    except (ImportError, KeyError, AttributeError):
        # No such table on this system, or a container's user without a name.
        user = str(os.getuid()) if hasattr(os, "getuid") else getpass.getuser()
    before = os.environ.get("SUDO_USER")
    return f"{before} as {user}" if before and before != user else user


def _time(ms: int | None) -> str | None:
    if ms is None:
        return None
    return datetime.fromtimestamp(ms / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
