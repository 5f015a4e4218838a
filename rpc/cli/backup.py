"""`stepwire backup`: all that a data directory has, in one file, while a server uses it."""

from pathlib import Path

import click

from rpc.cli import exits
from rpc.cli.console import say
from rpc.cli.databases import data_dir_option, no_database_option, of_directory_only
from rpc.cli.exits import CommandError
from rpc.cli.reading import read_settings, settings_file_option
from rpc.version import VERSION


@click.command()
@click.argument("to", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
@data_dir_option
@no_database_option
@click.option("--replace", is_flag=True, help="Replace FILE where it is there.")
@settings_file_option
def backup(
    to: Path, data_dir: str | None, database: str | None, replace: bool, file: str | None
) -> int:
    """Write a backup of the data directory to FILE.

    A server may use it meanwhile: all that it had acknowledged when the backup began is in it. FILE has its name when it
    is whole. It is for `stepwire restore`, and holds all that sessions hold: keep it as secret.
    """
    from rpc.storage.sqlite.backup import BackupError, back_up

    settings, _, _ = read_settings({"data_dir": data_dir, "database": database}, file)
    of_directory_only(settings, data_dir, database)
    try:
        made = back_up(Path(settings.data_dir), to, VERSION, replaces=replace)
    except BackupError as error:
        raise CommandError(str(error), exits.RUN_FAILED) from error
    say(f"{to}: {made.sessions} sessions of {settings.data_dir}, {size_of(to.stat().st_size)}")
    return exits.OK


def size_of(count: int) -> str:
    """Bytes as people read them."""
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.1f} MB"
