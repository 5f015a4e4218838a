"""What a node does in the world is done once, though the server is killed while it does it: by its task's key."""

import asyncio
import re
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from protocol import generate
from tests.conftest import StartServer
from tests.faults.conftest import rest_of
from tests.support.peer import peer
from tests.support.stream_rules import check_stream

README = (generate.FOLDER / "README.md").read_text(encoding="utf-8")


class Service(ThreadingHTTPServer):
    """Does what it is asked once for each key. Its first answers are lost: it is `silent` while that is set."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: Counter[str] = Counter()
        self.news = threading.Condition()
        self.silent = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/letters"

    def wait(self, requests: int) -> None:
        """Until it was asked that often."""
        with self.news:
            assert self.news.wait_for(lambda: self.asked.total() >= requests, 60)


class _Handler(BaseHTTPRequestHandler):
    server: Service

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        with self.server.news:
            silent = self.server.silent
            self.server.asked[self.headers["Idempotency-Key"]] += 1
            self.server.news.notify_all()
        if not silent:
            self.send_response(200)
            self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def service() -> Any:
    found = Service()
    thread = threading.Thread(target=found.serve_forever, daemon=True)
    thread.start()
    yield found
    found.shutdown()
    found.server_close()


FLOW = """
import urllib.request
from langgraph.config import get_config
from langgraph.func import entrypoint

@entrypoint()
def graph(asked: dict) -> str:
    key = get_config()["configurable"]["stepwire_task_key"]
    request = urllib.request.Request(asked["service"], b"{}", {"Idempotency-Key": key})
    urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=60)
    return "sent"
"""
"""Its body runs while the checkpoint of its input is being saved."""

PROGRAMS = {
    "the README's": re.findall(r"(?ms)^```python\n(.*?)^```$", README)[1],
    "an entrypoint": FLOW,
}


@pytest.mark.parametrize("program", PROGRAMS)
async def test_one_letter_is_sent(
    server: StartServer, service: Service, tmp_path: Path, program: str
) -> None:
    """The service got the letter, and the server was killed before it knew."""
    (tmp_path / "letters.py").write_text(PROGRAMS[program], encoding="utf-8")
    process = server(f"{tmp_path}/letters.py:graph")
    asked = {"query": "Dear Ada", "service": service.url}
    # A connection that is closed without an answer makes the node fail: the kill comes first.
    held = threading.Event()
    original = _Handler.do_POST

    def silent(self: _Handler) -> None:
        original(self)
        if self.server.silent:
            held.wait(60)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_Handler, "do_POST", silent)
        async with peer(process.url) as one:
            session_id = (await one.call("query.start", input=asked))["session_id"]
            await asyncio.to_thread(service.wait, 1)
            await one.event(session_id, "node.started")
            process.kill9()
            await one.until(lambda: one.closed, "the end of the connection")
            seen = one.events[session_id]
        service.silent = False
        held.set()
        process.restart()
        async with peer(process.url) as two:
            events = await rest_of(two, session_id, seen)
    check_stream(events)
    assert events[-1]["params"]["status"] == "completed"
    ((key, times),) = service.asked.items()
    assert times == 2, "it was tried once: the test proves nothing"
    started = [e["params"]["task_key"] for e in events if e["method"] == "node.started"]
    assert started == [key, key]
