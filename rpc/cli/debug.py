"""`stepwire debug`: a terminal debugger; in a pipe it takes its commands from standard input."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import click

from rpc.cli import exits
from rpc.cli.console import clean, log_to_stderr, stderr, stdout
from rpc.cli.debug_commands import Debugger, Quit, WrongUsage, breakpoint_of, usage
from rpc.cli.debug_session import DebuggedSession
from rpc.cli.debug_view import View
from rpc.cli.progress import line_of
from rpc.cli.results import print_session
from rpc.cli.running import run, url_option
from rpc.cli.values import mapping_of
from rpc.client import Client, Event, RpcError, connect

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
            if query is not None:
                started = await client.start(
                    query, graph=graph, config=config, debug_mode=True, breakpoints=[*breakpoints]
                )
                session = DebuggedSession(client, started.session_id, started.seq, shown.event)
            else:
                assert session_id is not None
                session = await _attached(client, session_id, breakpoints, shown)
            async with _reading(session):
                if query is not None:
                    await session.rest(session.seq)
                return await _debug(client, session, shown)

    return run(work())


async def _attached(
    client: Client, session_id: str, breakpoints: list[dict[str, Any]], shown: "Shown"
) -> DebuggedSession:
    found = await client.session(session_id)
    await client.call("debug.attach", session_id=session_id)
    for one in breakpoints:
        await client.call("debug.setBreakpoint", session_id=session_id, **one)
    session = DebuggedSession(client, session_id, found.seq, shown.event)
    await session.look()
    return session


@asynccontextmanager
async def _reading(session: DebuggedSession) -> AsyncIterator[None]:
    reader = asyncio.create_task(session.read())
    try:
        yield
    finally:
        reader.cancel()


async def _debug(client: Client, session: DebuggedSession, shown: "Shown") -> int:
    """The commands, until they end; the exit code."""
    record = await client.session(session.id)
    described = await client.call("graph.describe", graph=record.graph)
    debugger = Debugger(session, described, shown.view)
    interactive = sys.stdin.isatty()
    if not shown.stops and session.status in ("paused", "waiting"):
        await debugger.execute("bt")
    lines = _typed(debugger) if interactive else _piped()
    draws = interactive and len(debugger.paths) <= SMALL_GRAPH
    if draws:
        await debugger.position()
    async for line in lines:
        stops, results = shown.stops, shown.results
        try:
            await (_interruptible(debugger, line) if interactive else debugger.execute(line))
        except Quit:
            break
        except (WrongUsage, RpcError) as error:
            click.echo(str(error), err=True)
            if not interactive:
                return exits.USAGE if isinstance(error, WrongUsage) else exits.REFUSED
        if draws and shown.stops > stops:
            await debugger.position()
        if interactive and shown.results > results:
            print_session(await client.session(session.id), as_json=False)
    return await _leave(client, session, interactive)


def _typed(debugger: Debugger) -> AsyncIterator[str]:
    from rpc.cli.debug_prompt import typed_lines

    return typed_lines(debugger)


async def _piped() -> AsyncIterator[str]:
    """Lines of standard input; empty ones and comments are left out."""
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        text = line.strip()
        if text and not text.startswith("#"):
            yield text


async def _interruptible(debugger: Debugger, line: str) -> None:
    """Do what a line says; Ctrl-C meanwhile pauses the session."""
    loop = asyncio.get_running_loop()
    pauses: set[asyncio.Task[Any]] = set()

    def pause() -> None:
        pauses.add(loop.create_task(_ask_to_pause(debugger)))

    loop.add_signal_handler(signal.SIGINT, pause)
    try:
        await debugger.execute(line)
    finally:
        loop.remove_signal_handler(signal.SIGINT)
        signal.signal(signal.SIGINT, signal.default_int_handler)


async def _ask_to_pause(debugger: Debugger) -> None:
    try:
        await debugger.session.call("pause")
        click.echo("it stops at the next superstep", err=True)
    except RpcError as error:
        click.echo(str(error), err=True)


async def _leave(client: Client, session: DebuggedSession, interactive: bool) -> int:
    found = await client.session(session.id)
    if not interactive:
        print_session(found, as_json=False)
    if found.status in ("paused", "waiting", "running"):
        click.echo(f"it is {found.status}; back to it: stepwire debug {session.id}", err=True)
    return exits.STATUS_CODES.get(found.status, exits.OK)


class Shown:
    """Shows events: stops and what ends the run on stdout, progress on stderr."""

    def __init__(self) -> None:
        self.view = View(stdout())
        self.progress = stderr()
        # How many stops and results there were.
        self.stops = 0
        self.results = 0

    def event(self, event: Event) -> None:
        """One event."""
        data = event.data
        match event.type:
            case "debug.stopped":
                self.stops += 1
                self.view.stop(data["reason"], data["tasks"], data["detail"])
            case "session.status":
                if data["status"] not in ("running", "paused", "queued"):
                    self.view.status(data["status"])
            case "input.requested":
                self.view.line(f"? {data['path']} asks ({data['interrupt_id']}):")
                self.view.value(data["value"])
            case "query.failed":
                error = data["error"]
                self.view.line(f"✗ failed: {error['type']}: {clean(error['message'])}")
            case "debug.log":
                self.view.line(f"• {data['path']}: {clean(data['text'])}")
            case "query.result":
                self.results += 1
            case "progress":
                pass
            case _:
                line = line_of(event)
                if line is not None:
                    self.progress.print(line)
