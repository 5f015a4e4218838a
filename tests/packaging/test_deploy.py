"""What stands in `deploy/` is what an operator copies: it is tried, as far as the programs for it are there."""

import asyncio
import json
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from websockets.asyncio.client import connect as websocket

from tests.conftest import StartServer
from tests.support.command import stepwire
from tests.support.free_port import kept_port
from tests.support.needs import needs
from tests.support.server_process import ROOT

DEPLOY = ROOT / "deploy"
NAME = "stepwire.example.org"
GRAPHS = [f"{name}=tests/support/graphs.py:{name}" for name in ("hangs", "fails")]


def nginx(folder: Path, port: int, server: int) -> list[str]:
    """The command of nginx with our file: on another port, without TLS."""
    text = (DEPLOY / "nginx.conf").read_text()
    text = text.replace("listen 443 ssl;", f"listen 127.0.0.1:{port};")
    text = re.sub(r"ssl_certificate\w* .*;", "", text).replace(":8000;", f":{server};")
    paths = "".join(
        f"{name}_temp_path {folder}/{name};"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole = folder / "nginx.conf"
    whole.write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/error.log; worker_processes 1;"
        f"events {{}} http {{ access_log off; {paths}\n{text}\n}}"
    )
    return ["nginx", "-p", str(folder), "-c", str(whole), "-e", str(folder / "error.log")]


def caddy(folder: Path, port: int, server: int) -> list[str]:
    """The command of Caddy with our file: on another port, without TLS."""
    text = (DEPLOY / "Caddyfile").read_text()
    text = text.replace(f"\n{NAME} {{", f"\nhttp://{NAME}:{port} {{").replace(
        ":8000 {", f":{server} {{"
    )
    file = folder / "Caddyfile"
    file.write_text("{\n\tadmin off\n}\n" + text)
    return ["caddy", "run", "--config", str(file), "--adapter", "caddyfile"]


@contextmanager
def running(command: list[str], folder: Path, port: int) -> Iterator[None]:
    """A proxy, once it listens."""
    log = folder / "log"
    env = {"PATH": "/usr/sbin:/usr/bin:/bin", "HOME": str(folder), "XDG_DATA_HOME": str(folder)}
    program = shutil.which(command[0], path=f"{_path()}:/usr/sbin")
    assert program is not None
    with log.open("wb") as out:
        process = subprocess.Popen([program, *command[1:]], stdout=out, stderr=out, env=env)
    try:
        for _ in range(2000):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert process.poll() is None, log.read_text()
            # It tells nobody that it listens.
            subprocess.run(["sleep", "0.05"], check=True)
        yield
    finally:
        process.terminate()
        process.wait(60)


def _path() -> str:
    import os

    return os.environ.get("PATH", "")


@pytest.mark.parametrize("make", [nginx, caddy])
async def test_a_proxy_in_front(make: Any, server: StartServer, tmp_path: Path) -> None:
    """A socket, a stream as it happens, who asks, under which id; and no metrics outside."""
    needs(shutil.which(make.__name__, path=f"{_path()}:/usr/sbin"), make.__name__)
    data = tmp_path / "data"
    made = stepwire("token", "create", "me", "--scope", "admin", "--data-dir", str(data))
    headers = {"authorization": f"Bearer {made.stdout.strip()}", "host": NAME}
    process = server(
        *GRAPHS,
        data_dir=data,
        settings={
            "allowed_hosts": NAME,
            "forwarded_allow_ips": "127.0.0.1",
            "log_format": "json",
        },
    )
    folder = tmp_path / "proxy"
    folder.mkdir()
    with kept_port() as port, running(make(folder, port, process.port), folder, port):
        url = f"http://127.0.0.1:{port}"
        # What a client says of itself is not what is believed.
        lies = {**headers, "x-forwarded-for": "6.6.6.6", "x-request-id": "mine"}
        async with httpx.AsyncClient(base_url=url, headers=lies, trust_env=False) as http:
            assert (await http.get("/metrics")).status_code == 404
            assert (await http.get("/v1/orchestrator/sessions")).status_code == 200
            nobody = await http.get("/v1/orchestrator/sessions", headers={"authorization": ""})
            assert nobody.status_code == 401
            sent = {k: v for k, v in lies.items() if k != "host"}
            async with websocket(
                f"ws://{NAME}:{port}/rpc",
                host="127.0.0.1",
                port=port,
                additional_headers=sent,
                proxy=None,
            ) as ws:
                call = {"method": "query.start", "params": {"query": "x", "graph": "hangs"}}
                await ws.send(json.dumps({"jsonrpc": "2.0", "id": 1, **call}))
                session = json.loads(await ws.recv())["result"]["session_id"]
                while "progress" not in str(await ws.recv()):
                    pass
                async with (
                    asyncio.timeout(60),
                    http.stream("GET", f"/v1/orchestrator/stream/{session}") as stream,
                ):
                    # The run is not over: who collects an answer would have nothing to pass on.
                    async for line in stream.aiter_lines():
                        if "hanging" in line:
                            break
                cancel = {"method": "query.cancel", "params": {"session_id": session}}
                await ws.send(json.dumps({"jsonrpc": "2.0", "id": 2, **cancel}))
                while '"id":2' not in str(await ws.recv()):
                    pass
    lines = [json.loads(line) for line in process.said('"stepwire.requests"')]
    listed = next(line for line in lines if line["method"] == "session.list")
    begun = next(line for line in lines if line["method"] == "query.start")
    for line in (listed, begun):
        assert line["client"] == "127.0.0.1"
        assert line["owner"] == "me"
        assert re.match("[0-9a-f-]{32,}", line["request_id"])


