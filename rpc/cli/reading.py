"""Settings as commands read them: flags, the environment with the graphs' `.env` files, a settings file."""

from collections.abc import Iterable, Mapping
from typing import Any

import click
from msgspec import Struct

from rpc import settings as settings_module
from rpc.cli import exits
from rpc.cli.exits import CommandError
from rpc.env_files import EnvFile, EnvFileError, EnvFiles, shown
from rpc.settings import ENV_PREFIX, Settings, SettingsError

settings_file_option = click.option(
    "--config",
    "file",
    type=click.Path(dir_okay=False),
    metavar="FILE",
    help="Settings in TOML; ./stepwire.toml is read where it is there.",
)


class Reading(Struct, frozen=True):
    """What settings are read of, to read them again."""

    flags: Mapping[str, Any]
    # Of --config; the default one's place where None.
    file: str | None
    env_files: EnvFiles

    def again(self) -> tuple[Settings, dict[str, str]]:
        """Raises `SettingsError`, `EnvFileError`; the environment is then as it was."""
        return load(self.flags, self.file, self.env_files)


def read_settings(
    flags: Mapping[str, Any], file: str | None
) -> tuple[Settings, dict[str, str], EnvFiles]:
    """The settings, where each that is no default came from, and the files that were read.

    Raises `CommandError`.
    """
    env_files = EnvFiles()
    try:
        settings, origin = load(flags, file, env_files)
    except (SettingsError, EnvFileError) as error:
        raise CommandError(str(error), exits.USAGE) from error
    return settings, origin, env_files


def load(
    flags: Mapping[str, Any], file: str | None, env_files: EnvFiles
) -> tuple[Settings, dict[str, str]]:
    """As `rpc.settings.load`, with the variables of the graphs' files put into the environment.

    Raises `SettingsError`, `EnvFileError`; the environment is then as it was.
    """
    before = env_files.given, env_files.files
    try:
        # Which files there are is known when the graphs are, and settings may be in them.
        env_files.take_back()
        settings, _ = settings_module.load(flags, file=file)
        targets = list(settings.graphs.values())
        env_files.read(targets)
        settings, origin = settings_module.load(flags, file=file)
        more = [one for one in settings.graphs.values() if one not in targets]
        if more:
            env_files.read([*targets, *more])
    except (SettingsError, EnvFileError):
        env_files.restore(before)
        raise
    for name, where in origin.items():
        if where.startswith(ENV_PREFIX) and (read_from := env_files.origin(where)):
            origin[name] = f"{where} in {read_from}"
    return settings, origin


def read_env_files(targets: Iterable[str]) -> EnvFiles:
    """The files of these graphs, read. Raises `CommandError`."""
    env_files = EnvFiles()
    try:
        env_files.read(targets)
    except EnvFileError as error:
        raise CommandError(str(error), exits.USAGE) from error
    return env_files


def told(one: EnvFile) -> str:
    """A line about a file that was read: names, never values."""
    count = len(one.given)
    parts = [f"{count} variable{'' if count == 1 else 's'}"]
    if one.kept:
        parts.append(f"the environment has {', '.join(one.kept)} already")
    if one.differ:
        parts.append(f"another graph's file has {', '.join(one.differ)} already, differently")
    return f"{shown(one.path)} ({'; '.join(parts)})"
