"""What is said of a wrong `langgraph.json`, whatever is wrong in it."""

from collections.abc import Mapping
from typing import Any

from rpc.cli import exits
from rpc.cli.exits import CommandError

FILE = "langgraph.json"


def object_at(given: Mapping[str, Any], name: str, place: str = "") -> dict[str, Any]:
    """The object under a name, empty where there is none. `place`: how it is called. Raises `CommandError`."""
    value = given.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise wrong(f"`{place or name}` is no object")
    return value


def wrong(what: str) -> CommandError:
    """What is to be raised."""
    return CommandError(f"{FILE}: {what}", exits.USAGE)
