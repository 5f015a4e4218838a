"""The adapter under clients that others wrote."""

import asyncio
import json
import shutil
import socket
import sys
import venv
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.dap.conftest import FLOW, line_of
from tests.support.needs import needs
from tests.support.server_process import ROOT, clean_environment

DEADLINE_SECONDS = 300.0


@pytest.mark.timeout(DEADLINE_SECONDS + 60)
async def test_microsoft_s_client_for_tests_of_adapters(
    npm_package: Callable[[str], Path], tmp_path: Path
) -> None:
    """A whole script, the way back to the first answer in it; then launches that fail, each of which tells why."""
    npm_package("@vscode/debugadapter-testsupport")
    (tmp_path / "broken.py").write_text("def (\n")
    bare = tmp_path / "bare" / "bin" / "python"
    venv.create(tmp_path / "bare", symlinks=True)
    lines = [
        line_of('return {"said": [f"rank'),
        line_of("async def rank"),
        line_of('return {"said": ["other"]}'),
    ]
    # As where nothing but the interpreter says where packages are.
    cwd = {"cwd": str(tmp_path), "env": {"PYTHONPATH": None}}
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        failures = [
            ({"program": "broken.py:graph", **cwd}, "broken.py:1: SyntaxError"),
            ({"program": f"{FLOW}:graph", "port": port}, f"{port}"),
            ({"program": f"{FLOW}:graph", "python": str(bare), **cwd}, "install it there: "),
            ({"program": f"{FLOW}:graph", "python": "/no/python"}, "cannot run /no/python"),
        ]
        process = await asyncio.create_subprocess_exec(
            "node",
            str(ROOT / "tests" / "npm" / "debug_adapter.mjs"),
            str(Path(sys.executable).with_name("stepwire")),
            f"{FLOW}:graph",
            FLOW,
            *map(str, lines),
            json.dumps(failures),
            env=clean_environment(),
            cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        async with asyncio.timeout(DEADLINE_SECONDS):
            output, _ = await process.communicate()
    refused = [f"refused: {reason}" for _, reason in failures]
    assert output.decode().splitlines()[-5:] == [*refused, "green"], output.decode()


async def test_emacs_s_dap_mode(tmp_path: Path) -> None:
    """A dot in a subgraph, the stop, the stack, a variable that is edited, a step, and on to the end."""
    needs(_dap_mode(), "Emacs with dap-mode")
    line = line_of('return {"said": [f"rank')
    process = await asyncio.create_subprocess_exec(
        "emacs",
        "--batch",
        "--load",
        str(Path(__file__).with_name("emacs_session.el")),
        str(Path(sys.executable).with_name("stepwire")),
        FLOW,
        str(line),
        env={**clean_environment(), "TMPDIR": str(tmp_path)},
        cwd=tmp_path,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(DEADLINE_SECONDS):
        output, errors = await process.communicate()
    assert [one for one in output.decode().splitlines() if one] == [
        f"stopped at rank, flow.py:{line_of('async def rank')}",
        "stack rank < literature < flow",
        'facts {year: 2020, a/b: [1, {deep: "x"}]}',
        "year 2000",
        "next ask",
        'said ["begin", "begin", "search q", "rank 1999", "other"]',
        "green",
    ], errors.decode()


def _dap_mode() -> bool:
    folders = (Path("/usr/share/emacs/site-lisp/elpa"), Path("~/.emacs.d/elpa").expanduser())
    found = [one for folder in folders for one in folder.glob("dap-mode-*")]
    return shutil.which("emacs") is not None and bool(found)
