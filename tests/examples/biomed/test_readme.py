"""What the README tells a reader to type works as it stands."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

from examples.biomed import settings
from examples.biomed.errors import KINDS
from examples.biomed.options import QueryOptions
from examples.biomed.tool_servers.configuration import read
from rpc.cli.values import mapping_of
from tests.examples.biomed.replay import Replay

ROOT = Path(__file__).parents[3]
README = (ROOT / "examples" / "biomed" / "README.md").read_text("utf-8")


def _block(language: str) -> str:
    match = re.search(rf"```{language}\n(.*?)```", README, re.DOTALL)
    assert match
    return match[1]


def test_the_script_for_plain_langgraph_runs(replay: Replay, tmp_path: Path) -> None:
    environment = {
        **os.environ,
        **replay.environment,
        "BIOMED_CACHE_DIR": str(tmp_path),
        "BIOMED_NCBI_REQUESTS_PER_SECOND": "1000",
        "BIOMED_HTTP_TIMEOUT_MS": "60000",
    }
    # Three seconds are what a user may want to wait; a busy machine may need more for the answer that is looked at here.
    script = _block("python").replace('"time_budget_ms": 3000', '"time_budget_ms": 60_000')
    assert "60_000" in script
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=environment,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("# GLP-1 receptor agonist trials")
    assert "1 article 3" in done.stdout


def test_the_commands_options_are_accepted() -> None:
    lines = [shlex.split(line) for line in _block("console").splitlines()]
    asked = [line[2:] for line in lines if line[:3] == ["$", "stepwire", "ask"]]
    assert len(asked) == 3
    for line in asked:
        pairs = pairwise(line)
        given = mapping_of([value for option, value in pairs if option == "--config"], "--config")
        QueryOptions.model_validate(given)


def test_the_mcp_example_is_understood(tmp_path: Path) -> None:
    file = tmp_path / "mcp.json"
    file.write_text(_block("json"), "utf-8")
    servers = {one.name: one for one in read(str(file)).servers}
    assert servers["my-literature"].connection["transport"] == "stdio"
    assert servers["my-literature"].tools == {"pubmed_search": "find_papers"}
    assert servers["my-registry"].connection["transport"] == "streamable_http"
    (bundled,) = read(str(ROOT / "examples" / "biomed" / "mcp.example.json")).servers
    assert bundled.connection["args"] == ["examples/biomed"]


def test_every_setting_and_option_is_documented() -> None:
    for name in settings.Settings.__struct_fields__:
        variable = f"BIOMED_{name.upper()}"
        assert variable in README or f"`_{name.upper()}`" in README, variable
    for name in QueryOptions.model_fields:
        assert f"`{name}`" in README, name


def test_the_formats_are_json() -> None:
    json.loads(_block("json"))
    assert "unreachable" in KINDS
