"""`stepwire restore`: a data directory as a backup has it."""

from pathlib import Path

import click

from rpc.cli import exits
from rpc.cli.console import say
from rpc.cli.databases import data_dir_option, no_database_option, of_directory_only
from rpc.cli.exits import CommandError
from rpc.cli.reading import read_settings, settings_file_option


@click.command()
@click.argument(
    "backup", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@data_dir_option
@no_database_option
@click.option("--force", is_flag=True, help="Replace what is in the data directory.")
@settings_file_option
def restore(
    backup: Path, data_dir: str | None, database: str | None, force: bool, file: str | None
) -> int:
    """Make the data directory what FILE, a backup, has.

    No server may use it. FILE is checked before anything is replaced; then everything is replaced, or nothing, whatever
    happens meanwhile. Runs that were under way in the backup go on from their last checkpoint when a server starts.
    """
    from rpc.storage.sqlite.backup import BackupError
    from rpc.storage.sqlite.backup import restore as restored

    settings, _, _ = read_settings({"data_dir": data_dir, "database": database}, file)
    of_directory_only(settings, data_dir, database)
    try:
        made = restored(backup, Path(settings.data_dir), force=force)
    except BackupError as error:
        raise CommandError(str(error), exits.RUN_FAILED) from error
    say(f"{settings.data_dir}: {made.sessions} sessions, as they were at {made.taken_at}")
    return exits.OK
