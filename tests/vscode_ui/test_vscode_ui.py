"""VS Code's own workbench, in a browser, debugs a graph: what a newcomer does first, with pictures of it."""

import asyncio
import os
import shutil
import sys
from pathlib import Path

import pytest

from tests.support.needs import needs
from tests.support.server_process import ROOT, clean_environment

HERE = Path(__file__).parent
DEADLINE_SECONDS = 300.0


@pytest.mark.timeout(DEADLINE_SECONDS + 30)
async def test_a_dot_a_stop_a_variable_and_a_step(tmp_path: Path) -> None:
    """`STEPWIRE_PICTURES` names a folder that the pictures are kept in."""
    there = (HERE / "dist" / "index.html").is_file() and shutil.which("node")
    needs(there, "node, and the page that `make test-vscode-ui` builds")
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    needs(browser, "chromium")
    assert browser is not None
    # Its folder's name is what the workbench shows.
    folder = tmp_path / "research"
    folder.mkdir()
    source = folder / "research.py"
    shutil.copy(HERE / "research.py", source)
    pictures = Path(os.environ.get("STEPWIRE_PICTURES") or tmp_path / "pictures")
    os.makedirs(pictures, exist_ok=True)
    adapter = [str(Path(sys.executable).with_name("stepwire")), "dap"]
    process = await asyncio.create_subprocess_exec(
        "node",
        str(HERE / "debug.mjs"),
        str(source),
        str(pictures),
        browser,
        *adapter,
        cwd=ROOT,
        env=clean_environment(),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        async with asyncio.timeout(DEADLINE_SECONDS):
            output, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()
    assert output.decode().splitlines()[-1:] == ["green"], output.decode()
    for name in ("dot", "stop", "variable", "step", "console"):
        assert (pictures / f"{name}.png").stat().st_size > 10_000, name
