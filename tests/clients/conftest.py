"""A server, and the programs that others wrote to talk to one."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.needs import needs
from tests.support.server_process import ServerProcess

ROOT = Path(__file__).parents[2]
NPM = ROOT / "tests" / "npm" / "node_modules"
PATH = os.pathsep.join([str(NPM / ".bin"), str(Path(sys.executable).parent), os.environ["PATH"]])
"""Where programs are: npm's, those that pip installed beside Python, the system's."""


@pytest.fixture(scope="package")
def launch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server as the recipes ask for: `stepwire serve examples/launch.py:graph`."""
    process = ServerProcess(["examples/launch.py:graph"], tmp_path_factory.mktemp("data"))
    process.start()
    yield process
    process.close()


@pytest.fixture(scope="session")
def program() -> Callable[[str], str]:
    """The path of a program that must be installed."""

    def find(name: str) -> str:
        found = shutil.which(name, path=PATH)
        needs(found, name)
        assert found is not None
        return found

    return find


@pytest.fixture(scope="session")
def npm_package() -> Callable[[str], Path]:
    """The folder of an npm package of `tests/npm`."""

    def find(name: str) -> Path:
        folder = NPM / name
        there = folder.is_dir() and shutil.which("node")
        needs(there, f"node and the npm package {name}: run `npm ci --prefix tests/npm`")
        return folder

    return find
