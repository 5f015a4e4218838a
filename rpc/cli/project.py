"""A project that was made for LangGraph's own server: its `langgraph.json`, as far as it is of a server."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
from dotenv import dotenv_values
from msgspec import Struct

from rpc.cli import exits
from rpc.cli.exits import CommandError

FILE = "langgraph.json"

IGNORED = {
    "python_version": None,
    "dockerfile_lines": None,
    "pip_config_file": None,
    "pip_installer": None,
    "base_image": None,
    "image_distro": None,
    "api_version": None,
    "node_version": "graphs of JavaScript are not served",
    "store": "memories are found by meaning with the settings `memory_embedding` and `memory_fields`",
    "checkpointer": "checkpoints are kept in the server's own store",
    "ui": "components of a user interface are not served",
    "encryption": "what is stored is not encrypted",
    "webhooks": "webhooks are called as each run says",
}
"""Keys that mean nothing to a server, and why, where somebody may miss it."""


class Project(Struct, frozen=True):
    """What the file says. `auth`, `http_app`: targets. `notes`: what of it does not hold here, for people."""

    graphs: dict[str, str]
    auth: str | None = None
    http_app: str | None = None
    notes: list[str] = []


def found() -> Path | None:
    """The current folder's file."""
    path = Path.cwd() / FILE
    return path if path.is_file() else None


def read(path: Path) -> Project:
    """The file's project; its variables and the folders of its dependencies are this process's from here on.

    Raises `CommandError`.
    """
    try:
        given: Any = msgspec.json.decode(path.read_bytes())
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _wrong(f"it cannot be read: {error}") from error
    if not isinstance(given, dict):
        raise _wrong("it is no JSON object")
    graphs = {name: _graph(name, one) for name, one in _object(given, "graphs").items()}
    if not graphs:
        raise _wrong("it names no graph under `graphs`")
    _environment(given.get("env"))
    for one in given.get("dependencies") or ():
        _dependency(one)
    http = _object(given, "http")
    auth = _object(given, "auth").get("path")
    notes = [
        f"`{name}` of {FILE} does not hold here: {why}"
        for name, why in IGNORED.items()
        if why is not None and given.get(name)
    ]
    return Project(graphs, auth, http.get("app"), notes)


def _graph(name: str, given: Any) -> str:
    target = given.get("path") if isinstance(given, dict) else given
    if not isinstance(target, str) or ":" not in target:
        raise _wrong(f"the graph {name!r} is not `./path/to/file.py:name`")
    if Path(target.rpartition(":")[0]).suffix in (".js", ".ts", ".mjs", ".mts", ".tsx"):
        raise _wrong(f"the graph {name!r} is JavaScript, which this server does not run")
    return target


def _object(given: Mapping[str, Any], name: str) -> dict[str, Any]:
    value = given.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise _wrong(f"`{name}` is no object")
    return value


def _environment(given: Any) -> None:
    """The variables of a file, or those that are given; what the environment has already is kept."""
    if isinstance(given, str):
        file = Path(given)
        if not file.is_file():
            raise _wrong(f"`env` names {given}, and there is no such file")
        values: Mapping[str, Any] = dotenv_values(file)
    elif isinstance(given, dict):
        values = given
    elif given is None:
        return
    else:
        raise _wrong("`env` is the name of a file, or an object")
    for name, value in values.items():
        if value is not None:
            os.environ.setdefault(name, str(value))


def _dependency(given: Any) -> None:
    """A folder is put where modules are looked for; a package must be installed."""
    if not isinstance(given, str):
        raise _wrong("`dependencies` are texts")
    if not given.startswith("."):
        return
    folder = Path(given).resolve()
    if not folder.is_dir():
        raise _wrong(f"`dependencies` names the folder {given}, which is not there")
    for one in (folder / "src", folder):
        if one.is_dir() and str(one) not in sys.path:
            sys.path.insert(0, str(one))


def _wrong(what: str) -> CommandError:
    return CommandError(f"{FILE}: {what}", exits.USAGE)
