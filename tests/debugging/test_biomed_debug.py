"""The debugger's own acceptance: `examples/debug_biomed.py` against a real server of the biomed graph."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import StartServer
from tests.support.free_port import kept_port
from tests.support.server_process import ROOT, clean_environment


@pytest.fixture
def refused() -> Iterator[str]:
    """An address that refuses connections."""
    with kept_port() as port:
        yield f"http://127.0.0.1:{port}"


def test_the_script_stops_steps_edits_and_goes_back(
    server: StartServer, tmp_path: Path, refused: str
) -> None:
    env = {
        # The answer comes from the catalogue.
        "BIOMED_PUBMED_URL": f"{refused}/eutils",
        "BIOMED_TRIALS_URL": f"{refused}/api/v2",
        "BIOMED_HTTP_BACKOFF_MS": "1",
        "BIOMED_NCBI_REQUESTS_PER_SECOND": "1000",
        "BIOMED_CACHE_DIR": str(tmp_path / "cache"),
        # Word for word the same it is where no source was late, however little time the machine has.
        "BIOMED_TIME_BUDGET_MS": "120000",
        "BIOMED_HTTP_TIMEOUT_MS": "60000",
    }
    process = server("biomed=examples/biomed/graph.py:graph", env=env)
    done = subprocess.run(
        [sys.executable, str(ROOT / "examples" / "debug_biomed.py"), process.url],
        env=clean_environment(),
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    assert lines[1] == "stopped before: documents/rank, literature/rank, trials/rank"
    assert lines[2].endswith("still stopped before: documents/rank, literature/rank")
    assert "1 from literature" in lines[4]
    assert lines[-1] == "the original answer, word for word"
    assert lines[0].partition(":")[2] == lines[-2].partition(":")[2]
