"""REST and `POST /rpc`: whatever is asked is answered with a status below 500, and in words of the protocol."""

import json
from typing import Any
from urllib.parse import quote

import httpx
from hypothesis import given
from hypothesis import strategies as st

from protocol.rest import PROBES, REST_ROWS, Row
from tests.fuzz.conftest import INPUTS, Fuzzed, often, seeded
from tests.fuzz.inputs import ODD_TEXTS, SCALARS, SESSION, TEXTS, VALUES, calls, filled, params
from tests.fuzz.socket_by_hand import check_answer, check_text

REQUESTS = INPUTS * 3 // 10

PAGES = ("/", "/orchestrator/docs", "/orchestrator/openapi.json", *(probe.path for probe in PROBES))

HEADERS = st.dictionaries(
    st.sampled_from(["Last-Event-ID", "Accept", "If-None-Match", "Range", "X-Odd", "Expect"]),
    st.one_of(st.integers(-1, 2**70).map(str), st.sampled_from(["", "x", "*/*", "bytes=0-1"])),
    max_size=2,
)

CONTENT_TYPES = st.sampled_from(
    ["application/json"] * 6
    + ["text/plain", "application/json; charset=utf-16", "", "multipart/form-data", "application/x"]
)


@st.composite
def requests(draw: st.DrawFn) -> dict[str, Any]:
    """A request: a row's own, changed at random, `POST /rpc`, or any other."""
    verb = None
    body: bytes | None = None
    query: list[tuple[str, str]] = []
    kind = draw(st.integers(0, 9))
    if kind == 0:
        path = "/" + "/".join(quote(part, safe="") for part in draw(st.lists(TEXTS, max_size=4)))
        verb = draw(st.sampled_from(["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "ODD"]))
    elif kind == 1:
        path, verb = draw(st.sampled_from(PAGES)), draw(st.sampled_from(["GET", "HEAD", "POST"]))
    elif kind == 2:
        path, verb = "/rpc", "POST"
        body = draw(
            st.one_of(calls().map(as_json), ODD_TEXTS.map(as_bytes), st.binary(max_size=50))
        )
    else:
        row: Row = draw(st.sampled_from(REST_ROWS))
        verb = row.verb
        session_id = draw(st.sampled_from([SESSION] * 8 + ["none"])) if kind < 9 else draw(TEXTS)
        path = row.path.replace("{session_id}", quote(session_id, safe="@"))
        given_params = draw(params(row.method))
        members = given_params if isinstance(given_params, dict) else {}
        for name in row.query:
            if name in members and draw(st.booleans()):
                query.append((name, shown(members.pop(name))))
            elif not draw(st.integers(0, 4)):
                query.append((name, shown(draw(SCALARS))))
        if row.body:
            members.pop("session_id", None)
            body = as_json(members if isinstance(given_params, dict) else given_params)
            if not draw(st.integers(0, 9)):
                body = draw(st.one_of(ODD_TEXTS.map(as_bytes), VALUES.map(as_json)))
    return {
        "verb": verb,
        "path": path,
        "query": query,
        "body": body,
        "headers": {**draw(HEADERS), "Content-Type": draw(CONTENT_TYPES)},
    }


def as_json(value: Any) -> bytes:
    return json.dumps(value).encode()


def as_bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def shown(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def test_any_requests(fuzzed: Fuzzed) -> None:
    with httpx.Client(base_url=fuzzed.process.http_url, trust_env=False, timeout=60) as http:

        @seeded
        @often(REQUESTS)
        @given(requests())
        def one(request: dict[str, Any]) -> None:
            session_id = fuzzed.ids[-1] if fuzzed.ids else "none"
            query = "&".join(
                f"{quote(name)}={quote(text, safe='')}" for name, text in request["query"]
            )
            target = request["path"].replace(SESSION, session_id) + (f"?{query}" if query else "")
            body = request["body"]
            if body is not None and SESSION.encode() in body:
                body = as_json(filled(json.loads(body), session_id))
            made = http.build_request(
                request["verb"],
                http.base_url.copy_with(raw_path=target.encode("ascii", "ignore")),
                content=body,
                headers=request["headers"],
            )
            try:
                answer = http.send(made, stream=True)
            except httpx.RemoteProtocolError:
                # A kept connection that the server ends just then, as HTTP allows: a new one is answered.
                answer = http.send(made, stream=True)
            try:
                check(fuzzed, answer)
            finally:
                answer.close()
            fuzzed.took(1, REQUESTS)

        one()
        assert http.get("/health").json()["status"] == "healthy"
    fuzzed.check()


def check(fuzzed: Fuzzed, answer: httpx.Response) -> None:
    """What was answered, of a stream its beginning."""
    assert answer.status_code < 500, (answer.request.url, answer.read()[:2000])
    kind = answer.headers.get("content-type", "")
    if kind.startswith("text/event-stream"):
        for chunk in answer.iter_text():
            check_text(chunk)
            break
        return
    text = answer.read().decode()
    check_text(text)
    if "json" not in kind or not text:
        return
    found = json.loads(text)
    if answer.request.url.path == "/rpc":
        for reply in found if isinstance(found, list) else [found]:
            if "jsonrpc" in reply:
                check_answer(reply)
    elif answer.status_code >= 400:
        assert found["status"] == answer.status_code, found
        assert found["detail"], found
    elif "stream_url" in found:
        fuzzed.ids.append(found["session_id"])
        del fuzzed.ids[:-5]
