"""A project that was made for LangGraph's own server: its `langgraph.json`, as far as it is of a server."""

import os
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
from dotenv import dotenv_values
from msgspec import Struct

from protocol.langgraph import WEBHOOK_FIELDS
from rpc.cli.project_file import FILE, object_at, wrong
from rpc.cli.project_http import PARTS, cors_of, surface_of
from rpc.outgoing import Policy

TAKEN = (
    "graphs",
    "env",
    "dependencies",
    "http",
    "auth",
    "webhooks",
    "store",
    "checkpointer",
    "$schema",
)

BUILDS = (
    "python_version", "dockerfile_lines", "pip_config_file", "pip_installer", "base_image", "image_distro", "api_version",
    "keep_pkg_tools", "source", "_INTERNAL_docker_tag",
)  # fmt: skip
"""Keys of how an image is built: they say nothing to a server."""

IGNORED = {
    "node_version": "graphs of JavaScript are not served",
    "store.index": "memories are found by meaning with the settings `memory_embedding` and `memory_fields`",
    "store.path": "memories are kept where the server keeps all else; a graph may be compiled with a store of its own",
    "checkpointer.path": "checkpoints are kept in the server's own store",
    "checkpointer.backend": "checkpoints are kept in the server's own store",
    "checkpointer.serde": "values are kept by LangGraph's own serialiser, with the types that a graph declares",
    "checkpointer.ttl.sweep_limit": "all that are old are removed",
    "ui": "components of a user interface are not served",
    "encryption": "what is stored is not encrypted",
    "priority": "threads of one owner have the same priority",
    "http.logging_headers": "headers are not logged",
    "http.middleware_order": "who calls is known before the app beside is asked",
    "auth.disable_studio_auth": "there is no way in by LangSmith's keys to be disabled",
    "auth.openapi": "the API is described without it",
    "auth.cache": "`@auth.authenticate` is asked each time",
}
"""Keys that do not hold here, and why."""

NOTHING_HERE = ("http.disable_mcp", "http.disable_a2a", "http.disable_ui")
"""Keys that disable what is not here."""

HOLD = {
    "http": (
        "app", "cors", "disable_webhooks", "enable_custom_route_auth", "configurable_headers", "mount_prefix",
        *(f"disable_{part}" for part in PARTS),
    ),
    "http.configurable_headers": ("includes", "include", "excludes", "exclude"),
    "http.cors": ("allow_origins", "allow_origin_regex", "allow_methods", "allow_headers", "allow_credentials", "expose_headers", "max_age"),
    "auth": ("path",),
    "store": ("ttl",),
    "store.ttl": ("default_ttl", "refresh_on_read", "sweep_interval_minutes"),
    "checkpointer": ("ttl",),
    "checkpointer.ttl": ("strategy", "default_ttl", "sweep_interval_minutes"),
    "webhooks": ("url", "headers", "env_prefix", "allowed_fields"),
    "webhooks.url": ("require_https", "allowed_domains", "allowed_ports", "max_url_length", "disable_loopback", "disable_private_ips"),
}  # fmt: skip


class Project(Struct, frozen=True):
    """What the file says. `auth`, `http_app`: targets. `origins`: of pages that may use it. `webhooks`: which may be called. `settings`: of the server, where they are not set otherwise. `descriptions`: of graphs. `http_asks`: who calls must be known to get to `http_app`. `surface`: what of LangGraph's API answers (`rpc.transports.langgraph.surface`). `cors`: how those pages may use it, and which more (`rpc.auth.origin.Cors`). `notes`: what of it does not hold here, for people."""

    graphs: dict[str, str]
    auth: str | None = None
    http_app: str | None = None
    notes: list[str] = []
    origins: list[str] = []
    webhooks: Policy = Policy()
    settings: dict[str, Any] = {}
    descriptions: dict[str, str] = {}
    http_asks: bool = False
    surface: dict[str, Any] = {}
    cors: dict[str, Any] = {}


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
        raise wrong(f"it cannot be read: {error}") from error
    if not isinstance(given, dict):
        raise wrong("it is no JSON object")
    graphs = {name: _graph(name, one) for name, one in object_at(given, "graphs").items()}
    if not graphs:
        raise wrong("it names no graph under `graphs`")
    _environment(given.get("env"))
    for one in given.get("dependencies") or ():
        _dependency(one)
    http = object_at(given, "http")
    auth = object_at(given, "auth").get("path")
    notes = _notes(given)
    origins, cors = cors_of(object_at(http, "cors", "http.cors"), notes)
    webhooks = _webhooks(object_at(given, "webhooks"), off=http.get("disable_webhooks") is True)
    kept = {**_threads_kept(given), **_memories_kept(given)}
    asks = http.get("enable_custom_route_auth") is True
    app = http.get("app")
    return Project(
        graphs,
        auth,
        app,
        notes,
        origins,
        webhooks,
        kept,
        _descriptions(given["graphs"]),
        asks,
        surface_of(http),
        cors,
    )


def _descriptions(graphs: Mapping[str, Any]) -> dict[str, str]:
    """What is said of each graph of which something is. Raises `CommandError`."""
    said = {
        name: one["description"]
        for name, one in graphs.items()
        if isinstance(one, dict) and one.get("description")
    }
    for name, text in said.items():
        if not isinstance(text, str):
            raise wrong(f"the description of the graph {name!r} is no text")
    return said


