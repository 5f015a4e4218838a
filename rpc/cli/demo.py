"""`stepwire demo`: a server with the biomed example, and one query to it over the real socket."""

import os
import re
import shlex
import shutil
import sys
import tempfile
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec
from rich.markup import escape

import rpc
from rpc.cli import exits
from rpc.cli.ask import Asking, progress_for
from rpc.cli.console import log_to_stderr, stdout
from rpc.cli.exits import CommandError
from rpc.cli.progress import told_error
from rpc.cli.reading import read_env_files
from rpc.cli.results import print_session
from rpc.cli.serve import Stopped, announce
from rpc.client import connect
from rpc.env_files import EnvFiles
from rpc.settings import Settings
from rpc.startup import StartupError

if TYPE_CHECKING:
    from rpc.server import Address

QUERY = "GLP-1 receptor agonist trials"
GRAPH = "examples/biomed/graph.py"
EXTRA = "biomed"
"""What pyproject.toml calls the example's own dependencies."""


def example(path: str) -> Path:
    """A file of the examples: in the wheel they are in the package, in the repository beside it."""
    package = Path(rpc.__file__).parent
    for root in (package, package.parent):
        if (root / path).is_file():
            return root / path
    raise CommandError(f"the example {path} is not installed", exits.USAGE)


def not_installed(extra: str) -> list[str]:
    """The distributions of an extra of this package that are not there, in its order."""
    marker = re.compile(rf"""extra\s*==\s*["']{extra}["']""")
    found = []
    try:
        requirements = metadata.requires("stepwire") or []
    except metadata.PackageNotFoundError:
        # A checkout that was not installed: what is missing is told when it is imported.
        requirements = []
    for requirement in requirements:
        name = re.match(r"[A-Za-z0-9._-]+", requirement)
        if name is not None and marker.search(requirement):
            try:
                metadata.distribution(name[0])
            except metadata.PackageNotFoundError:
                found.append(name[0])
    return found


@click.command()
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="Port to listen on; 0 lets the system choose.",
)
@click.option("--exit", "leave", is_flag=True, help="End after the answer, with its exit code.")
@click.argument("query", default=QUERY)
def demo(query: str, port: int, leave: bool) -> int:
    """Serve an example that answers biomedical questions, and ask it one.

    Then keep serving, until Ctrl-C. What it stores is removed at the end.
    """
    from rpc import server
    from rpc.engine.graphs.load_errors import GraphLoadError

    missing = not_installed(EXTRA)
    if missing:
        raise CommandError(
            f"the example needs {', '.join(missing)}, which the server does not: "
            f"pip install 'stepwire[{EXTRA}]'",
            exits.USAGE,
        )
    log_to_stderr("warning")
    graphs = {"biomed": f"{example(GRAPH)}:graph"}
    env_files = read_env_files(graphs.values())
    with tempfile.TemporaryDirectory(prefix="stepwire-demo-") as folder:
        settings = Settings(port=port, data_dir=folder, graphs=graphs)
        try:
            return server.run(_demo(settings, env_files, query, leave))
        except (StartupError, GraphLoadError) as error:
            raise CommandError(str(error), exits.USAGE) from error


async def _demo(settings: Settings, env_files: EnvFiles, query: str, leave: bool) -> int:
    from rpc.server import bind, serving

    console = stdout()
    listener = bind(settings)
    async with serving(settings, settings.graphs, listener) as address:
        announce(address, settings, env_files.files)
        console.print(f"\n[bold]stepwire ask[/bold] {escape(repr(query))}\n", highlight=False)
        async with connect(address.rpc_url) as client:
            asking = Asking(client, progress_for(quiet=False, as_json=False), [])
            session = await asking.run({"query": query})
        console.print()
        print_session(session, as_json=False)
        if session.error is not None:
            console.print(
                f"failed: {told_error(msgspec.structs.asdict(session.error))}", markup=False
            )
        if leave:
            return exits.STATUS_CODES[session.status]
        _invite(address)
        stopped = Stopped()
        await stopped.wait()
    return stopped.exit_code


def _invite(address: "Address") -> None:
    """What to try next."""
    ends = '{"types":["query.result","query.failed","input.requested"]}'
    params = f'{{"query":"GLP-1 trials in obesity","subscribe":{ends}}}'
    request = f'{{"jsonrpc":"2.0","id":1,"method":"query.start","params":{params}}}'
    for line in (
        "\nStill serving; Ctrl-C ends it. Open the console in a browser: see a query run, stop it, look inside, go back.\n",
        f"  {address.console_url}",
        "\nSee a query on the wire with websocat:\n",
        f"  echo '{request}' | {_command('websocat')} -B 600000 -n --max-messages-rev 2 "
        f"{address.rpc_url}",
        "\nor ask it yourself:\n",
        f'  {_command("stepwire")} ask --url {address.rpc_url} "…"',
    ):
        # Lines to paste: the terminal may wrap them, a line feed may not.
        stdout().print(line, markup=False, highlight=False, soft_wrap=True)


def _command(name: str) -> str:
    """How a shell in this folder finds a program: `make demo` runs in an environment that is not activated."""
    beside = Path(sys.executable).parent / name
    if shutil.which(name) is not None or not beside.is_file():
        return name
    path = os.path.relpath(beside)
    return shlex.quote(str(beside) if path.startswith(os.pardir) else path)
