"""`stepwire doctor`: whether all that a data directory or a database has can be read, and fits together."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from rpc.cli import exits
from rpc.cli.console import clean, print_json, say, say_all
from rpc.cli.databases import data_dir_option, database_option, did
from rpc.cli.reading import read_settings, settings_file_option
from rpc.cli.running import json_option
from rpc.settings import Settings

if TYPE_CHECKING:
    from rpc.storage.examining import Finding


@click.command()
@data_dir_option
@database_option
@settings_file_option
@json_option
def doctor(data_dir: str | None, database: str | None, file: str | None, as_json: bool) -> int:
    """Look through the data directory or the database, and name what cannot be read.

    Servers may use it meanwhile; nothing is changed. What is damaged comes back by `stepwire restore`, or of a database by a backup of
    PostgreSQL's; one session that cannot be read holds up no other, and `stepwire sessions delete` removes it.
    """
    settings, _, _ = read_settings({"data_dir": data_dir, "database": database}, file)
    where, findings = did(lambda: _examining(settings))
    found: list[Finding] = []
    for one in findings:
        found.append(one)
        if not as_json:
            _say(one)
    problems = sum(len(one.problems) for one in found)
    if as_json:
        print_json({"problems": problems, "findings": msgspec.to_builtins(found)})
    else:
        many = f"{problems} problem{'' if problems == 1 else 's'}" if problems else "no problems"
        say(f"{_line(where)}: {many}")
    return exits.RUN_FAILED if problems else exits.OK


def _why_unreadable(kind: str, data: bytes) -> str | None:
    """Needs LangGraph, and its time, only where there is a checkpoint."""
    from rpc.engine.checkpoints.encoding import why_unreadable

    return why_unreadable(kind, data)


def _examining(settings: Settings) -> "tuple[str, Iterator[Finding]]":
    """What is looked through, by name, and what is found. Raises `StorageError`."""
    if settings.database is None:
        from rpc.storage.sqlite.examining import examine

        return settings.data_dir, examine(Path(settings.data_dir), _why_unreadable)
    from rpc.storage.postgres import examining
    from rpc.storage.postgres.connecting import shown, with_defaults

    # One that cannot be read as an address is refused, not found.
    with_defaults(settings.database)
    return shown(settings.database), examining.examine(settings.database, _why_unreadable)


def _say(one: "Finding") -> None:
    style = "green" if one.status == "ok" else "red"
    say_all([(click.style(f"{one.status:<8}", fg=style), f"{one.name:<13}{_line(one.said)}")])
    for problem in one.problems:
        say(f"{'':<8}{_line(problem)}")


def _line(text: str) -> str:
    """Text of others, on one line."""
    return " ".join(clean(text).split())