def _threads_kept(given: Mapping[str, Any]) -> dict[str, Any]:
    """For how long threads are kept: settings of the server. Raises `CommandError`."""
    ttl = object_at(object_at(given, "checkpointer"), "ttl", "checkpointer.ttl")
    settings: dict[str, Any] = {}
    if seconds := _minutes(ttl, "default_ttl", "checkpointer.ttl.default_ttl") * 60:
        match ttl.get("strategy", "delete"):
            case "delete":
                settings |= {
                    "session_max_age_seconds": seconds,
                    "waiting_max_age_seconds": seconds,
                    # Its readers are told, and it goes when it is due all the same.
                    "waiting_notice_seconds": min(seconds, 24 * 3600.0),
                }
            case "keep_latest":
                settings["checkpoint_max_age_seconds"] = seconds
            case other:
                raise wrong(
                    f"`checkpointer.ttl.strategy` is `delete` or `keep_latest`, not {other!r}"
                )
    if every := _minutes(ttl, "sweep_interval_minutes", "checkpointer.ttl.sweep_interval_minutes"):
        settings["cleanup_interval_seconds"] = every * 60
    return settings


def _memories_kept(given: Mapping[str, Any]) -> dict[str, Any]:
    """The same for what graphs remember. It is looked for with each use, and with all else that is old."""
    ttl = object_at(object_at(given, "store"), "ttl", "store.ttl")
    settings: dict[str, Any] = {}
    if minutes := _minutes(ttl, "default_ttl", "store.ttl.default_ttl"):
        settings["memory_max_age_minutes"] = minutes
    if ttl.get("refresh_on_read") is False:
        settings["memory_refresh_on_read"] = False
    return settings


def _minutes(given: Mapping[str, Any], name: str, place: str) -> float:
    value = given.get(name)
    if value is None:
        return 0.0
    if not isinstance(value, int | float) or isinstance(value, bool) or value <= 0:
        raise wrong(f"`{place}` is a number of minutes, more than 0")
    return float(value)


def _notes(given: Mapping[str, Any], inside: str = "") -> list[str]:
    """What of the file does not hold, key by key."""
    notes: list[str] = []
    hold = HOLD.get(inside, ()) if inside else TAKEN
    for name, value in given.items():
        place = f"{inside}.{name}" if inside else name
        if place in HOLD and isinstance(value, dict):
            notes += _notes(value, place)
        elif name in hold or place in BUILDS or place in NOTHING_HERE or not value:
            continue
        else:
            why = IGNORED.get(place, "it is not known")
            notes.append(f"`{place}` of {FILE} does not hold here: {why}")
    return notes


def _webhooks(given: Mapping[str, Any], *, off: bool) -> Policy:
    """Which webhooks may be called. Raises `CommandError`."""
    url = object_at(given, "url")
    prefix = given.get("env_prefix") or "LG_WEBHOOK_"

    def filled(text: str) -> str:
        def variable(match: re.Match[str]) -> str:
            name = match[1]
            if not name.startswith(prefix):
                raise wrong(f"`webhooks.headers` names {name}, which does not begin with {prefix}")
            if name not in os.environ:
                raise wrong(f"`webhooks.headers` names {name}, which is not set")
            return os.environ[name]

        return re.sub(r"\$\{\{\s*env\.(\w+)\s*\}\}", variable, text)

    fields = given.get("allowed_fields") or ()
    if not isinstance(fields, Sequence) or not all(one in WEBHOOK_FIELDS for one in fields):
        raise wrong(f"`webhooks.allowed_fields` is no list of these: {', '.join(WEBHOOK_FIELDS)}")
    try:
        return Policy(
            fields=fields,
            domains=[str(one).lower() for one in url.get("allowed_domains") or ()],
            ports=[int(one) for one in url.get("allowed_ports") or ()],
            https=url.get("require_https") is True,
            max_length=int(url.get("max_url_length") or 4096),
            loopback=url.get("disable_loopback") is False,
            headers={
                str(name): filled(str(text)) for name, text in object_at(given, "headers").items()
            },
            off=off,
        )
    except (TypeError, ValueError) as error:
        raise wrong(f"`webhooks.url` is not as LangGraph's has it: {error}") from error


def _graph(name: str, given: Any) -> str:
    target = given.get("path") if isinstance(given, dict) else given
    if not isinstance(target, str) or ":" not in target:
        raise wrong(f"the graph {name!r} is not `./path/to/file.py:name`")
    if Path(target.rpartition(":")[0]).suffix in (".js", ".ts", ".mjs", ".mts", ".tsx"):
        raise wrong(f"the graph {name!r} is JavaScript, which this server does not run")
    return target


def _environment(given: Any) -> None:
    """The variables of a file, or those that are given; what the environment has already is kept."""
    if isinstance(given, str):
        file = Path(given)
        if not file.is_file():
            raise wrong(f"`env` names {given}, and there is no such file")
        values: Mapping[str, Any] = dotenv_values(file)
    elif isinstance(given, dict):
        values = given
    elif given is None:
        return
    else:
        raise wrong("`env` is the name of a file, or an object")
    for name, value in values.items():
        if value is not None:
            os.environ.setdefault(name, str(value))


def _dependency(given: Any) -> None:
    """A folder is put where modules are looked for; a package must be installed."""
    if not isinstance(given, str):
        raise wrong("`dependencies` are texts")
    if not given.startswith("."):
        return
    folder = Path(given).resolve()
    if not folder.is_dir():
        raise wrong(f"`dependencies` names the folder {given}, which is not there")
    for one in (folder / "src", folder):
        if one.is_dir() and str(one) not in sys.path:
            sys.path.insert(0, str(one))
