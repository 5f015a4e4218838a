"""`stepwire debug`: a terminal debugger; in a pipe it takes its commands from standard input."""

import asyncio
import getpass
import os
import platform
import signal
import sys
from collections.abc import AsyncIterator
from typing import Any

import click
import msgspec

from protocol.events import DebugStopped
from rpc.cli import exits
from rpc.cli.console import log_to_stderr, say, set_in, stderr, stdout
from rpc.cli.debug_commands import Frontend, Quit, WrongUsage, breakpoint_of, usage
from rpc.cli.debug_view import View
from rpc.cli.prefixes import session_id_of
from rpc.cli.progress import line_of, told_error
from rpc.cli.results import print_session
from rpc.cli.running import run, url_option
from rpc.cli.values import mapping_of
from rpc.client import Client, Debugger, Event, RpcError, SessionDeleted, connect

SMALL_GRAPH = 30
"""Up to so many nodes, the graph is shown at every stop at a terminal."""


@click.command(epilog=f"\b\nCommands:\n{usage()}")
@click.argument("session_id", metavar="[SESSION]", required=False)
@click.option("--query", metavar="TEXT", help="Begin a new session with this query.")
@click.option("--graph", metavar="NAME", help="Of which graph; else the server's default.")
@click.option(
    "--config",
    "config_parts",
    multiple=True,
    metavar="KEY=VALUE|JSON",
    help="The graph's own settings; may be given several times.",
)
@click.option(
    "--break",
    "-b",
    "breaks",
    multiple=True,
    metavar="NODE …",
    help="A breakpoint, as the b command takes it; without one it stops at the first node.",
)
@url_option
def debug(
    session_id: str | None,
    query: str | None,
    graph: str | None,
    config_parts: tuple[str, ...],
    breaks: tuple[str, ...],
    url: str,
) -> int:
    """Debug SESSION, or a new one with --query: stop, look, change, go on, go back.

    At a terminal it asks for commands; Tab completes node names, Enter repeats a step, Ctrl-C pauses what runs.
    In a pipe it reads a command a line, and ends at the first that is refused. It exits with
    the code of the session's status.
    """
    if (session_id is None) == (query is None):
        raise click.UsageError("give a SESSION, or a --query to begin one")
    try:
        breakpoints = [breakpoint_of(one) for one in breaks]
    except WrongUsage as error:
        raise click.BadParameter(str(error), param_hint="--break") from error
    log_to_stderr("warning")
    config = mapping_of(config_parts, "--config") or None

    async def work() -> int:
        async with connect(url) as client:
            shown = Shown()
            if session_id is not None:
                whole_id = await session_id_of(client, session_id)
                debugging = client.attach(
                    whole_id,
                    breakpoints=breakpoints,
                    on_event=shown.event,
                    debugger_id=_debugger_id(),
                )
            else:
                debugging = client.debug(
                    query,
                    graph=graph,
                    config=config,
                    breakpoints=[*breakpoints],
                    on_event=shown.event,
                    debugger_id=_debugger_id(),
                )
            async with debugging as session:
                return await _debug(client, session, shown)

    return run(work())


def _debugger_id() -> str:
    """As whom it debugs sessions: the same for a user of this machine, who may come back in another terminal."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        # Nothing names the user, as in some containers.
        user = str(os.getuid())
    return f"stepwire debug {user}@{platform.node()}"[:200]


async def _debug(client: Client, session: Debugger, shown: "Shown") -> int:
    """The commands, until they end; the exit code."""
    record = await client.session(session.session_id)
    described = await client.call("graph.describe", graph=record.graph)
    frontend = Frontend(session, described, shown.view, shown.finished)
    interactive = sys.stdin.isatty()
    if not shown.stops and session.status in ("paused", "waiting"):
        await frontend.execute("bt")
    lines = _typed(frontend) if interactive else _piped()
    draws = interactive and len(frontend.paths) <= SMALL_GRAPH
    if draws:
        await frontend.position()
    async for line in lines:
        stops, results = shown.stops, shown.results
        try:
            await (_interruptible(frontend, line) if interactive else frontend.execute(line))
        except Quit:
            break
        except (WrongUsage, RpcError, SessionDeleted) as error:
            say(str(error), err=True)
            if session.status == "waiting" and getattr(error, "type", "") == "wrong_state":
                say("it asks: r VALUE answers", err=True)
            if not interactive:
                return exits.USAGE if isinstance(error, WrongUsage) else exits.REFUSED
        if draws and shown.stops > stops:
            await frontend.position()
        if interactive and shown.results > results:
            print_session(await client.session(session.session_id, whole=True), as_json=False)
    return await _leave(client, session, interactive)


def _typed(frontend: Frontend) -> AsyncIterator[str]:
    from rpc.cli.debug_prompt import typed_lines

    return typed_lines(frontend)


async def _piped() -> AsyncIterator[str]:
    """Lines of standard input; empty ones and comments are left out."""
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        text = line.strip()
        if text and not text.startswith("#"):
            yield text


async def _interruptible(frontend: Frontend, line: str) -> None:
    """Do what a line says; Ctrl-C meanwhile pauses the session."""
    loop = asyncio.get_running_loop()
    pauses: set[asyncio.Task[Any]] = set()

    def pause() -> None:
        pauses.add(loop.create_task(_ask_to_pause(frontend)))

    loop.add_signal_handler(signal.SIGINT, pause)
    try:
        await frontend.execute(line)
    finally:
        loop.remove_signal_handler(signal.SIGINT)
        signal.signal(signal.SIGINT, signal.default_int_handler)


async def _ask_to_pause(frontend: Frontend) -> None:
    try:
        await frontend.session.pause()
        say("it stops at the next superstep", err=True)
    except RpcError as error:
        say(str(error), err=True)


async def _leave(client: Client, session: Debugger, interactive: bool) -> int:
    found = await client.session(session.session_id)
    if not interactive:
        print_session(found, as_json=False)
    if found.status in ("paused", "waiting", "running"):
        say(f"it is {found.status}; back to it: stepwire debug {session.session_id}", err=True)
    return exits.STATUS_CODES.get(found.status, exits.OK)


class Shown:
    """Shows events: stops and what ends the run on stdout, progress on stderr."""

    def __init__(self) -> None:
        self.view = View(stdout())
        self.progress = stderr()
        # How many stops and results there were.
        self.stops = 0
        self.results = 0
        # Paths of the nodes that ended in this run.
        self.finished: set[str] = set()

    def event(self, event: Event) -> None:
        """One event."""
        data = event.data
        if event.type == "node.finished":
            self.finished.add(data["path"])
        elif event.type == "debug.changed" and data["action"] in ("rewind", "restart"):
            self.finished.clear()
        match event.type:
            case "debug.stopped":
                self.stops += 1
                stop = msgspec.convert(data, DebugStopped)
                self.view.stop(stop.reason, stop.tasks, stop.detail)
            case "session.status":
                if data["status"] not in ("running", "paused", "queued"):
                    self.view.status(data["status"])
            case "input.requested":
                self.view.line(f"? {data['path']} asks ({data['interrupt_id']}):")
                self.view.value(data["value"])
            case "query.failed":
                self.view.line(f"✗ failed: {told_error(data['error'])}")
            case "debug.log":
                self.view.line(f"• {data['path']}: {set_in(data['text'])}")
            case "query.result":
                self.results += 1
            case "progress":
                pass
            case _:
                line = line_of(event)
                if line is not None:
                    self.progress.print(line)
