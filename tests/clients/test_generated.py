"""Clients that others' generators make of the documents: they are made, compile, and call a server once each."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from tests.clients.conftest import NPM, ROOT
from tests.support.needs import needs
from tests.support.server_process import ServerProcess

PROTOCOL = ROOT / "protocol"
SECONDS = 600.0

pytestmark = pytest.mark.timeout(SECONDS + 60)


def run(*command: str | Path, cwd: Path, **env: str) -> str:
    """What a program prints; it must succeed."""
    done = subprocess.run(
        [str(one) for one in command],
        cwd=cwd,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]
    return done.stdout


def compiled(folder: Path, *files: str) -> None:
    """Compile TypeScript strictly, in place."""
    options = ["--strict", "--target", "es2022", "--module", "es2022", "--lib", "es2022,dom"]
    options += ["--moduleResolution", "bundler", "--skipLibCheck"]
    run("node", NPM / "typescript/bin/tsc", *options, "--pretty", "false", *files, cwd=folder)
    (folder / "package.json").write_text('{"type": "module"}')


def test_openapi_typescript(
    launch: ServerProcess, npm_package: Callable[[str], Path], tmp_path: Path
) -> None:
    """What may be left out of a request may; what an answer always has is there."""
    tool = npm_package("openapi-typescript") / "bin/cli.js"
    run("node", tool, PROTOCOL / "openapi.json", "-o", tmp_path / "api.d.ts", cwd=tmp_path)
    (tmp_path / "use.ts").write_text(
        """
import type { components, paths } from "./api";
declare const process: { argv: string[] };

type Path = "/v1/orchestrator/query";
type Answer = paths[Path]["post"]["responses"]["200"]["content"]["application/json"];
const body: components["schemas"]["QueryStartParams"] = { query: "Apollo", config: { tags: [] } };
const path: Path = "/v1/orchestrator/query";
const response = await fetch(process.argv[2] + path, {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});
const answer: Answer = await response.json();
const status: components["schemas"]["Status"] = answer.status;
type Stream = paths["/v1/orchestrator/stream/{session_id}"]["get"]["responses"]["200"];
type Header = components["schemas"]["EventHeader"];
const seen = (event: Stream["content"]["text/event-stream"]): number | null =>
  event.event === "done" ? null : (JSON.parse(event.data) as Header).seq;
console.log(JSON.stringify([status, answer.session_id.length > 0, typeof seen]));
"""
    )
    compiled(tmp_path, "use.ts")
    said = json.loads(run("node", "use.js", launch.http_url, cwd=tmp_path))
    assert said == ["queued", True, "function"]


def test_openapi_python_client(launch: ServerProcess, tmp_path: Path) -> None:
    """Nothing is left out of it for want of a schema."""
    needs(find_spec("openapi_python_client"), "openapi-python-client")
    config = tmp_path / "config.yml"
    config.write_text("post_hooks: []\n")
    command = [sys.executable, "-m", "openapi_python_client", "generate", "--config", config]
    told = run(*command, "--path", PROTOCOL / "openapi.json", "--output-path", "made", cwd=tmp_path)
    assert "WARNING" not in told, told
    (tmp_path / "use.py").write_text(
        """
import sys

from stepwire_client import Client
from stepwire_client.api.orchestrator import query_start, session_list
from stepwire_client.models import QueryStartParams
from stepwire_client.api.rpc import rpc

client = Client(base_url=sys.argv[1], httpx_args={"trust_env": False})
started = query_start.sync(client=client, body=QueryStartParams(query="Apollo"))
listed = session_list.sync(client=client, limit=1)
print(started.status.value, listed.sessions[0].session_id == started.session_id)
"""
    )
    said = run(
        sys.executable, "use.py", launch.http_url, cwd=tmp_path, PYTHONPATH=str(tmp_path / "made")
    )
    assert said.split() == ["queued", "True"]


def test_open_rpc_generator(
    launch: ServerProcess, npm_package: Callable[[str], Path], tmp_path: Path
) -> None:
    """Its document is read, and the TypeScript client made of it calls over HTTP."""
    npm_package("@open-rpc/generator")
    npm_package("@open-rpc/client-js")
    tool = NPM / ".bin" / "open-rpc-generator"
    made = ["-t", "client", "-l", "typescript", "-n", "stepwire", "-o", "made"]
    run(tool, "generate", "-d", PROTOCOL / "openrpc.json", *made, cwd=tmp_path)
    source = tmp_path / "made/client/typescript/src/index.ts"
    # The generator writes a method's name as a member's, and forgets that one with a dot has to be quoted.
    text, count = re.subn(r"(?m)^  public (\w+\.\w+):", r'  public "\1":', source.read_text())
    assert count == len(json.loads((PROTOCOL / "openrpc.json").read_text())["methods"])
    source.write_text(text)
    (tmp_path / "node_modules").symlink_to(NPM)
    (tmp_path / "use.cjs").write_text(
        """
