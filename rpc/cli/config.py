"""`stepwire config`: what is set, where from, and what for."""

from typing import get_args

import click
import msgspec

from rpc import settings as settings_module
from rpc.cli import exits
from rpc.cli.console import print_json, stdout
from rpc.cli.reading import read_settings
from rpc.cli.running import json_option
from rpc.masking import MASK, names_secret
from rpc.settings import Settings


@click.command()
@click.option(
    "--check",
    "file",
    type=click.Path(dir_okay=False),
    metavar="FILE",
    help="Check this file, and show the settings it would give.",
)
@json_option
def config(file: str | None, as_json: bool) -> int:
    """Print every setting: its value, where that comes from, what it is for.

    Flags come first, then the environment (STEPWIRE_PORT and so on, also in the .env file of a graph), then
    ./stepwire.toml or the file of --config.
    """
    settings, origin, _ = read_settings({}, file)
    if as_json:
        values = _shown(settings)
        print_json(
            {
                name: {
                    "value": value,
                    "origin": origin.get(name, "default"),
                    "description": settings_module.describe(name),
                }
                for name, value in values.items()
            }
        )
        return exits.OK
    _print(settings, origin)
    return exits.OK


def _shown(settings: Settings) -> dict[str, object]:
    """Their values; of a secret only that there is one."""
    values: dict[str, object] = msgspec.to_builtins(settings)
    return {
        name: MASK if isinstance(value, str) and _hidden(name) else value
        for name, value in values.items()
    }


def _hidden(name: str) -> bool:
    """Whether it is a secret; one of some words (`auth`) is none, whatever its name."""
    parts = get_args(settings_module.FIELDS[name].type)
    choice = any(isinstance(one, msgspec.Meta) and one.pattern for one in parts)
    return names_secret(name) and not choice


def _print(settings: Settings, origin: dict[str, str]) -> None:
    """As TOML, so that it can be the start of a file."""
    from rich.markup import escape

    console = stdout()
    for name, value in _shown(settings).items():
        console.print(f"[dim]# {escape(settings_module.describe(name))}[/dim]", highlight=False)
        where = origin.get(name)
        note = f"  [dim]# {escape(where)}[/dim]" if where else ""
        # TOML has no null: such a setting can only be left out.
        line = f"# {name} = (none)" if value is None else f"{name} = {_toml(value)}"
        console.print(f"{escape(line)}{note}\n", highlight=False)


def _toml(value: object) -> str:
    if isinstance(value, dict):
        pairs = (f"{_toml(key)} = {_toml(item)}" for key, item in value.items())
        return "{ " + ", ".join(pairs) + " }" if value else "{}"
    # Strings, numbers, booleans and arrays of them are written in TOML as in JSON.
    return msgspec.json.format(msgspec.json.encode(value), indent=-1).decode()
