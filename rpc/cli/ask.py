"""`stepwire ask`: one query, its progress, its questions, its result."""

import asyncio
import sys
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

import click
import msgspec

from protocol.sessions import SETTLED, Session
from rpc.cli import exits
from rpc.cli.console import log_to_stderr, say, stderr
from rpc.cli.prefixes import session_id_of
from rpc.cli.progress import LineProgress, LiveProgress, Progress, Silent, note_of, told_error
from rpc.cli.results import print_session
from rpc.cli.running import json_option, run, url_option
from rpc.cli.values import mapping_of, value_of
from rpc.client import Client, Event, connect


@click.command()
@click.argument("query", required=False)
@click.option("--input", "input_json", metavar="JSON", help="The graph's whole input, not a query.")
@click.option("--graph", metavar="NAME", help="Which graph; else the server's default.")
@click.option(
    "--config",
    "config_parts",
    multiple=True,
    metavar="KEY=VALUE|JSON",
    help="The graph's own settings; may be given several times.",
)
@click.option("--session", "session_id", metavar="ID", help="A follow-up query in this session.")
@click.option("--name", "session_name", metavar="TEXT", help="A name for the session.")
@click.option(
    "--tag",
    "tags",
    multiple=True,
    metavar="TEXT",
    help="A tag for the session; may be given several times.",
)
@click.option(
    "--answer",
    "answers",
    multiple=True,
    metavar="VALUE",
    help="The answer to the next question the graph asks (JSON, or text); may be given several times.",
)
@click.option("--quiet", "-q", is_flag=True, help="No progress.")
@json_option
@url_option
def ask(
    query: str | None,
    input_json: str | None,
    graph: str | None,
    config_parts: tuple[str, ...],
    session_id: str | None,
    session_name: str | None,
    tags: tuple[str, ...],
    answers: tuple[str, ...],
    quiet: bool,
    as_json: bool,
    url: str,
) -> int:
    """Ask QUERY, show the progress, print the result.

    The result goes to stdout, all else to stderr. With --json the whole session is printed as one
    JSON object. When the graph asks, answer at the terminal, or beforehand with --answer.
    """
    if (query is None) == (input_json is None):
        raise click.UsageError("give a QUERY, or --input JSON")
    params: dict[str, Any] = {
        "query": query,
        "graph": graph,
        "config": mapping_of(config_parts, "--config") or None,
        "session_id": session_id,
        "session_name": session_name,
    }
    if tags:
        params["tags"] = list(tags)
    if input_json is not None:
        try:
            params["input"] = msgspec.json.decode(input_json)
        except msgspec.DecodeError as error:
            raise click.BadParameter(f"not JSON: {error}", param_hint="--input") from error
    log_to_stderr("warning")

    async def work() -> int:
        async with connect(url) as client:
            if session_id is not None:
                params["session_id"] = await session_id_of(client, session_id)
            asking = Asking(client, progress_for(quiet, as_json), list(answers))
            try:
                session = await asking.run(params)
            except asyncio.CancelledError:
                _say_how_to_come_back(asking.last, asking.status)
                raise
        print_session(session, as_json=as_json)
        _explain(session)
        return exits.STATUS_CODES.get(session.status, exits.OK)

    return run(work())


def progress_for(quiet: bool, as_json: bool) -> Progress:
    """How to show progress, given where stderr goes."""
    console = stderr()
    if quiet or (as_json and not console.is_terminal):
        return Silent()
    return LiveProgress(console) if console.is_terminal else LineProgress(console=console)


class Asking:
    """A run with its questions answered: `answers` first, then the person at the terminal."""

    def __init__(self, client: Client, progress: Progress, answers: list[str]) -> None:
        self.client = client
        self.progress = progress
        self.answers = answers
        self.last: Event | None = None
        # As the last `session.status` had it.
        self.status = ""

    async def run(self, params: dict[str, Any]) -> Session:
        """The session when the run is over, or stands and nobody answers."""
        last = await self._show(self.client.run(**params))
        while True:
            session = await self.client.session(last.session_id, whole=True)
            if session.status != "waiting" or not await self._answer(session):
                return session
            last = await self._show(
                self.client.follow(last.session_id, after=last.seq, run_id=last.run_id)
            )

    async def _show(self, source: AsyncGenerator[Event, None]) -> Event:
        """Show all of them; the last one."""
        with self.progress as progress:
            async with aclosing(source) as events:
                async for event in events:
                    self.last = event
                    if event.type == "session.status":
                        self.status = event.data["status"]
                    progress.show(event)
        assert self.last is not None
        return self.last

    async def _answer(self, session: Session) -> bool:
        """Answer the first question, if somebody can; where there are more, the run then asks again."""
        question = session.interrupts[0]
        answer: str | None
        if self.answers:
            answer = self.answers.pop(0)
        else:
            where = f"{question.node} asks" if question.node else "the graph asks"
            value = question.value
            text = value if isinstance(value, str) else note_of(value)
            answer = await _prompt(f"{where}: {text}\n> ")
        if answer is None:
            return False
        await self.client.respond(session.session_id, value_of(answer), question.interrupt_id)
        return True


async def _prompt(text: str) -> str | None:
    """A line from the terminal, the connection kept alive meanwhile; None without one."""
    if not sys.stdin.isatty():
        return None
    say(text, nl=False, err=True)
    loop = asyncio.get_running_loop()
    readable = asyncio.Event()
    loop.add_reader(sys.stdin.fileno(), readable.set)
    try:
        await readable.wait()
    finally:
        loop.remove_reader(sys.stdin.fileno())
    line = sys.stdin.readline()
    return line.rstrip("\n") if line else None


def _say_how_to_come_back(last: Event | None, status: str) -> None:
    if last is None:
        return
    id = last.session_id
    if status == "waiting":
        say(f"it waits for an answer: stepwire sessions respond {id} VALUE", err=True)
    elif status in SETTLED:
        say(f"it is {status}: stepwire sessions get {id}", err=True)
    else:
        say(
            f"the run goes on: stepwire watch {id}; or end it: stepwire sessions cancel {id}",
            err=True,
        )


def _explain(session: Session) -> None:
    """What a person should know of a run that did not complete."""
    id = session.session_id
    if session.status == "failed" and session.error is not None:
        say(f"failed: {told_error(msgspec.structs.asdict(session.error))}", err=True)
    elif session.status == "waiting":
        say(f"it waits for an answer: stepwire sessions respond {id} VALUE", err=True)
    elif session.status == "paused":
        say(f"the debugger holds it: session {id}", err=True)
    elif session.status == "cancelled":
        say("cancelled", err=True)
    elif sys.stderr.isatty():
        say(f'a follow-up: stepwire ask --session {id} "…"', err=True)
