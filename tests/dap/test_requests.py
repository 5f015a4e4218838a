"""All that the specification names, and all that a configuration may have: served, or refused in words."""

import ast
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

import pytest

from rpc.dap import adapter
from rpc.dap.adapter import Adapter
from rpc.dap.arguments import ARGUMENTS, mistake
from rpc.dap.attributes import ATTACH, LAUNCH
from rpc.dap.capabilities import CAPABILITIES
from rpc.dap.connection import Connection
from tests.dap.conftest import FLOW, line_of
from tests.dap.editor import DEADLINE_SECONDS, RefusedError, editor
from tests.support.server_process import ROOT, ServerProcess

REVERSE = {"runInTerminal", "startDebugging"}
"""What an adapter asks of its client."""

NEEDS = {
    "supportsConfigurationDoneRequest": "configurationDone",
    "supportsFunctionBreakpoints": "setFunctionBreakpoints",
    "supportsDataBreakpoints": "setDataBreakpoints",
    "supportsStepBack": "stepBack",
    "supportsSetVariable": "setVariable",
    "supportsSetExpression": "setExpression",
    "supportsRestartFrame": "restartFrame",
    "supportsGotoTargetsRequest": "gotoTargets",
    "supportsCompletionsRequest": "completions",
    "supportsModulesRequest": "modules",
    "supportsRestartRequest": "restart",
    "supportsExceptionInfoRequest": "exceptionInfo",
    "supportsLoadedSourcesRequest": "loadedSources",
    "supportsTerminateRequest": "terminate",
    "supportsBreakpointLocationsRequest": "breakpointLocations",
    "supportsStepInTargetsRequest": "stepInTargets",
    "supportsTerminateThreadsRequest": "terminateThreads",
    "supportsReadMemoryRequest": "readMemory",
    "supportsWriteMemoryRequest": "writeMemory",
    "supportsDisassembleRequest": "disassemble",
    "supportsInstructionBreakpoints": "setInstructionBreakpoints",
}


def served() -> set[str]:
    """The requests that the adapter has handlers for."""
    return {*Adapter(Connection(lambda _: None)).handlers, "cancel"}


def test_capabilities_tell_the_truth() -> None:
    claimed = {request for name, request in NEEDS.items() if CAPABILITIES.get(name)}
    assert claimed <= served()
    unclaimed = {request for name, request in NEEDS.items() if not CAPABILITIES.get(name)}
    assert not unclaimed & served()


async def test_each_request_of_the_specification_is_answered(
    flow: ServerProcess, npm_package: Callable[[str], Path]
) -> None:
    folder = npm_package("@vscode/debugprotocol")
    text = (folder / "lib" / "debugProtocol.d.ts").read_text(encoding="utf-8")
    named = set(re.findall(r"interface \w+Request extends Request \{\s*// command: '(\w+)'", text))
    named -= REVERSE
    assert len(named) > 40
    ending = {"disconnect", "initialize", "launch", "attach", "terminate", "restart"}
    assert ending | {"stackTrace", "writeMemory"} <= named
    async with editor() as one:
        # First without anything to debug, then at a stop.
        for begun in (False, True):
            if begun:
                await one.launch("", attach=True, url=flow.http_url, query="q", functions=["begin"])
                await one.stopped()
            for name in sorted(named - ending):
                answer = await _within(one.send(name))
                assert answer["command"] == name
                if name not in served():
                    assert answer["success"] is False
                    assert repr(name) in answer["message"]
                elif not answer["success"]:
                    assert len(answer["message"]) > 10, name
                    assert "Error" not in answer["message"], answer
        await one.ask("disconnect", terminateDebuggee=True)


WRONG = {int: "x", str: 5, list: "x", dict: "x", bool: "x"}
"""For an argument of a type, a value that is none of it."""


def _wrong(kind: Any) -> Any:
    """A value that an argument's type does not allow; None where it allows all."""
    kinds = [get_origin(one) or one for one in (get_args(kind) or (kind,))]
    if get_origin(kind) in (list, dict):
        kinds = [get_origin(kind)]
    if kind is Any:
        return None
    allowed = [one for one in kinds if one is not type(None)]
    return next((WRONG[one] for one in allowed if len(allowed) == 1 and one in WRONG), [[]])


@pytest.mark.parametrize("command", ARGUMENTS)
def test_an_argument_of_a_wrong_type_is_named(command: str) -> None:
    for name, kind in get_type_hints(ARGUMENTS[command]).items():
        wrong = _wrong(kind)
        if wrong is not None:
            told = mistake(command, {name: wrong})
            assert told is not None, (name, kind)
            assert f"`{name}" in told
    assert mistake(command, {"of_the_client_s_own": 5}) is None


