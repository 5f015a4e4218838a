"""The debugger's own acceptance: `examples/debug_biomed.py` against a real server of the biomed graph."""

import socket
import subprocess
import sys
from pathlib import Path

from tests.conftest import StartServer
from tests.support.server_process import ROOT, clean_environment


def test_the_script_stops_steps_edits_and_goes_back(server: StartServer, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    env = {
        # Hosts that refuse: the answer comes from the catalogue.
        "BIOMED_PUBMED_URL": f"http://127.0.0.1:{port}/eutils",
        "BIOMED_TRIALS_URL": f"http://127.0.0.1:{port}/api/v2",
        "BIOMED_HTTP_BACKOFF_MS": "1",
        "BIOMED_NCBI_REQUESTS_PER_SECOND": "1000",
        "BIOMED_CACHE_DIR": str(tmp_path / "cache"),
    }
    process = server("biomed=examples/biomed/graph.py:graph", env=env)
    done = subprocess.run(
        [sys.executable, str(ROOT / "examples" / "debug_biomed.py"), process.url],
        env=clean_environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    assert lines[1] == "stopped before: documents/rank, literature/rank, trials/rank"
    assert lines[2].endswith("still stopped before: documents/rank, literature/rank")
    assert "1 from literature" in lines[4]
    assert lines[-1] == "the original answer, word for word"
    assert lines[0].partition(":")[2] == lines[-2].partition(":")[2]
