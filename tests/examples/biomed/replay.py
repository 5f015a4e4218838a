"""A stand-in for the NCBI E-utilities and ClinicalTrials.gov: real HTTP, recorded answers, faults.

Run by itself, it serves the fixtures until stopped and prints the variables to set::

    python -m tests.examples.biomed.replay --port 8099
"""

from __future__ import annotations

import argparse
import json
import socket
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

FIXTURES = Path(__file__).parent / "fixtures"
CAPTURES = Path(__file__).parents[3].parent / "shared" / "data" / "captures"


@dataclass
class Fault:
    """What happens in place of one answer."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False
    """Send half an answer, then close the connection."""
    hang: bool = False
    """Never answer; ends when the server stops or the client goes."""


@dataclass
class Seen:
    """One request as it came in."""

    path: str
    params: dict[str, str]
    at: float
    """On the monotonic clock, in seconds."""


class Replay:
    """The server, in a thread of its own. Use as a context manager."""

    def __init__(self, port: int = 0) -> None:
        self.seen: list[Seen] = []
        self._faults: dict[str, deque[Fault]] = {}
        self._socket = socket.create_server(("127.0.0.1", port))
        app = Starlette(routes=self.routes())
        config = uvicorn.Config(
            app, log_level="critical", lifespan="off", timeout_graceful_shutdown=0
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],))

    def routes(self) -> list[Route]:
        """What it answers, by path."""
        return [
            Route("/entrez/eutils/{utility}", self._eutils),
            Route("/api/v2/studies", self._studies),
            Route("/api/v2/studies/{nct_id}", self._study),
        ]

    @property
    def address(self) -> tuple[str, int]:
        return "127.0.0.1", int(self._socket.getsockname()[1])

    @property
    def url(self) -> str:
        return "http://{}:{}".format(*self.address)

    @property
    def environment(self) -> dict[str, str]:
        """The variables that point the orchestrator here."""
        return {
            "BIOMED_PUBMED_URL": f"{self.url}/entrez/eutils",
            "BIOMED_TRIALS_URL": f"{self.url}/api/v2",
        }

    def __enter__(self) -> Replay:
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._server.should_exit = True
        self._server.force_exit = True
        self._thread.join(timeout=60)
        self._socket.close()

    def run_here(self) -> None:
        """Serve in this thread until interrupted."""
        self._server.run([self._socket])

    def reset(self) -> None:
        """Forget requests and faults."""
        self.seen.clear()
        self._faults.clear()

    def fail(self, endpoint: str, *faults: Fault, times: int = 1) -> None:
        """The next answers of ``esearch``, ``esummary``, ``efetch``, ``studies`` or ``study``."""
        queue = self._faults.setdefault(endpoint, deque())
        for _ in range(times):
            queue.extend(faults)

    def requests(self, part: str) -> list[Seen]:
        """The requests whose path contains ``part``."""
        return [one for one in self.seen if part in one.path]

    def _note(self, request: Request) -> dict[str, str]:
        params = dict(request.query_params)
        self.seen.append(Seen(request.url.path, params, time.monotonic()))
        return params

    def _faulty(self, endpoint: str) -> Response | None:
        queue = self._faults.get(endpoint)
        return FaultyResponse(queue.popleft()) if queue else None

    async def _eutils(self, request: Request) -> Response:
        params = self._note(request)
        utility = request.path_params["utility"].removesuffix(".fcgi")
        if (fault := self._faulty(utility)) is not None:
            return fault
        if utility == "esearch":
            return _json(self._esearch(params))
        if utility == "espell":
            better = "semaglutide" if params["term"] == "semaglootide" else ""
            body = f"<eSpellResult><CorrectedQuery>{better}</CorrectedQuery></eSpellResult>"
            return Response(body, media_type="text/xml")
        wanted = params.get("id", "").split(",")
        if utility == "esummary":
            answer = _fixture("esummary_glp1.json")
            result = {pmid: answer["result"].get(pmid, {"error": "unknown"}) for pmid in wanted}
            return _json({**answer, "result": {"uids": wanted, **result}})
        name = FIXTURES / "efetch_glp1.xml"
        if "11748933" in wanted:
            name = CAPTURES / "pubmed__efetch_two_articles.xml"
        return Response(name.read_bytes(), media_type="text/xml")

    def _esearch(self, params: dict[str, str]) -> dict[str, Any]:
        answer = _fixture("esearch_glp1.json")
        result = answer["esearchresult"]
        if "glp-1" not in params["term"].lower() and "glutide" not in params["term"].lower():
            result.update(count="0", idlist=[])
        result["idlist"] = result["idlist"][: int(params["retmax"])]
        return answer

    async def _studies(self, request: Request) -> Response:
        params = self._note(request)
        if (fault := self._faulty("studies")) is not None:
            return fault
        question = " ".join(value for key, value in params.items() if key.startswith("query."))
        token = params.get("pageToken")
        if "phelan" in question.lower():
            name = "phelan_next" if token else "phelan_limit5"
            return _json(_capture(f"ctgov__search_{name}_20260811.json"))
        if "pembrolizumab" in question.lower():
            return _json(_capture("ctgov__search_keytruda_limit3_20260811.json"))
        if "glp-1" in question.lower() or "glutide" in question.lower():
            return _json(_fixture(f"studies_glp1_page{2 if token else 1}.json"))
        return _json({"totalCount": 0, "studies": []})

    async def _study(self, request: Request) -> Response:
        self._note(request)
        if (fault := self._faulty("study")) is not None:
            return fault
        nct_id = request.path_params["nct_id"]
        for name in ("studies_glp1_page1.json", "studies_glp1_page2.json"):
            for study in _fixture(name)["studies"]:
                if study["protocolSection"]["identificationModule"]["nctId"] == nct_id:
                    return _json(study)
        capture = CAPTURES / f"ctgov__get_{nct_id.lower()}_20260811.json"
        if capture.is_file():
            return Response(capture.read_bytes(), media_type="application/json")
        return Response("not found", status_code=404)


class FaultyResponse(Response):
    """A response that does what its fault says, down to the connection."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.body, fault.status, fault.headers, "application/json")
        self._fault = fault

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._fault.hang:
            message = await receive()
            while message["type"] != "http.disconnect":
                message = await receive()
            return
        if not self._fault.cut:
            await super().__call__(scope, receive, send)
            return
        headers = [(b"content-length", b"1000"), (b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b'{"half": ', "more_body": True})
        # Returning with a body still promised makes the server close the connection.


def _fixture(name: str) -> dict[str, Any]:
    return json.loads((FIXTURES / name).read_bytes())


def _capture(name: str) -> dict[str, Any]:
    return json.loads((CAPTURES / name).read_bytes())


def _json(body: object) -> Response:
    return Response(json.dumps(body), media_type="application/json")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--port", type=int, default=8099)
    server = Replay(parser.parse_args().port)
    for name, value in server.environment.items():
        print(f"export {name}={value}", flush=True)
    server.run_here()


if __name__ == "__main__":
    main()
