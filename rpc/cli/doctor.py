"""`stepwire doctor`: whether all that a data directory has can be read, and fits together."""

from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from rpc import settings as settings_module
from rpc.cli import exits
from rpc.cli.console import clean, print_json
from rpc.cli.reading import read_settings, settings_file_option
from rpc.cli.running import json_option

if TYPE_CHECKING:
    from rpc.storage.sqlite.examining import Finding


@click.command()
@click.option("--data-dir", metavar="DIR", help=settings_module.describe("data_dir"))
@settings_file_option
@json_option
def doctor(data_dir: str | None, file: str | None, as_json: bool) -> int:
    """Look through the data directory, and name what cannot be read.

    A server may use it meanwhile; nothing is changed. What is damaged comes back by `stepwire restore`; one session that cannot
    be read holds up no other, and `stepwire sessions delete` removes it.
    """
    from rpc.storage.sqlite.examining import examine

    settings, _, _ = read_settings({"data_dir": data_dir}, file)
    found: list[Finding] = []
    for one in examine(Path(settings.data_dir), _why_unreadable):
        found.append(one)
        if not as_json:
            _say(one)
    problems = sum(len(one.problems) for one in found)
    if as_json:
        print_json({"problems": problems, "findings": msgspec.to_builtins(found)})
    else:
        many = f"{problems} problem{'' if problems == 1 else 's'}" if problems else "no problems"
        click.echo(f"{_line(settings.data_dir)}: {many}")
    return exits.RUN_FAILED if problems else exits.OK


def _why_unreadable(kind: str, data: bytes) -> str | None:
    """Needs LangGraph, and its time, only where there is a checkpoint."""
    from rpc.engine.checkpoints.encoding import why_unreadable

    return why_unreadable(kind, data)


def _say(one: "Finding") -> None:
    style = "green" if one.status == "ok" else "red"
    click.echo(f"{click.style(f'{one.status:<8}', fg=style)}{one.name:<13}{_line(one.said)}")
    for problem in one.problems:
        click.echo(f"{'':<8}{_line(problem)}")


def _line(text: str) -> str:
    """Text of others, on one line."""
    return " ".join(clean(text).split())