const fs = require("fs");
const ts = require("typescript");
const source = fs.readFileSync(process.argv[2], "utf8");
const options = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true };
const { outputText, diagnostics } = ts.transpileModule(source, {
  compilerOptions: options,
  reportDiagnostics: true,
});
if (diagnostics.length) throw new Error(diagnostics[0].messageText);
fs.writeFileSync("client.cjs", outputText);
const { default: Named, Stepwire } = require("./client.cjs");
const { hostname, port, protocol } = new URL(process.argv[3]);
const Client = Stepwire ?? Named;
const client = new Client({
  transport: { type: "http", host: hostname, port: Number(port), path: "/rpc", protocol: "http" },
});
client["graph.list"]().then((answer) => {
  console.log(JSON.stringify(answer.graphs.map((graph) => graph.name)));
  process.exit(0);
});
"""
    )
    said = run("node", "use.cjs", source, launch.http_url, cwd=tmp_path)
    assert json.loads(said) == ["launch"]


def test_modelina(
    launch: ServerProcess, npm_package: Callable[[str], Path], tmp_path: Path
) -> None:
    """Every type has a name of its own, none a number; what they describe is what a socket carries."""
    npm_package("@asyncapi/modelina")
    (tmp_path / "node_modules").symlink_to(NPM)
    (tmp_path / "make.mjs").write_text(
        """
import fs from "node:fs";
import modelina from "@asyncapi/modelina";
const generator = new modelina.TypeScriptGenerator({ modelType: "interface", enumType: "union" });
const models = await generator.generate(JSON.parse(fs.readFileSync(process.argv[2], "utf8")));
fs.writeFileSync("models.ts", models.map((one) => "export " + one.result).join("\\n"));
console.log(JSON.stringify(models.map((one) => one.modelName)));
"""
    )
    names: list[str] = json.loads(
        run("node", "make.mjs", PROTOCOL / "asyncapi.json", cwd=tmp_path).splitlines()[-1]
    )
    assert not [name for name in names if "nonymous" in name]
    assert {"QueryStartRequest", "QueryStartResult", "NodeFinishedNotification"} <= set(names)
    (tmp_path / "use.ts").write_text(
        """
import type { QueryStartParams, QueryStartResult } from "./models";
declare const process: { argv: string[]; exit(code: number): void };

const params: QueryStartParams = { query: "Apollo" };
const response = await fetch(process.argv[2] + "/rpc", {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "query.start", params }),
});
const result: QueryStartResult = (await response.json()).result;
console.log(JSON.stringify([Object.keys(result).length > 5, result.query]));
"""
    )
    compiled(tmp_path, "use.ts")
    assert json.loads(run("node", "use.js", launch.http_url, cwd=tmp_path)) == [True, "Apollo"]


@pytest.mark.parametrize("name", ["openapi", "asyncapi"])
def test_spectral_finds_nothing_wrong(
    npm_package: Callable[[str], Path], tmp_path: Path, name: str
) -> None:
    npm_package("@stoplight/spectral-cli")
    (tmp_path / "rules.yaml").write_text('extends: ["spectral:oas", "spectral:asyncapi"]\n')
    run(
        NPM / ".bin/spectral",
        "lint",
        PROTOCOL / f"{name}.json",
        "--ruleset",
        "rules.yaml",
        "--fail-severity=error",
        cwd=tmp_path,
    )


def test_the_documents_references_are_resolved_in_the_end(
    npm_package: Callable[[str], Path], tmp_path: Path
) -> None:
    """Tools put each schema in the place of its references: a cycle has none."""
    npm_package("@open-rpc/schema-utils-js")
    (tmp_path / "node_modules").symlink_to(NPM)
    (tmp_path / "resolve.mjs").write_text(
        """
import fs from "node:fs";
import { parseOpenRPCDocument } from "@open-rpc/schema-utils-js";
const document = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
const resolved = await parseOpenRPCDocument(document);
console.log(JSON.stringify([resolved.methods.length, JSON.stringify(resolved.methods).includes("$ref")]));
"""
    )
    told: list[Any] = json.loads(
        run("node", "resolve.mjs", PROTOCOL / "openrpc.json", cwd=tmp_path).splitlines()[-1]
    )
    methods = json.loads((PROTOCOL / "openrpc.json").read_text())["methods"]
    assert told == [len(methods), False]
