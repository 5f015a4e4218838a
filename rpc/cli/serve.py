"""`stepwire serve`: a server, until a signal ends it."""

import asyncio
import faulthandler
import gc
import logging
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack, suppress
from typing import TYPE_CHECKING, Any

import click
import msgspec

from rpc import settings as settings_module
from rpc.cli import exits, project, project_file
from rpc.cli.console import log_to_stderr, say, say_all
from rpc.cli.exits import CommandError
from rpc.cli.reading import Reading, read_settings, settings_file_option, told
from rpc.cli.supervised import Link
from rpc.cli.supervising import STOPS, can_supervise, supervise
from rpc.cli.targets import parse_targets
from rpc.env_files import EnvFile, EnvFileError
from rpc.listening import bind
from rpc.settings import Settings, SettingsError
from rpc.startup import StartupError, Watched
from rpc.telemetry.json_lines import MEMBERS

if TYPE_CHECKING:
    from rpc.server import Address
    from rpc.storage.soundness import Soundness
    from rpc.storage.store import StorageBroken

log = logging.getLogger("stepwire.cli")

YOUNG = 3_000
"""How many objects are made before the collector looks at them. Each event in line is one, and most are gone by then: with Python's 700
it looks at them again and again, for a twentieth of a run's time. More would keep what nodes leave behind in a cycle, such as an error that
they hold with all its frames, for longer.
"""


def _about(name: str) -> str:
    """The setting's own description."""
    return settings_module.describe(name)


@click.command()
@click.argument("graphs", nargs=-1, metavar="[GRAPH]...")
@click.option("--host", metavar="ADDRESS", help=_about("host"))
@click.option("--port", type=click.IntRange(0, 65535), metavar="PORT", help=_about("port"))
@click.option("--data-dir", metavar="DIR", help=_about("data_dir"))
@click.option("--database", metavar="URL", help=_about("database"))
@click.option("--pool-size", type=int, metavar="N", help=_about("pool_size"))
@click.option("--role", type=click.Choice(["all", "api", "worker"]), help=_about("role"))
@click.option("--default-graph", metavar="NAME", help=_about("default_graph"))
@click.option("--allow-origin", multiple=True, metavar="ORIGIN", help=_about("allowed_origins"))
@click.option("--allow-host", multiple=True, metavar="HOST", help=_about("allowed_hosts"))
@click.option("--ssl-certfile", metavar="FILE", help=_about("ssl_certfile"))
@click.option("--ssl-keyfile", metavar="FILE", help=_about("ssl_keyfile"))
@click.option(
    "--forwarded-allow-ips", multiple=True, metavar="ADDRESS", help=_about("forwarded_allow_ips")
)
@click.option(
    "--max-running",
    "--concurrency",
    "max_running",
    type=int,
    metavar="N",
    help=_about("max_running"),
)
@click.option(
    "--log-level",
    type=click.Choice(["debug", "info", "warning", "error"]),
    help=_about("log_level"),
)
@click.option("--log-format", type=click.Choice(["text", "json"]), help=_about("log_format"))
@click.option("--auth", type=click.Choice(["auto", "required", "off"]), help=_about("auth"))
@click.option("--insecure-no-auth", is_flag=True, default=None, help=_about("insecure_no_auth"))
@click.option(
    "--set",
    "others",
    multiple=True,
    metavar="NAME=VALUE",
    help="Any setting that `stepwire config` lists.",
)
@click.option(
    "--reload",
    "reloads",
    is_flag=True,
    help="Load the graphs anew when a file of theirs, a .env file or the settings file changes.",
)
@click.option("--recover-limit", type=int, metavar="N", help=_about("recover_limit"))
@click.option("--supervise/--no-supervise", default=None, help=_about("supervise"))
@click.option(
    "--until-stdin-ends",
    is_flag=True,
    help="End, as by a signal, when standard input does: whoever started it has gone.",
)
@settings_file_option
def serve(
    graphs: tuple[str, ...],
    allow_origin: tuple[str, ...],
    allow_host: tuple[str, ...],
    forwarded_allow_ips: tuple[str, ...],
    others: tuple[str, ...],
    file: str | None,
    reloads: bool,
    until_stdin_ends: bool,
    **flags: Any,
) -> int:
    """Serve graphs until Ctrl-C.

    GRAPH is `path/to/file.py:name` or `package.module:name`; `news=path/to/file.py:name` serves it
    as `news`. Without any, those of the settings are served.
    """
    if graphs:
        flags["graphs"] = parse_targets(graphs)
    flags["allowed_origins"] = list(allow_origin) or None
    flags["allowed_hosts"] = list(allow_host) or None
    named = [one.strip() for given in forwarded_allow_ips for one in given.split(",")]
    flags["forwarded_allow_ips"] = [one for one in named if one] or None
    for other in others:
        name, separator, value = other.partition("=")
        if not separator:
            raise click.BadParameter(f"{other!r} is not NAME=VALUE", param_hint="'--set'")
        flags[name.strip().replace("-", "_")] = value
    # Two saves in one second give two files of one age: what was compiled of the first must not be taken for the other.
    sys.dont_write_bytecode = sys.dont_write_bytecode or reloads
    settings, _, env_files = read_settings(flags, file)
    made: project.Project | None = None
    if not settings.graphs and (path := project.found()) is not None:
        made = project.read(path)
        flags["graphs"] = made.graphs
        if made.origins:
            flags["allowed_origins"] = [*settings.allowed_origins, *made.origins]
        default = Settings()
        for name, value in made.settings.items():
            # What somebody has set for this server goes before what its project says.
            if getattr(settings, name) == getattr(default, name):
                flags[name] = value
        env_files.take_back()
        settings, _, env_files = read_settings(flags, file)
        for note in made.notes:
            say(f"note: {note}", err=True)
    if not settings.graphs:
        raise click.UsageError(
            "no graph to serve; name one: stepwire serve path/to/file.py:graph "
            "(`stepwire demo` brings its own)"
        )
    reading = Reading(flags, file, env_files)
    return run_server(
        settings, reading, reloads=reloads, made=made, until_stdin_ends=until_stdin_ends
    )


