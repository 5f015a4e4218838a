"""`stepwire watch`: a session's events as they come."""

import sys

import click

from rpc.cli import exits
from rpc.cli.console import log_to_stderr, print_json
from rpc.cli.prefixes import session_id_of
from rpc.cli.progress import LineProgress
from rpc.cli.running import json_option, run, url_option
from rpc.client import connect


@click.command()
@click.argument("session_id", metavar="SESSION")
@click.option("--after", type=click.IntRange(0), default=0, help="Only events after this number.")
@click.option("--type", "types", multiple=True, metavar="TYPE", help="Only events of this type.")
@click.option("--follow", is_flag=True, help="Go on when the run is over, for the next one.")
@json_option
@url_option
def watch(
    session_id: str, after: int, types: tuple[str, ...], follow: bool, as_json: bool, url: str
) -> int:
    """Show a session's events from its first one until its run is over, asks, or is stopped.

    With --json: one event a line.
    """
    log_to_stderr("warning")
    return run(_watch(url, session_id, after, frozenset(types), follow, as_json))


async def _watch(
    url: str, session_id: str, after: int, types: frozenset[str], follow: bool, as_json: bool
) -> int:
    progress = LineProgress(sys.stdout)
    async with connect(url, reconnect_seconds=None) as client:
        session_id = await session_id_of(client, session_id)
        session = await client.session(session_id)
        status: str = session.status
        if not follow and after >= session.seq and status in exits.STATUS_CODES:
            return exits.OK
        async for event in client.events(session_id, after=after):
            if not types or event.type in types:
                if as_json:
                    print_json(event.as_dict())
                else:
                    progress.show(event)
            if event.type == "session.status":
                status = event.data["status"]
            # A session may have had runs before: only its newest one's end is the end.
            if not follow and event.seq >= session.seq and status in exits.STATUS_CODES:
                return exits.OK
    return exits.OK
