"""LangGraph's own server (`langgraph dev`) of a project."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.support.free_port import kept_port
from tests.support.needs import needs

COMMAND = Path(__file__).resolve().parents[2] / ".venv-langgraph-dev" / "bin" / "langgraph"


@contextmanager
def langgraph_dev(folder: Path) -> Iterator[str]:
    """Its address, while it serves the project in a folder of the test's own."""
    needs(COMMAND.is_file(), "make test-langgraph-api, which installs LangGraph's server")
    log = folder / "log"
    # It is nobody else's until their server listens there.
    with kept_port() as port:
        with log.open("w") as output:
            process = subprocess.Popen(
                [COMMAND, "dev", "--no-browser", "--no-reload", "--port", str(port)],
                cwd=folder,
                env={**os.environ, "LANGSMITH_TRACING": "false", "NO_PROXY": "127.0.0.1"},
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        url = f"http://127.0.0.1:{port}"
        try:
            deadline = time.monotonic() + 90
            while not _answers(url):
                assert process.poll() is None, log.read_text()
                assert time.monotonic() < deadline, log.read_text()
                time.sleep(0.2)
            yield url
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/ok", trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False
