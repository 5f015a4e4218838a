"""`stepwire check`: which stored sessions a new version of the graphs would break."""

from typing import Any

import click
import msgspec

from rpc.cli import exits
from rpc.cli.console import print_json, say
from rpc.cli.databases import data_dir_option, database_option
from rpc.cli.exits import CommandError
from rpc.cli.reading import read_settings, settings_file_option
from rpc.cli.running import json_option
from rpc.cli.targets import parse_targets


@click.command()
@click.argument("graphs", nargs=-1, metavar="[GRAPH]...")
@data_dir_option
@database_option
@settings_file_option
@json_option
def check(
    graphs: tuple[str, ...],
    data_dir: str | None,
    database: str | None,
    file: str | None,
    as_json: bool,
) -> int:
    """Say which unfinished sessions could not go on with these graphs.

    GRAPH is as `stepwire serve` takes it, under the name it is served by; without any, those of the settings, and
    sessions of other graphs count as broken. Servers may use the data directory or the database meanwhile; nothing is changed.
    """
    flags: dict[str, Any] = {"data_dir": data_dir, "database": database}
    if graphs:
        flags["graphs"] = parse_targets(graphs)
    settings, _, _ = read_settings(flags, file)
    if not settings.graphs:
        raise click.UsageError("no graph to check; name one: stepwire check path/to/file.py:graph")
    import anyio

    from rpc.checking import check_sessions
    from rpc.engine.graphs.load_errors import GraphLoadError
    from rpc.startup import StartupError

    only = set(settings.graphs) if graphs else None
    try:
        count, found = anyio.run(check_sessions, settings, settings.graphs, only)
    except (StartupError, GraphLoadError) as error:
        raise CommandError(str(error), exits.USAGE) from error
    if as_json:
        print_json({"checked": count, "broken": msgspec.to_builtins(found)})
    else:
        unfinished = f"{count} unfinished session{'' if count == 1 else 's'}"
        broken = f"{len(found)} could not go on" if found else "all could go on"
        say(f"{unfinished}, {broken}")
        for one in found:
            say(f"  {one.session_id}  {one.status}  {one.graph}: {one.why}")
    return exits.RUN_FAILED if found else exits.OK
