"""Each recipe in `examples/` runs as printed, and prints what it says."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.clients.conftest import PATH, ROOT
from tests.clients.recipes import SHELL_SECONDS, matches, read, run
from tests.conftest import StartServer
from tests.support.server_process import ServerProcess

EXAMPLES = ROOT / "examples"
FILES = ("websocat", "wscat", "curl")

pytestmark = pytest.mark.timeout(2 * SHELL_SECONDS + 60)


@pytest.mark.parametrize("client", FILES)
def test_recipes_run_as_printed(
    client: str,
    server: StartServer,
    program: Callable[[str], str],
    npm_package: Callable[[str], Path],
    tmp_path: Path,
) -> None:
    if client == "wscat":
        npm_package("wscat")
    else:
        program(client)
    launch = server("examples/launch.py:graph")
    recipes = read(EXAMPLES / f"{client}.md")
    # A reader's server has the default port, the test's a free one.
    for one in recipes:
        one.command = one.command.replace("127.0.0.1:8000", f"127.0.0.1:{launch.port}")
    printed = run(recipes, tmp_path, {"PATH": PATH})
    for one, text in zip(recipes, printed, strict=True):
        assert one.printed is None or matches(text, one.printed), (
            f"{one.title}\n--- printed\n{text}\n--- expected\n{one.printed}"
        )


def test_the_recipes_of_two_owners_run_as_printed(
    program: Callable[[str], str], tmp_path: Path
) -> None:
    """The tokens first, then the server, then whatever its owners ask."""
    for name in ("websocat", "curl"):
        program(name)
    made, *recipes = read(EXAMPLES / "owners.md")
    folder = tmp_path / "data"
    run([made], tmp_path, {"PATH": PATH})
    process = ServerProcess(["examples/launch.py:graph"], folder)
    process.more = ["--host", "0.0.0.0", "--allow-host", "*"]
    process.start()
    try:
        for one in recipes:
            one.command = one.command.replace("127.0.0.1:8000", f"127.0.0.1:{process.port}")
        printed = run(recipes, tmp_path, {"PATH": PATH})
    finally:
        process.close()
    for one, text in zip(recipes, printed, strict=True):
        assert one.printed is None or matches(text, one.printed), (
            f"{one.title}\n--- printed\n{text}\n--- expected\n{one.printed}"
        )