async def test_a_wrong_argument_is_refused_and_ends_nothing(flow: ServerProcess) -> None:
    async with editor() as one:
        await one.ask("initialize", adapterID="x")
        for request, given in (
            ("launch", {"program": "x.py:graph", "env": "A=1"}),
            ("launch", {"program": "x.py:graph", "serveArgs": "--verbose"}),
            ("attach", {"url": flow.http_url, "reconnectSeconds": "soon"}),
        ):
            with pytest.raises(RefusedError, match=f"`{list(given)[1]}` of '{request}'"):
                await one.ask(request, **given)
        await one.launch("", attach=True, url=flow.http_url, query="q", stopOnEntry=True)
        thread, _ = await one.stopped("entry")
        with pytest.raises(RefusedError, match="`threadId` of 'stackTrace' is refused"):
            await one.ask("stackTrace", threadId="one")
        frame = (await one.frames(thread))[0]["id"]
        copied = await one.ask(
            "evaluate", expression="state['query'] * 200", frameId=frame, context="clipboard"
        )
        assert copied["result"] == f'"{"q" * 200}"'
        await one.ask("terminate")
        await one.event("terminated")


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"url": "http://[nonsense"}, "is no URL"),
        ({"url": "nonsense"}, "is not a WebSocket URL"),
        ({"url": "http://127.0.0.1:1"}, "cannot connect to"),
        ({"sessionId": "nobody"}, "nobody"),
        ({"query": "q", "graph": "nothing"}, "nothing"),
    ],
)
async def test_why_it_does_not_attach(
    flow: ServerProcess, given: dict[str, str], reason: str
) -> None:
    async with editor() as one:
        await one.ask("initialize", adapterID="x")
        with pytest.raises(RefusedError, match=reason):
            await one.ask("attach", **{"url": flow.http_url, **given})
        await one.event("terminated")


async def _within(future: object) -> dict[str, object]:
    import asyncio

    async with asyncio.timeout(DEADLINE_SECONDS):
        found: dict[str, object] = await future  # type: ignore[misc]
    return found


def test_the_extension_knows_what_the_adapter_reads() -> None:
    package = json.loads((ROOT / "clients" / "vscode" / "package.json").read_text())
    (debugger,) = package["contributes"]["debuggers"]
    known = debugger["configurationAttributes"]
    for request, names in (("launch", LAUNCH), ("attach", ATTACH)):
        properties = known[request]["properties"]
        assert set(properties) == set(names)
        assert all(
            one.get("description") or one.get("default") is not None for one in properties.values()
        )


def test_the_adapter_reads_no_other_attributes() -> None:
    folder = Path(adapter.__file__).parent
    read: set[str] = set()
    for name, functions in (
        ("adapter.py", ("_launched", "_attached", "_session")),
        ("reaching.py", None),
        ("launching.py", None),
        ("debuggee.py", ("start",)),
    ):
        for node in ast.walk(ast.parse((folder / name).read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (
                functions is None or node.name in functions
            ):
                read |= set(_names(node))
    assert read - {"name", "noDebug"} == {*LAUNCH, *ATTACH}


def _names(function: ast.AST) -> list[str]:
    """The keys of `given` or `arguments` that a function reads."""
    found = []
    for node in ast.walk(function):
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="given" | "arguments"), attr="get"),
                args=[ast.Constant(value=str() as name), *_],
            ):
                found.append(name)
            case ast.Subscript(
                value=ast.Name(id="given" | "arguments"), slice=ast.Constant(value=str() as name)
            ):
                found.append(name)
            case ast.Compare(
                left=ast.Constant(value=str() as name),
                comparators=[ast.Name(id="given" | "arguments")],
            ):
                found.append(name)
            case ast.DictComp(generators=[ast.comprehension(iter=ast.Tuple(elts=names))]):
                found += [one.value for one in names if isinstance(one, ast.Constant)]
            case _:
                pass
    return found


async def test_what_reads_like_an_attribute_is_asked_about(flow: ServerProcess) -> None:
    async with editor() as one:
        await one.launch(
            "", attach=True, url=flow.http_url, query="q", stopOnEnter=True, presentation={}
        )
        await one.event("exited")
        said = one.said("important")
        assert "`stopOnEnter` is no attribute" in said
        assert "stopOnEntry" in said
        assert "presentation" not in said


async def test_a_client_may_count_from_0(flow: ServerProcess) -> None:
    """Lines and columns both ways: each is one less than who counts from 1 is told; the state's own numbers are as they are."""
    body, first = line_of('return {"said": [f"rank'), line_of("async def rank")
    source = {"path": FLOW}
    async with editor() as one:
        from_0 = {"linesStartAt1": False, "columnsStartAt1": False}
        with pytest.raises(RefusedError, match="`pathFormat` 'uri' is not served"):
            await one.ask("initialize", adapterID="x", pathFormat="uri")
        await one.ask("initialize", adapterID="x", pathFormat="path", **from_0)
        launched = one.send("attach", url=flow.http_url, query="q")
        await one.event("initialized")
        for given in ({"breakpoints": [{"line": body - 1}]}, {"lines": [body - 1]}):
            (dot,) = (await one.ask("setBreakpoints", source=source, **given))["breakpoints"]
            assert (dot["verified"], dot["line"]) == (True, first - 1)
        (named,) = (await one.ask("setFunctionBreakpoints", breakpoints=[{"name": "ask"}]))[
            "breakpoints"
        ]
        assert named["line"] == line_of("async def ask") - 1
        await one.ask("configurationDone")
        await one.answer(launched)
        thread, name = await one.stopped("breakpoint")
        assert name == "rank"
        frames = await one.frames(thread)
        assert [(frame["line"], frame["column"]) for frame in frames] == [
            (first - 1, 0),
            (0, 0),
            (0, 0),
        ]
        place = {"source": source, "line": body - 1}
        assert (await one.ask("breakpointLocations", **place))["breakpoints"] == [
            {"line": first - 1}
        ]
        (target,) = (await one.ask("gotoTargets", **place))["targets"]
        assert target["line"] == first - 1
        (key,) = (await one.ask("completions", text="state['fa", column=9))["targets"]
        assert (key["start"], key["length"], key["label"]) == (7, 2, "facts")
        state = await one.state(thread)
        assert state["facts"].startswith("{year: 2020")
        await one.ask("disconnect", terminateDebuggee=True)
