"""JSON-RPC clients from npm that know nothing of this server: they work as they are."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.clients.conftest import ROOT
from tests.support.server_process import ServerProcess

SCRIPTS = ROOT / "tests" / "npm"
SECONDS = 120.0


def told(script: str, url: str) -> dict[str, Any]:
    """What a script prints about a query it saw through."""
    done = subprocess.run(
        ["node", str(SCRIPTS / script), url],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def check(said: dict[str, Any]) -> None:
    """A whole query: started, asked, answered, ended, with every event once and in order."""
    assert said["started"]["status"] == "queued"
    assert said["answered"]["status"] == "running"
    assert said["result"]["session_id"] == said["started"]["session_id"]
    assert said["result"]["result"]["answer"] == "Apollo is in orbit"
    assert said["missing"]["code"] == -32000
    assert said["missing"]["data"]["type"] == "session_not_found"
    numbers = [seq for _, seq in said["events"]]
    assert numbers == sorted(set(numbers))


def test_rpc_websockets(launch: ServerProcess, npm_package: Callable[[str], Path]) -> None:
    npm_package("rpc-websockets")
    check(told("rpc_websockets.mjs", launch.url))


def test_vscode_ws_jsonrpc(launch: ServerProcess, npm_package: Callable[[str], Path]) -> None:
    npm_package("vscode-ws-jsonrpc")
    said = told("vscode_ws_jsonrpc.mjs", launch.url)
    check(said)
    # It heard every event, of every type.
    numbers = [seq for _, seq in said["events"]]
    assert numbers == list(range(1, len(numbers) + 1))
    assert said["name"] == "stepwire"