async def test_the_dashboard_shows_metrics_that_there_are(server: StartServer) -> None:
    """A panel of one that is not stays empty, and nobody knows why."""
    text = (DEPLOY / "grafana.json").read_text()
    asked = set(re.findall(r"\b(?:stepwire|process)_\w+", text))
    assert len(asked) > 20
    process = server(*GRAPHS, settings={"max_batch_size": 1})
    async with httpx.AsyncClient(base_url=process.http_url, trust_env=False) as http:
        body = {"query": "x", "graph": "fails"}
        session = (await http.post("/v1/orchestrator/query", json=body)).json()["session_id"]
        assert "done" in (await http.get(f"/v1/orchestrator/stream/{session}")).text
        families = list(text_string_to_metric_families((await http.get("/metrics")).text))
    there = {sample.name for family in families for sample in family.samples}
    # Of what has not happened yet there is the name and its type only.
    there |= {f"{family.name}_total" for family in families if family.type == "counter"}
    assert asked - there == set()
    panels = json.loads(text)["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)


def test_the_unit_is_one(tmp_path: Path) -> None:
    """systemd leaves out what it does not understand, and says so in a log that nobody reads."""
    needs(shutil.which("systemd-analyze"), "systemd-analyze")
    unit = tmp_path / "stepwire.service"
    text = (DEPLOY / "stepwire.service").read_text()
    unit.write_text(text.replace("/opt/stepwire/bin/stepwire", sys.executable))
    done = subprocess.run(
        ["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, timeout=60
    )
    said = [line for line in done.stderr.splitlines() if unit.name in line]
    assert not said, done.stderr
    options = re.findall(r"--[a-z-]+", text.split("ExecStart=")[1].splitlines()[0])
    helped = stepwire("serve", "--help").stdout
    assert not [
        one for one in options if one not in helped and one.replace("--no-", "--") not in helped
    ]


def test_the_image_takes_what_is_locked(tmp_path: Path) -> None:
    """What the tests ran with is what is shipped; and each setting that it makes is one."""
    locked = dict(
        re.findall(r"^([\w.-]+)==([^ ;\\]+)", (ROOT / "requirements.lock").read_text(), re.M)
    )
    shipped = dict(
        re.findall(r"^([\w.-]+)==([^ ;\\]+)", (DEPLOY / "requirements.lock").read_text(), re.M)
    )
    assert {"langgraph", "prometheus-client", "opentelemetry-sdk", "uvicorn"} <= shipped.keys()
    assert "pytest" not in shipped
    assert {name: locked.get(name) for name in shipped} == shipped
    dockerfile = (DEPLOY / "Dockerfile").read_text()
    for file in re.findall(r"^COPY (?!--from)(.+)$", dockerfile, re.M):
        for name in file.split()[:-1]:
            assert (ROOT / name).exists(), name
            assert f"!{name}" in (ROOT / ".dockerignore").read_text().splitlines()
    given = dict(re.findall(r"(STEPWIRE_\w+)=(\S+)", dockerfile))
    assert given["STEPWIRE_LOG_FORMAT"] == "json"
    done = stepwire("config", "--json", cwd=tmp_path, env=given)
    settings = json.loads(done.stdout)
    for name in given:
        assert settings[name.removeprefix("STEPWIRE_").lower()]["origin"] == name
    assert settings["supervise"]["value"] is False