def run_server(
    settings: Settings,
    reading: Reading,
    *,
    reloads: bool,
    made: project.Project | None = None,
    until_stdin_ends: bool = False,
) -> int:
    """Serve until a signal; the exit code. Raises `CommandError`."""

    def run(link: Link | None) -> int:
        return _run(
            settings,
            reading,
            listener,
            link,
            reloads=reloads,
            made=made,
            until_stdin_ends=until_stdin_ends,
        )

    try:
        listener = bind(settings)
    except StartupError as error:
        return _cannot_start(settings, error)
    if not (settings.supervise and can_supervise()):
        return run(None)
    return supervise(
        run,
        stuck_seconds=settings.stuck_seconds,
        grace_seconds=settings.shutdown_grace_seconds,
        prepare_log=lambda: log_to_stderr(settings.log_level, settings.log_format),
    )


def _run(
    settings: Settings,
    reading: Reading,
    listener: socket.socket,
    link: Link | None,
    *,
    reloads: bool,
    made: project.Project | None,
    until_stdin_ends: bool,
) -> int:
    """The server's own process. `link`: to what supervises it. Raises `CommandError`."""
    # What is made from here on stays, until the server is ready: the collector would look through all of
    # LangGraph's modules a dozen times, for nothing.
    gc.disable()
    # What kills the process leaves in the log where it was.
    faulthandler.enable(2)
    from rpc import server
    from rpc.engine.graphs.load_errors import GraphLoadError

    log_to_stderr(settings.log_level, settings.log_format)
    if reloads and link is not None and link.died is not None:
        settings = _as_saved(settings, reading)
    try:
        serving = _serve(
            settings,
            reading,
            listener,
            link,
            reloads=reloads,
            made=made,
            until_stdin_ends=until_stdin_ends,
        )
        return server.run(serving)
    except (StartupError, GraphLoadError) as error:
        return _cannot_start(settings, error)


def _cannot_start(settings: Settings, error: Exception) -> int:
    """Say why, as the log is written. Raises `CommandError`."""
    if settings.log_format == "json":
        log_to_stderr(settings.log_level, settings.log_format)
        log.critical("%s", error)
        return exits.USAGE
    raise CommandError(str(error), exits.USAGE) from error


def _as_saved(settings: Settings, reading: Reading) -> Settings:
    """The settings with the graphs that a reload would serve by now."""
    try:
        new, _ = reading.again()
    except (SettingsError, EnvFileError) as error:
        log.error("the settings of before go on:\n%s", error)
        return settings
    return msgspec.structs.replace(settings, graphs=new.graphs, default_graph=new.default_graph)


async def _serve(
    settings: Settings,
    reading: Reading,
    listener: socket.socket,
    link: Link | None,
    *,
    reloads: bool,
    made: project.Project | None,
    until_stdin_ends: bool,
) -> int:
    from rpc.app import create_app
    from rpc.server import serving
    from rpc.transports.beside import hidden

    more = {} if made is None else project_parts(made)
    app = create_app(settings.graphs, settings, **more)
    if unheard := hidden(app.beside_routes):
        say(
            f"note: `http.app` of {project_file.FILE} does not get what is asked for at {', '.join(unheard)}: the server's own addresses go first",
            err=True,
        )
    app.watched = None if link is None else Watched(link.died is not None)
    async with AsyncExitStack() as stack:
        began = time.time_ns()
        address = await stack.enter_async_context(serving(settings, app, listener))
        stopped = Stopped(link)
        assert app.core is not None
        stopped.end_when_outdated(app.core.sessions.store.soundness)
        if until_stdin_ends:
            stopped.watch_stdin()
        # Nor need the collector look at it later.
        gc.freeze()
        gc.set_threshold(YOUNG, *gc.get_threshold()[1:])
        gc.enable()
        if reloads:
            from rpc.cli.reloading import reloading

            await stack.enter_async_context(reloading(app, settings, reading, began))
        # Before anybody knows it, who may kill it at once; and before what was left unfinished has run.
        if link is not None:
            link.answers()
        announce(address, settings, reading.env_files.files)
        await stopped.wait()
        if stopped.outdated is not None:
            raise StartupError(str(stopped.outdated))
    return stopped.exit_code


