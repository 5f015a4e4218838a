"""`stepwire db export-thread` and `import-thread`: a session's thread to plain LangGraph, and back."""

from collections.abc import Callable
from typing import TypeVar

import anyio
import click

from rpc.cli import exits
from rpc.cli.console import say
from rpc.cli.databases import data_dir_option, database_option, did
from rpc.cli.exits import CommandError
from rpc.cli.reading import read_settings, settings_file_option
from rpc.cli.targets import parse_targets
from rpc.cli.token import operator
from rpc.settings import Settings
from rpc.storage.records import LOCAL_OWNER

T = TypeVar("T")

schema_option = click.option(
    "--schema",
    metavar="SCHEMA",
    help="PostgreSQL's schema that has LangGraph's tables; else where the address's own search path finds them, as LangGraph does.",
)


@click.command("export-thread")
@click.argument("session_id", metavar="SESSION")
@click.option(
    "--to",
    required=True,
    metavar="URL",
    help="The database of plain LangGraph: the tables of langgraph-checkpoint-postgres, made where missing.",
)
@click.option("--as", "thread_id", metavar="THREAD", help="The thread's id; else the session's.")
@schema_option
@click.option("--replace", is_flag=True, help="Replace the thread where it is there.")
@data_dir_option
@database_option
@settings_file_option
def export_thread(
    session_id: str,
    to: str,
    thread_id: str | None,
    schema: str | None,
    replace: bool,
    data_dir: str | None,
    database: str | None,
    file: str | None,
) -> int:
    """Copy a session's thread to where LangGraph's own PostgresSaver keeps threads.

    Its whole history, with what waits for an answer: a graph that is compiled with that saver goes on with it. It is read from --database,
    or from the data directory, which a server may use meanwhile; the session stays. Where the debugger stopped it, `invoke(None, config)` goes on.
    """
    settings, _, _ = read_settings({"data_dir": data_dir, "database": database}, file)
    to_thread = session_id if thread_id is None else thread_id

    def work() -> int:
        from rpc.plain_threads import export_thread as exported

        return exported(settings, session_id, to, to_thread, replaces=replace, schema=schema)

    count = _moved(work)
    say(f"{to_thread}: {count} checkpoints")
    return exits.OK


@click.command("import-thread")
@click.argument("thread_id", metavar="THREAD")
@click.option(
    "--from",
    "source",
    required=True,
    metavar="URL",
    help="The database of plain LangGraph, with the tables of langgraph-checkpoint-postgres.",
)
@schema_option
@click.option(
    "--graph",
    metavar="GRAPH",
    help="Whose thread it is, as `stepwire serve` takes it; a name is one of the settings. Else the settings' default graph.",
)
@click.option("--as", "session_id", metavar="SESSION", help="The session's id; else the thread's.")
@click.option(
    "--owner", default=LOCAL_OWNER, show_default=True, metavar="OWNER", help="Whose session it is."
)
@click.option("--name", metavar="NAME", help="The session's name.")
@data_dir_option
@database_option
@settings_file_option
def import_thread(
    thread_id: str,
    source: str,
    schema: str | None,
    graph: str | None,
    session_id: str | None,
    owner: str,
    name: str | None,
    data_dir: str | None,
    database: str | None,
    file: str | None,
) -> int:
    """Make a session of a thread that LangGraph's own PostgresSaver keeps.

    With its whole history. One that asks waits for the answer; one that was cut off or stopped stands, and is stepped or continued; one that ended has
    completed. Into --database, beside nodes that use it, or into the data directory, which no server may use. The thread stays
    where it is.
    """
    from rpc.auth.principals import owner_problem

    problem = owner_problem(owner)
    if problem is not None:
        raise click.BadParameter(problem, param_hint="'--owner'")
    settings, _, _ = read_settings({"data_dir": data_dir, "database": database}, file)
    chosen = _graph(settings, graph)

    def work() -> int:
        from functools import partial

        from rpc.plain_threads import import_thread as imported

        made = anyio.run(
            partial(
                imported,
                settings,
                source,
                thread_id,
                chosen,
                session_id=thread_id if session_id is None else session_id,
                owner=owner,
                name=name,
                by=operator(),
                schema=schema,
            )
        )
        asks = f", {made.questions} to answer" if made.questions else ""
        say(f"{made.session_id}: {made.checkpoints} checkpoints, {made.status}{asks}")
        return exits.OK

    return _moved(work)


def _graph(settings: Settings, given: str | None) -> tuple[str, str]:
    """The graph's name and target. Raises `CommandError`."""
    known = settings.graphs
    if given is not None and given in known:
        return given, known[given]
    if given is not None:
        ((name, target),) = parse_targets([given]).items()
        return name, target
    name = settings.default_graph or (next(iter(known)) if len(known) == 1 else "")
    if name not in known:
        raise CommandError("name the graph whose thread it is: --graph app.py:graph", exits.USAGE)
    return name, known[name]


def _moved(work: Callable[[], T]) -> T:
    """Raises `CommandError`."""

    def told() -> T:
        from rpc.engine.graphs.load_errors import GraphLoadError
        from rpc.plain_threads import MoveError

        try:
            return work()
        except MoveError as error:
            raise CommandError(str(error), exits.RUN_FAILED) from error
        except GraphLoadError as error:
            raise CommandError(str(error), exits.USAGE) from error

    return did(told)
