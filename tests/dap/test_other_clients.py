"""The adapter under clients that others wrote."""

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path

from tests.dap.conftest import FLOW, line_of
from tests.support.server_process import ROOT, clean_environment

DEADLINE_SECONDS = 120.0


async def test_microsoft_s_client_for_tests_of_adapters(npm_package: Callable[[str], Path]) -> None:
    npm_package("@vscode/debugadapter-testsupport")
    lines = [
        line_of('return {"said": [f"rank'),
        line_of("async def rank"),
        line_of('return {"said": ["other"]}'),
    ]
    process = await asyncio.create_subprocess_exec(
        "node",
        str(ROOT / "tests" / "npm" / "debug_adapter.mjs"),
        str(Path(sys.executable).with_name("stepwire")),
        f"{FLOW}:graph",
        FLOW,
        *map(str, lines),
        env=clean_environment(),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    async with asyncio.timeout(DEADLINE_SECONDS):
        output, _ = await process.communicate()
    assert output.decode().splitlines()[-1:] == ["green"], output.decode()
