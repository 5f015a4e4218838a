"""What commands have in common that work on what is stored: which place it is, and what is said where that cannot be done."""

from collections.abc import Callable
from typing import TypeVar

import click

from rpc.cli import exits
from rpc.cli.exits import CommandError
from rpc.cli.reading import read_settings
from rpc.settings import describe

data_dir_option = click.option("--data-dir", metavar="DIR", help=describe("data_dir"))
database_option = click.option("--database", metavar="URL", help=describe("database"))

T = TypeVar("T")


def named(database: str | None, file: str | None) -> str:
    """The database that is meant. Raises `CommandError` where none is named."""
    settings, _, _ = read_settings({"database": database}, file)
    if settings.database is None:
        raise CommandError("name the database: --database postgresql://user@host/name", exits.USAGE)
    return settings.database


def did(work: Callable[[], T]) -> T:
    """What `work` gives. Raises `CommandError` where the store fails, or the extra is not installed."""
    from rpc.storage.store import StorageError

    try:
        return work()
    except ImportError as error:
        raise CommandError(
            f"this needs what {error.name} brings: pip install 'stepwire[postgres]'", exits.USAGE
        ) from error
    except StorageError as error:
        raise CommandError(str(error), exits.RUN_FAILED) from error
