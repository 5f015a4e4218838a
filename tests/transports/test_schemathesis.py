"""Requests made up from the OpenAPI document, by schemathesis: every answer is one the document describes.

Two checks are off where the schema cannot say what is right: `positive_data_acceptance` (exactly one of `query` and
`input`; a session must be in debug mode), and for `POST /rpc`, whose errors are answered 200, `negative_data_rejection`.
"""

import importlib.util
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.support.needs import needs
from tests.support.server_process import ServerProcess
from tests.support.sse import whole

SECONDS = 600.0

pytestmark = pytest.mark.timeout(SECONDS + 60)

# A stream of a session that stands, as in debug mode, does not end: it is tried on one that has ended.
CONFIG = """
[checks]
positive_data_acceptance.enabled = false

[[operations]]
include-name = "POST /rpc"
checks.negative_data_rejection.enabled = false

[[operations]]
include-name = "GET /v1/orchestrator/stream/{session_id}"
parameters = { "path.session_id" = "ENDED" }

[[operations]]
include-path-regex = "/debug/"
parameters = { "path.session_id" = "STOPPED" }
"""


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server with the limits that it has by default."""
    process = ServerProcess(
        ["tests/support/small_graphs.py:greeter"], tmp_path_factory.mktemp("data")
    )
    yield process.start()
    process.close()


@pytest.mark.parametrize(
    ("which", "regex", "examples"),
    [
        # What tells of all sessions' changes never ends.
        ("--exclude-path-regex", "/stream/|/sessions/changes", 50),
        ("--include-path-regex", "/stream/", 60),
    ],
)
def test_every_answer_is_as_described(
    usual: ServerProcess, tmp_path: Path, which: str, regex: str, examples: int
) -> None:
    needs(importlib.util.find_spec("schemathesis"), "schemathesis")
    with httpx.Client(base_url=usual.http_url, trust_env=False) as http:
        ended = http.post("/v1/orchestrator/query", json={"query": "you"}).json()["session_id"]
        assert whole(http, ended)[-1].event == "done"
        body = {"query": "you", "debug_mode": True}
        stopped = http.post("/v1/orchestrator/query", json=body).json()["session_id"]
    config = tmp_path / "schemathesis.toml"
    config.write_text(CONFIG.replace("ENDED", ended).replace("STOPPED", stopped))
    done = subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(config)),
            *("run", f"{usual.http_url}/orchestrator/openapi.json"),
            *(which, regex, "--max-examples", str(examples), "--seed", "1"),
            *("--generation-database", "none", "--request-timeout", "60", "--no-color"),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-2000:]
