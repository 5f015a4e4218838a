"""Settings: one Struct, filled from flags, then environment (`STEPWIRE_…`), then `stepwire.toml`."""

import os
import re
import tomllib
from collections.abc import Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, get_args

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from protocol.principals import SCOPES
from rpc.auth.jwt_setting import jwt_problem
from rpc.auth.origin_setting import origin_problem
from rpc.unseen import UNSEEN

DEFAULT_FILE = "stepwire.toml"
ENV_PREFIX = "STEPWIRE_"
NODE_THREADS = "stepwire-node"
"""How the names of the threads begin in which plain functions run as nodes."""
CLIENT_VARIABLES = frozenset({"STEPWIRE_URL", "STEPWIRE_TOKEN", "STEPWIRE_TOKEN_FILE"})
"""Variables of the client commands, which are no settings of a server."""


NotNegative = Annotated[int, Meta(ge=0)]
"""A bound is of a number, and not of what may be None too."""


class SettingsError(Exception):
    """A setting has a wrong name, type or value; the message names it and where it was given."""


class GraphSettings(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What can be set for one graph, in place of the server's own setting of the same name."""

    node_timeout_seconds: Annotated[float, Meta(ge=0)] | UnsetType = UNSET
    run_timeout_seconds: Annotated[float, Meta(ge=0)] | UnsetType = UNSET


class Settings(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Everything that can be set. Sizes are in bytes, times in seconds unless the name says `_ms`."""

    host: Annotated[str, Meta(description="Address to listen on.")] = "127.0.0.1"
    port: Annotated[
        int, Meta(description="Port to listen on; 0 lets the system choose.", ge=0, le=65535)
    ] = 8000
    graphs: Annotated[
        dict[str, str],
        Meta(description="Graphs by name: `path/to/file.py:name` or `package.module:name`."),
    ] = {}
    default_graph: Annotated[
        str | None, Meta(description="The graph of a query that names none; else the first.")
    ] = None
    data_dir: Annotated[
        str, Meta(description="Where sessions, events and checkpoints are kept.")
    ] = ".stepwire"
    database: Annotated[
        str | None,
        Meta(
            description=(
                "Address of a PostgreSQL database that keeps all in place of `data_dir`, such as "
                "`postgresql://user@host/name`; many nodes may share it. Needs `stepwire[postgres]`."
            )
        ),
    ] = None
    pool_size: Annotated[
        int,
        Meta(
            description="Connections of this node to the database, beside the one that listens.",
            ge=6,
            le=1000,
        ),
    ] = 10
    role: Annotated[
        str,
        Meta(
            description=(
                "What this node of a database does: `api` answers clients, `worker` runs graphs and answers nothing but "
                "health and metrics, `all` does both."
            ),
            pattern="^(all|api|worker)$",
        ),
    ] = "all"
    graph_absent_seconds: Annotated[
        float,
        Meta(
            description=(
                "How long a graph may be that no node of a database has before the runs that wait for it are failed."
            ),
            gt=0,
        ),
    ] = 60.0
    memory_embedding: Annotated[
        str | None,
        Meta(
            description=(
                "What finds the graphs' long-term memories by meaning: `provider:model`, or "
                "`path/to/file.py:name` of LangChain embeddings or of a function; else none does."
            )
        ),
    ] = None
    memory_fields: Annotated[
        list[str],
        Meta(description="Fields of a memory's value that are embedded; `$` is all of it."),
    ] = msgspec.field(default_factory=lambda: ["$"])
    memory_max_age_minutes: Annotated[
        float,
        Meta(
            description="What a graph remembers is forgotten after so long, where it is put without a `ttl` of its own; 0 keeps all.",
            ge=0,
        ),
    ] = 0.0
    memory_refresh_on_read: Annotated[
        bool, Meta(description="Whether that time begins anew when a memory is read.")
    ] = True
    synchronous: Annotated[
        str,
        Meta(
            description="SQLite's `synchronous`: `full` survives a power cut, `normal` a crash.",
            pattern="^(full|normal)$",
        ),
    ] = "full"
    allowed_origins: Annotated[
        list[str],
        Meta(description="Web origins, beside the server's own, whose pages may use it."),
    ] = []
    allowed_hosts: Annotated[
        list[str],
        Meta(
            description="Host names, beside the loopback ones and `host`, it answers to; `*` is any."
        ),
    ] = []
    webhook_hosts: Annotated[
        list[str],
        Meta(
            description=(
                "Hosts that webhooks of runs may be at although their addresses are not public: names, `*.domain`, "
                "addresses, networks such as 10.0.0.0/8; `*` is any."
            )
        ),
    ] = []
    max_message_bytes: Annotated[int, Meta(description="Largest message taken.", ge=1024)] = (
        1024 * 1024
    )
    max_frame_bytes: Annotated[
        int,
        Meta(
            description="Largest frame sent; values that make an event or answer larger are cut.",
            ge=16 * 1024,
        ),
    ] = 512 * 1024
    max_batch_size: Annotated[int, Meta(description="Most requests in a batch.", ge=1)] = 100
    max_json_depth: Annotated[int, Meta(description="Deepest nesting.", ge=4, le=500)] = 64
    max_inflight: Annotated[
        int, Meta(description="Requests of one connection handled at once.", ge=1)
    ] = 64
    max_subscriptions: Annotated[
        int, Meta(description="Sessions whose events one WebSocket is sent.", ge=1)
    ] = 10_000
    max_searches: Annotated[
        int,
        Meta(
            description="Lists and searches of one client that are not answered yet; further ones are refused.",
            ge=1,
        ),
    ] = 100
    search_seconds: Annotated[
        float, Meta(description="How long one list or search may take.", gt=0)
    ] = 5.0
    max_connections: Annotated[
        int, Meta(description="Connections at once; further ones get 503. 0 for no limit.", ge=0)
    ] = 10_000
    max_connections_per_address: Annotated[
        int,
        Meta(
            description=(
                "Connections of one address at once, of IPv6 of one /64; further ones get 429. Proxies in "
                "`forwarded_allow_ips` are not counted. 0 for no limit."
            ),
            ge=0,
        ),
    ] = 1000
    max_connections_per_owner: Annotated[
        int,
        Meta(
            description="WebSockets and streams of one owner at once, where clients say who they are; 0 for no limit.",
            ge=0,
        ),
    ] = 1000
    forwarded_allow_ips: Annotated[
        list[str],
        Meta(
            description=(
                "Addresses and networks of proxies in front: whom they name in X-Forwarded-For and X-Forwarded-Proto is "
                "believed; `*` is any."
            )
        ),
    ] = []
    ssl_certfile: Annotated[
        str | None,
        Meta(description="Certificate, with its chain, in PEM: HTTPS and WSS are served."),
    ] = None
    ssl_keyfile: Annotated[
        str | None, Meta(description="The certificate's key in PEM, where that is another file.")
    ] = None
    max_header_bytes: Annotated[
        int,
        Meta(
            description="Largest head of a request: its line and headers.",
            ge=1024,
            le=1024 * 1024,
        ),
    ] = 64 * 1024
    header_timeout_seconds: Annotated[
        float, Meta(description="How long a request's head may take to come.", gt=0)
    ] = 10.0
    body_timeout_seconds: Annotated[
        float,
        Meta(
            description="How long the rest of a body, or of a WebSocket's message, may take.", gt=0
        ),
    ] = 30.0
    write_timeout_seconds: Annotated[
        float,
        Meta(description="How long a client may read nothing of what it is sent.", gt=0),
    ] = 30.0
    idle_timeout_seconds: Annotated[
        float,
        Meta(description="How long a connection is kept without a request.", gt=0),
    ] = 60.0
    max_running: Annotated[
        int, Meta(description="Runs executing at once; further ones are queued.", ge=1)
    ] = 256
    max_running_per_owner: Annotated[
        int,
        Meta(
            description=(
                "Runs of one owner executing at once, or of one address where nobody says who they are; further ones are "
                "queued. 0 for as many as there are places."
            ),
            ge=0,
        ),
    ] = 0
    max_queries_per_minute: Annotated[
        NotNegative | None,
        Meta(
            description=(
                "Queries that one owner may start in a minute; further ones get 429. 0 for no limit; where it is not set, "
                "600 of each who says who they are, and no limit where nobody does."
            ),
        ),
    ] = None
    max_sessions_per_owner: Annotated[
        NotNegative | None,
        Meta(
            description=(
                "Sessions that one owner may have; further ones are refused. 0 for no limit; where it is not set, 100,000 of "
                "each who says who they are, and no limit where nobody does."
            ),
        ),
    ] = None
    max_stored_bytes_per_owner: Annotated[
        NotNegative | None,
        Meta(
            description=(
                "Bytes that may be kept of one owner's sessions, past which nothing is started and what runs is ended. 0 for no "
                "limit; where it is not set, 10 GiB of each who says who they are, and no limit where nobody does."
            ),
        ),
    ] = None
    max_memory_bytes_per_owner: Annotated[
        NotNegative | None,
        Meta(
            description=(
                "Bytes that one owner's runs may remember in the graphs' memory (`get_store()`), past which nothing more is put. 0 "
                "for no limit; where it is not set, 1 GiB of each who says who they are, and no limit where nobody does."
            ),
        ),
    ] = None
    max_event_bytes: Annotated[
        int,
        Meta(
            description="Largest event that is stored, with what it has cut out; a node that writes a larger one fails.",
            ge=64 * 1024,
        ),
    ] = 256 * 1024 * 1024
    max_result_bytes: Annotated[
        int,
        Meta(description="Largest result that is stored; a run with a larger one fails.", ge=1024),
    ] = 256 * 1024 * 1024
    max_queued: Annotated[
        int, Meta(description="Runs waiting for their turn; further ones are refused.", ge=0)
    ] = 10_000
    node_threads: Annotated[
        int, Meta(description="Threads for nodes that are not coroutines.", ge=1, le=1024)
    ] = 64
    max_abandoned_threads: Annotated[
        int,
        Meta(
            description="Threads of nodes that do not return and nobody waits for, before they are replaced no more.",
            ge=0,
        ),
    ] = 256
    max_blocked_loops: Annotated[
        int,
        Meta(
            description="Event loops that nodes block, before further runs wait until one answers again.",
            ge=0,
        ),
    ] = 64
    node_timeout_seconds: Annotated[
        float,
        Meta(description="How long an attempt of a node may take; 0 is no limit.", ge=0),
    ] = 0.0
    run_timeout_seconds: Annotated[
        float,
        Meta(
            description="How long a run may run, time in which it waits or stands left out; 0 is no limit.",
            ge=0,
        ),
    ] = 0.0
    look_timeout_seconds: Annotated[
        float,
        Meta(
            description="How long code of a graph's own may take that a look, an edit or a query's settings need.",
            gt=0,
        ),
    ] = 10.0
    reload_timeout_seconds: Annotated[
        float,
        Meta(
            description="How long loading the graphs anew may take before those that were loaded go on.",
            gt=0,
        ),
    ] = 60.0
    graph_settings: Annotated[
        dict[str, GraphSettings],
        Meta(
            description=(
                "By graph, `node_timeout_seconds` and `run_timeout_seconds` in place of the server's, as in "
                "`[graph_settings.NAME]`; as a variable or flag, in JSON."
            )
        ),
    ] = {}
    graph_loop: Annotated[
        str,
        Meta(
            description=(
                "Where graphs run: `own` is an event loop and thread of their own; `server` the server's, for an app "
                "that shares its loop's objects with them: a node that blocks then blocks the server."
            ),
            pattern="^(own|server)$",
        ),
    ] = "own"
    blocked_seconds: Annotated[
        float,
        Meta(
            description="How long a node may hold its event loop before other runs are taken from it.",
            gt=0,
        ),
    ] = 1.0
    tail_bytes: Annotated[
        int, Meta(description="Newest events kept in memory per active session.", ge=0)
    ] = 1024 * 1024
    pending_bytes: Annotated[
        int,
        Meta(
            description="Uncommitted events, of all sessions, before nodes that write wait.",
            ge=1024,
        ),
    ] = 8 * 1024 * 1024
    session_max_age_seconds: Annotated[
        float,
        Meta(
            description="Sessions that are over and untouched for longer are removed; 0 keeps all.",
            ge=0,
        ),
    ] = 7 * 24 * 3600.0
    waiting_max_age_seconds: Annotated[
        float,
        Meta(
            description=(
                "Sessions that wait for a person or stand in the debugger, untouched for longer, are removed; 0 keeps all."
            ),
            ge=0,
        ),
    ] = 0.0
    waiting_notice_seconds: Annotated[
        float,
        Meta(description="How long before such a session is removed its readers are told.", ge=0),
    ] = 24 * 3600.0
    event_max_age_seconds: Annotated[
        float,
        Meta(description="Events of sessions that rest are removed when older; 0 keeps all.", ge=0),
    ] = 0.0
    checkpoint_max_age_seconds: Annotated[
        float,
        Meta(
            description=(
                "Checkpoints are removed when older, except the newest and what results refer to; "
                "0 keeps all."
            ),
            ge=0,
        ),
    ] = 0.0
    audit_max_age_seconds: Annotated[
        float,
        Meta(
            description="What the audit tells of edits and deletions is removed when older; 0 keeps all.",
            ge=0,
        ),
    ] = 365 * 24 * 3600.0
    cleanup_interval_seconds: Annotated[
        float, Meta(description="How often what is old is looked for.", gt=0)
    ] = 3600.0
    cancel_grace_seconds: Annotated[
        float, Meta(description="How long a cancelled node may take to end.", ge=0)
    ] = 5.0
    shutdown_grace_seconds: Annotated[
        float,
        Meta(
            description="How long a stopping server waits for nodes; their runs resume on start.",
            ge=0,
        ),
    ] = 5.0
    supervise: Annotated[
        bool,
        Meta(
            description=(
                "Whether `stepwire serve` starts the server in a process of its own, and again when that dies; "
                "false where something else does."
            )
        ),
    ] = True
    stuck_seconds: Annotated[
        float,
        Meta(
            description=(
                "How long code in C may hold all of a supervised server before that is ended and started again; 0 for ever."
            ),
            ge=0,
        ),
    ] = 30.0
    recover_limit: Annotated[
        int,
        Meta(
            description=(
                "How often the server may die while a run is under way, and comes no further, before that run is failed; 0 for ever."
            ),
            ge=0,
        ),
    ] = 3
    rate_limit_per_second: Annotated[
        int,
        Meta(
            description=(
                "Requests a second taken from one owner, or from one address where nobody says who they are; 0 for no limit."
            ),
            ge=0,
        ),
    ] = 0
    rate_limit_burst: Annotated[
        int,
        Meta(description="Requests it may send at once before that limit holds.", ge=1),
    ] = 100
    sse_keepalive_seconds: Annotated[
        float,
        Meta(description="How long an SSE stream may be silent before a comment is sent.", gt=0),
    ] = 15.0
    show_source_root: Annotated[
        bool,
        Meta(
            description="Whether `graph.describe` gives the server's folder, for editors to open sources by."
        ),
    ] = True
    permessage_deflate: Annotated[
        bool, Meta(description="Compress WebSocket messages; doubles an idle socket's memory.")
    ] = False
    log_level: Annotated[
        str, Meta(description="Least severe log line.", pattern="^(debug|info|warning|error)$")
    ] = "info"
    auth: Annotated[
        str,
        Meta(
            description=(
                "Whether callers must say who they are: `auto` as soon as there is a token or a JWT is configured; "
                "`required` always; `off` never."
            ),
            pattern="^(auto|required|off)$",
        ),
    ] = "auto"
    jwt_jwks_url: Annotated[
        str | None,
        Meta(
            description="Address of the keys (JWKS) by which JWTs are verified; fetched when one is unknown."
        ),
    ] = None
    jwt_public_key_file: Annotated[
        str | None, Meta(description="File with the public key (PEM) by which JWTs are verified.")
    ] = None
    jwt_secret_file: Annotated[
        str | None,
        Meta(
            description="File with the secret, of 32 bytes or more, by which JWTs are verified (HS256 and so on)."
        ),
    ] = None
    jwt_issuer: Annotated[str | None, Meta(description="Whose JWTs are taken: their `iss`.")] = None
    jwt_audience: Annotated[
        str | None, Meta(description="For whom JWTs must be: in their `aud`.")
    ] = None
    jwt_leeway_seconds: Annotated[
        float,
        Meta(description="By how much clocks may differ where a JWT says times.", ge=0, le=600),
    ] = 30.0
    jwt_owner_claim: Annotated[
        str, Meta(description="The claim of a JWT that names the owner.")
    ] = "sub"
    jwt_scope_claim: Annotated[
        str, Meta(description="The claim of a JWT with its scopes: a list, or a text with spaces.")
    ] = "scope"
    jwt_scope_prefix: Annotated[
        str, Meta(description="What stands before the scopes in that claim, such as `stepwire:`.")
    ] = ""
    jwt_default_scopes: Annotated[
        list[str],
        Meta(
            description="Scopes of a JWT without that claim: `read`, `run`, `debug`, `admin`; none if empty."
        ),
    ] = []
    max_failed_attempts: Annotated[
        int,
        Meta(
            description=(
                "Credentials that are not good which one address may try at once; each second gives one back, and who was let in "
                "before is let in meanwhile."
            ),
            ge=1,
        ),
    ] = 20
    insecure_no_auth: Annotated[
        bool,
        Meta(
            description="Let everybody in who reaches the server, on any address, without asking who that is."
        ),
    ] = False
    metrics: Annotated[
        str,
        Meta(description="Whether `GET /metrics` answers, for Prometheus.", pattern="^(on|off)$"),
    ] = "on"
    tracing: Annotated[
        str,
        Meta(
            description=(
                "Traces by OpenTelemetry, of `stepwire[otel]`: `auto` makes them where the OTEL_ variables say where to send them."
            ),
            pattern="^(auto|on|off)$",
        ),
    ] = "auto"
    log_format: Annotated[
        str,
        Meta(
            description=(
                "`text` for people; `json` for programs: an object a line, and one line a request at `info`, which `text` has "
                "at `debug`."
            ),
            pattern="^(text|json)$",
        ),
    ] = "text"


_UNSEEN = re.compile(f"[\t\n{UNSEEN}]")

FIELDS = {field.name: field for field in msgspec.structs.fields(Settings)}


def load(
    flags: Mapping[str, Any] | None = None,
    environ: Mapping[str, str] | None = None,
    file: str | Path | None = None,
) -> tuple[Settings, dict[str, str]]:
    """The settings, and where each that is not a default came from (`flag`, a variable, a file).

    `file`: a TOML file that must exist; where None, `./stepwire.toml` is read if it is there.
    Raises `SettingsError` for an unknown name, a wrong type or value, an unreadable file.
    """
    environ = os.environ if environ is None else environ
    values: dict[str, Any] = {}
    origin: dict[str, str] = {}

    path = Path(file) if file is not None else Path(DEFAULT_FILE)
    if file is not None or path.is_file():
        for name, value in _read_file(path).items():
            values[name] = _check(name, value, f"in {path}", strict=True)
            origin[name] = str(path)
    for key, text in environ.items():
        if not key.startswith(ENV_PREFIX) or key in CLIENT_VARIABLES:
            continue
        name = key.removeprefix(ENV_PREFIX).lower()
        values[name] = _check(name, _from_text(name, text, key), f"from {key}", strict=False)
        origin[name] = key
    for name, value in (flags or {}).items():
        if value is not None:
            key = f"--{name.replace('_', '-')}"
            given = _from_text(name, value, key) if isinstance(value, str) else value
            values[name] = _check(name, given, f"from {key}", strict=False)
            origin[name] = "flag"
    settings = Settings(**values)
    check(settings, origin.get("allowed_origins", ""))
    if settings.default_graph is not None and settings.default_graph not in settings.graphs:
        known = ", ".join(settings.graphs) or "none"
        raise SettingsError(
            f"setting 'default_graph' names {settings.default_graph!r}, but the graphs are: {known}"
        )
    for name in settings.graph_settings.keys() - settings.graphs.keys():
        known = ", ".join(settings.graphs) or "none"
        raise SettingsError(
            f"setting 'graph_settings' {origin['graph_settings']} names {name!r}, but the graphs are: {known}"
        )
    return settings, origin


def check(settings: Settings, where: str = "") -> None:
    """What a type cannot say. `where`: the origins were given. Raises `SettingsError`."""
    for name in settings.graphs:
        if _UNSEEN.search(name):
            raise SettingsError(
                f"setting 'graphs': the name {name!r} has characters that are not seen"
            )
    for one in settings.allowed_origins:
        problem = origin_problem(one)
        if problem is not None:
            raise SettingsError(
                f"setting 'allowed_origins' {f'from {where} ' if where else ''}: {problem}"
            )
    wrong = jwt_problem(settings)
    if wrong is not None:
        raise SettingsError(f"settings of JWTs: {wrong}")
    for one in settings.jwt_default_scopes:
        if one not in SCOPES:
            raise SettingsError(
                f"setting 'jwt_default_scopes': {one!r} is none of {', '.join(SCOPES)}"
            )
    for one in settings.forwarded_allow_ips:
        try:
            if one != "*":
                ip_network(one, strict=False)
        except ValueError:
            raise SettingsError(
                f"setting 'forwarded_allow_ips': {one!r} is no address or network such as 10.0.0.0/8"
            ) from None
    if settings.database is None and settings.role != "all":
        raise SettingsError(
            f"setting 'role': {settings.role!r} is for nodes that share a database; name it with 'database'"
        )
    if settings.ssl_keyfile is not None and settings.ssl_certfile is None:
        raise SettingsError("setting 'ssl_keyfile' needs the certificate, 'ssl_certfile'")


def describe(name: str) -> str:
    """What the setting is for."""
    for part in get_args(FIELDS[name].type):
        if isinstance(part, Meta) and part.description is not None:
            return part.description
    return ""


def _read_file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"cannot read {path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is not valid TOML: {error}") from error


def _from_text(name: str, text: str, key: str) -> Any:
    """An environment variable's value: lists by comma, `graphs` as `name=target` pairs by comma."""
    if name == "graphs":
        pairs = [item.partition("=") for item in text.split(",") if item.strip()]
        if any(not sep for _, sep, _ in pairs):
            raise SettingsError(f"{key} must be name=path.py:graph pairs, separated by commas")
        return {left.strip(): right.strip() for left, _, right in pairs}
    if name == "graph_settings":
        try:
            return msgspec.json.decode(text)
        except msgspec.DecodeError as error:
            raise SettingsError(f"{key} must be a JSON object by graph: {error}") from error
    if name in (
        "allowed_origins",
        "allowed_hosts",
        "webhook_hosts",
        "memory_fields",
        "forwarded_allow_ips",
        "jwt_default_scopes",
    ):
        return [item.strip() for item in text.split(",") if item.strip()]
    return text


def _check(name: str, value: Any, where: str, *, strict: bool) -> Any:
    field = FIELDS.get(name)
    if field is None:
        raise SettingsError(
            f"unknown setting {name!r} {where}; `stepwire config` lists the settings"
        )
    try:
        return msgspec.convert(value, field.type, strict=strict)
    except msgspec.ValidationError as error:
        raise SettingsError(f"setting {name!r} {where}: {error}") from error
