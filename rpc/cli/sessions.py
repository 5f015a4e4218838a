"""`stepwire sessions`: list them, and look at, cancel, answer or delete one."""

import click
from rich.markup import escape
from rich.table import Table

from protocol.sessions import STATUSES, CancelResult, Session, StatusResult
from rpc.cli import exits
from rpc.cli.console import STYLES, print_json, say, stdout
from rpc.cli.exits import CommandError
from rpc.cli.prefixes import chosen, label_of, session_id_of
from rpc.cli.prefixes import session_ids as whole_ids
from rpc.cli.results import print_session
from rpc.cli.running import DEFAULT_URL, F, json_option, run, token_option, url_option
from rpc.cli.values import value_of
from rpc.client import connect

WIDE = 110
"""Columns of a terminal from which on a session's line has everything."""


@click.group(invoke_without_command=True)
@click.option("--status", type=click.Choice(STATUSES), help="Only sessions in this status.")
@click.option("--search", metavar="TEXT", help="Only where name, query or id contains this.")
@click.option(
    "--limit", type=click.IntRange(1), default=50, show_default=True, help="At most so many."
)
@json_option
@url_option
@click.pass_context
def sessions(
    context: click.Context,
    status: str | None,
    search: str | None,
    limit: int,
    as_json: bool,
    url: str,
) -> int:
    """List the sessions, newest first, or work on one."""
    if context.invoked_subcommand is not None:
        return exits.OK
    return run(_list(url, status, search, limit, as_json))


async def _list(url: str, status: str | None, search: str | None, limit: int, as_json: bool) -> int:
    found: list[Session] = []
    cursor: str | None = None
    async with connect(url, reconnect_seconds=0) as client:
        while True:
            page = await client.sessions(
                limit=min(1000, limit - len(found)), cursor=cursor, status=status, search=search
            )
            found += page.sessions
            cursor = page.next_cursor
            if cursor is None or len(found) >= limit:
                break
    if as_json:
        print_json({"sessions": found, "total": page.total})
        return exits.OK
    console = stdout()
    if not console.is_terminal:
        console.width = 200
    console.print(_table(found, console.width))
    if page.total > len(found):
        console.print(f"[dim]{len(found)} of {page.total}; --limit shows more[/dim]")
    return exits.OK


def _say(result: StatusResult, as_json: bool) -> int:
    """What a session is by now; the exit code."""
    if as_json:
        print_json(result)
    elif isinstance(result, CancelResult) and result.pending:
        say(f"{result.session_id} is cancelled as soon as the server's disk takes it")
    else:
        say(f"{result.session_id} is {result.status}")
    return exits.OK


def _table(found: list[Session], width: int) -> Table:
    """Ids and statuses are whole in any width; the query gets what is left of it, and events their place in a wide one."""
    wide = width >= WIDE
    rows = [
        [
            session.session_id,
            session.status,
            _cut(session.graph, 40 if wide else 12),
            session.updated_at[:19].replace("T", " ") if wide else session.updated_at[5:10],
            *([str(session.seq)] if wide else []),
        ]
        for session in found
    ]
    heads = ["SESSION", "STATUS", "GRAPH", "UPDATED", *(["EVENTS"] if wide else [])]
    table = Table(box=None, pad_edge=False, header_style="dim")
    taken = 0
    for number, head in enumerate(heads):
        size = max(len(head), *(len(row[number]) for row in rows), 0)
        table.add_column(
            head, no_wrap=True, min_width=size, justify="right" if number == 4 else "left"
        )
        taken += size + 2
    table.add_column("QUERY", no_wrap=True)
    for session, row in zip(found, rows, strict=True):
        label = label_of(session)
        texts = [escape(text) for text in [*row, _cut(label, max(5, width - taken))]]
        texts[1] = f"[{STYLES[session.status]}]{session.status}[/]"
        table.add_row(*texts)
    return table


def _cut(text: str, size: int) -> str:
    return text if len(text) <= size else text[: size - 1] + "…"


def _default_url() -> str:
    """What was given before the subcommand's name."""
    parent = click.get_current_context().parent
    return DEFAULT_URL if parent is None else str(parent.params["url"])


_own_url_option = click.option("--url", default=_default_url, metavar="URL", help="The server.")


def _url_option(command: F) -> F:
    return _own_url_option(token_option(command))


@sessions.command()
@click.argument("session_id", metavar="SESSION")
@json_option
@_url_option
def get(session_id: str, as_json: bool, url: str) -> int:
    """Show one session with its result."""

    async def work() -> int:
        async with connect(url, reconnect_seconds=0) as client:
            session = await client.session(await session_id_of(client, session_id), whole=True)
        print_session(session, as_json=as_json, details=True)
        return exits.OK

    return run(work())


@sessions.command()
@click.argument("session_id", metavar="SESSION")
@json_option
@_url_option
def cancel(session_id: str, as_json: bool, url: str) -> int:
    """Stop a session's run."""

    async def work() -> int:
        async with connect(url, reconnect_seconds=0) as client:
            result = await client.cancel(await session_id_of(client, session_id))
        return _say(result, as_json)

    return run(work())


@sessions.command()
@click.argument("session_id", metavar="SESSION")
@click.argument("value", metavar="VALUE")
@click.option("--interrupt", metavar="ID", help="Which question, where several are open.")
@json_option
@_url_option
def respond(session_id: str, value: str, interrupt: str | None, as_json: bool, url: str) -> int:
    """Answer a node that asks. VALUE is JSON, or else taken as text."""

    async def work() -> int:
        async with connect(url, reconnect_seconds=0) as client:
            whole_id = await session_id_of(client, session_id)
            asked = interrupt
            if interrupt is not None:
                open_ones = (await client.session(whole_id)).interrupts
                asked = _question(interrupt, [one.interrupt_id for one in open_ones])
            result = await client.respond(whole_id, value_of(value), asked)
        return _say(result, as_json)

    return run(work())


@sessions.command()
@click.argument("session_id", metavar="SESSION")
@click.option(
    "--discard", is_flag=True, help="Give up keys of the state that the graph has no more."
)
@json_option
@_url_option
def resume(session_id: str, discard: bool, as_json: bool, url: str) -> int:
    """Let a failed run go on from its last checkpoint."""

    async def work() -> int:
        async with connect(url, reconnect_seconds=0) as client:
            whole_id = await session_id_of(client, session_id)
            result = await client.resume(whole_id, discard=discard)
        return _say(result, as_json)

    return run(work())


def _question(text: str, ids: list[str]) -> str:
    """The open question that is meant. Raises `CommandError`."""
    try:
        return chosen(text, ids, "question")
    except LookupError as error:
        raise CommandError(str(error), exits.REFUSED) from error


@sessions.command()
@click.argument("session_ids", metavar="SESSION...", nargs=-1, required=True)
@_url_option
def delete(session_ids: tuple[str, ...], url: str) -> int:
    """Delete sessions with all they own."""

    async def work() -> int:
        async with connect(url, reconnect_seconds=0) as client:
            for session_id in await whole_ids(client, session_ids):
                await client.delete(session_id)
                say(f"{session_id} is deleted")
        return exits.OK

    return run(work())
