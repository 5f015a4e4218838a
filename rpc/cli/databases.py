"""What commands have in common that work on what is stored: which place it is, and what is said where that cannot be done."""

from collections.abc import Callable
from typing import TypeVar

import click

from rpc.cli import exits
from rpc.cli.exits import CommandError
from rpc.cli.reading import read_settings
from rpc.settings import Settings, describe

data_dir_option = click.option("--data-dir", metavar="DIR", help=describe("data_dir"))
database_option = click.option("--database", metavar="URL", help=describe("database"))

no_database_option = click.option("--database", metavar="URL", hidden=True)
"""Of commands that are for data directories: who gives it is told what does that for a database."""

T = TypeVar("T")


def named(database: str | None, file: str | None) -> str:
    """The database that is meant. Raises `CommandError` where none is named."""
    settings, _, _ = read_settings({"database": database}, file)
    if settings.database is None:
        raise CommandError("name the database: --database postgresql://user@host/name", exits.USAGE)
    return settings.database


def of_directory_only(settings: Settings, data_dir: str | None, database: str | None) -> None:
    """Raises `CommandError` where a database is meant, by the flag, or by the settings where no directory is named."""
    if database is not None or (settings.database is not None and data_dir is None):
        raise CommandError(
            "this is for data directories; a PostgreSQL database is backed up by `pg_dump` and brought back by `pg_restore`: its schemas "
            "stepwire_sessions, stepwire_memory and stepwire_owners_memory",
            exits.USAGE,
        )


def did(work: Callable[[], T]) -> T:
    """What `work` gives. Raises `CommandError` where the store fails, or the extra is not installed."""
    from rpc.storage.opening import ExtraMissing
    from rpc.storage.store import StorageError

    try:
        return work()
    except ImportError as error:
        raise CommandError(str(ExtraMissing(error)), exits.USAGE) from error
    except ExtraMissing as error:
        raise CommandError(str(error), exits.USAGE) from error
    except StorageError as error:
        raise CommandError(str(error), exits.RUN_FAILED) from error