def project_parts(made: project.Project) -> dict[str, Any]:
    """What a project has beside its graphs, as `create_app` takes it. Raises `GraphLoadError`."""
    from rpc.engine.graphs.loading import import_object

    parts: dict[str, Any] = {}
    if made.http_app is not None:
        parts["beside"] = import_object(made.http_app)
    if made.auth is not None:
        from langgraph_sdk import Auth

        from rpc.auth.langgraph_auth import LangGraphAuth

        auth = import_object(made.auth)
        if not isinstance(auth, Auth):
            raise CommandError(
                f"{project_file.FILE}: `auth` names a {type(auth).__name__}, not an `Auth`",
                exits.USAGE,
            )
        parts["authenticate"] = LangGraphAuth(auth)
    parts["calls"] = made.webhooks
    parts["descriptions"] = made.descriptions
    parts["beside_asks"] = made.http_asks
    from rpc.auth.origin import Cors
    from rpc.transports.langgraph.surface import Surface

    parts["surface"] = Surface(**made.surface)
    parts["pages"] = Cors(**made.cors)
    return parts


def announce(address: "Address", settings: Settings, env_files: Sequence[EnvFile]) -> None:
    """Say that the server is ready, and where, and which `.env` files it has read."""
    graphs = list(settings.graphs)
    if settings.log_format == "json":
        worker = settings.role == "worker"
        members: dict[str, object] = {"graphs": graphs}
        members |= {"health": address.health_url} if worker else {"rpc": address.rpc_url}
        members["env_files"] = [told(one) for one in env_files]
        log.info("Stepwire serves %s", ", ".join(graphs), extra={MEMBERS: members})
        return
    # A worker answers nobody.
    clients = (
        ("console", address.console_url),
        ("RPC", address.rpc_url),
        ("docs", address.docs_url),
    )
    lines = [("", f"Stepwire serves {', '.join(graphs)}")]
    for label, text in (
        *(() if settings.role == "worker" else clients),
        ("health", address.health_url),
        *(("env", told(one)) for one in env_files),
    ):
        lines.append((f"  {click.style(f'{label:<8}', bold=True)}", text))
    # At once: who reads only the first line leaves a server that goes on.
    say_all(lines)


class Stopped:
    """Waits for SIGINT, SIGTERM or SIGHUP; a second one ends the process at once.

    `link`: to what supervises it, which may have got the same signal, and passes it on.
    """

    def __init__(self, link: Link | None = None) -> None:
        self.exit_code = exits.OK
        # Why this version can serve no longer.
        self.outdated: StorageBroken | None = None
        self._event = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._numbers = [
            number
            for number in STOPS
            if number == signal.SIGINT or signal.getsignal(number) != signal.SIG_IGN
        ]
        for number in self._numbers:
            self._loop.add_signal_handler(number, self._on_signal, number)
        if link is not None:
            link.listen(self._told)

    def _on_signal(self, number: signal.Signals) -> None:
        self._told(number)
        for each in self._numbers:
            self._loop.remove_signal_handler(each)
            signal.signal(each, signal.SIG_DFL)

    def _told(self, number: signal.Signals) -> None:
        if not self._event.is_set():
            self.exit_code = exits.INTERRUPTED if number == signal.SIGINT else exits.OK
            self._event.set()

    def watch_stdin(self) -> None:
        """Take the end of standard input for SIGTERM. What is written there is read, and means nothing."""

        def read() -> None:
            with suppress(OSError):
                while os.read(0, 65536):
                    pass
            # A loop that has closed by itself needs none.
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._told, signal.SIGTERM)

        threading.Thread(target=read, name="stepwire-stdin", daemon=True).start()

    def end_when_outdated(self, soundness: "Soundness") -> None:
        """End where a newer version has changed the database so that this one cannot work on it: a supervisor starts it again in vain."""

        def found(fault: "StorageBroken") -> None:
            if fault.reason == "outdated":
                with suppress(RuntimeError):
                    self._loop.call_soon_threadsafe(self._end, fault)

        soundness.listeners.append(found)
        if soundness.fault is not None:
            found(soundness.fault)

    def _end(self, fault: "StorageBroken") -> None:
        self.outdated = fault
        self._event.set()

    async def wait(self) -> None:
        """Until a signal comes, or the server can do nothing any more."""
        await self._event.wait()
