"""The wheel: all that is needed is in it, nothing that is not, and it works away from the repository."""

import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.support.server_process import ROOT, clean_environment

MAKE_SECONDS = 280.0


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps"),
            *("--no-build-isolation", "--wheel-dir", str(folder), str(ROOT)),
        ],
        check=True,
        timeout=MAKE_SECONDS,
    )
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `bin` of an environment where the wheel is installed; its dependencies are this one's."""
    folder = tmp_path_factory.mktemp("installed")
    purelib = install(wheel, folder)
    # After the wheel's own folder on the path, so that the wheel is what is imported; a plain line, as
    # this environment's .pth files would bring the repository in.
    (purelib / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder / "bin"


@pytest.fixture(scope="module")
def server_only(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with nothing there but what the wheel asks for without its extras, and what that asks for."""
    folder = tmp_path_factory.mktemp("server-only")
    purelib = install(wheel, folder)
    (own,) = metadata.distributions(name="stepwire", path=[str(purelib)])
    dependencies = folder / "dependencies"
    dependencies.mkdir()
    for distribution in required_by(own):
        for top in {file.parts[0] for file in distribution.files or []} - {".."}:
            link = dependencies / top
            if not link.is_symlink():
                link.symlink_to(Path(str(distribution.locate_file(top))))
    (purelib / "dependencies.pth").write_text(f"{dependencies}\n")
    return folder / "bin"


def required_by(distribution: metadata.Distribution) -> Iterator[metadata.Distribution]:
    """What it needs without its extras, and all that that needs, as it is installed in this environment."""
    todo = [(distribution, "")]
    seen: set[tuple[str, str]] = set()
    while todo:
        needing, extra = todo.pop()
        for line in needing.requires or []:
            requirement = Requirement(line)
            if requirement.marker is not None and not requirement.marker.evaluate({"extra": extra}):
                continue
            found = metadata.distribution(requirement.name)
            for more in ("", *requirement.extras):
                if (found.name, more) not in seen:
                    seen.add((found.name, more))
                    todo.append((found, more))
            yield found


def install(wheel: Path, folder: Path) -> Path:
    """Make an environment with the wheel and nothing else in it; where its packages are."""
    venv.create(folder, with_pip=False)
    purelib = Path(
        sysconfig.get_path("purelib", vars={"base": str(folder), "platbase": str(folder)})
    )
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "--python", str(folder / "bin" / "python"), "install"),
            *("--quiet", "--no-deps", "--no-index", str(wheel)),
        ],
        check=True,
        timeout=MAKE_SECONDS,
    )
    return purelib


def run(command: list[str | Path], cwd: Path) -> "subprocess.CompletedProcess[str]":
    env = clean_environment()
    del env["PYTHONPATH"]
    return subprocess.run(
        command,
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=MAKE_SECONDS,
        check=False,
    )


def test_it_holds_what_the_packages_hold(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for package in ("rpc", "protocol"):
        tracked = subprocess.run(
            ["git", "ls-files", package],
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        ).stdout.splitlines()
        assert set(tracked) <= names
    assert "rpc/examples/biomed/graph.py" in names
    assert any(name.startswith("rpc/examples/biomed/data/") for name in names)


def test_it_holds_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {
        "stepwire.py",
        "rpc",
        "protocol",
    }
    assert not [name for name in names if "__pycache__" in name or "node_modules" in name]


def test_the_demo_works_from_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    done = run([installed / "stepwire", "demo", "--exit", "--port", "0"], tmp_path)
    assert done.returncode == 0, done.stderr
    assert "## References" in done.stdout
    where = run([installed / "python", "-c", "import rpc; print(rpc.__file__)"], tmp_path)
    assert str(installed.parent) in where.stdout


@pytest.mark.parametrize("environment", ["installed", "server_only"])
def test_a_graph_file_is_served_from_its_folder(
    environment: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """Also where only the server was installed: whoever serves a graph of their own needs nothing of the example."""
    bin: Path = request.getfixturevalue(environment)
    shutil.copy(ROOT / "examples" / "minimal.py", tmp_path / "my_graph.py")
    script = (
        "import asyncio, sys\n"
        "from rpc.client import connect\n"
        "async def main():\n"
        "    process = await asyncio.create_subprocess_exec(\n"
        "        sys.argv[1], 'serve', 'my_graph.py:graph', '--port', '0',\n"
        "        stdout=asyncio.subprocess.PIPE)\n"
        "    while b'RPC' not in (line := await process.stdout.readline()): assert line\n"
        "    async with connect(line.split()[1].decode()) as client:\n"
        "        events = [event async for event in client.run('a b')]\n"
        "    process.terminate()\n"
        "    print(next(e for e in events if e.type == 'query.result').data['result']['answer'])\n"
        "    sys.exit(await process.wait())\n"
        "asyncio.run(main())\n"
    )
    done = run([bin / "python", "-c", script, bin / "stepwire"], tmp_path)
    assert (done.returncode, done.stdout) == (0, "b a\n"), done.stderr


def test_the_demo_without_its_extra_says_what_to_install(server_only: Path, tmp_path: Path) -> None:
    """A traceback that ends in `No module named 'mcp'` would not say that it is the demo's, nor how to have it."""
    done = run([server_only / "stepwire", "demo", "--exit", "--port", "0"], tmp_path)
    assert done.returncode == 2
    assert "pip install 'stepwire[biomed]'" in done.stderr
    assert "mcp" in done.stderr
    assert "Traceback" not in done.stderr
