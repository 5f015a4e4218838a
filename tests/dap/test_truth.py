"""All that an editor is shown at a stop, compared with `debug.inspect`: threads, frames, scopes, each variable at each depth."""

import ast
import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rpc.client import Client, connect
from tests.dap.editor import DEADLINE_SECONDS, Editor, editor
from tests.support.server_process import ServerProcess

SHAPES = Path(__file__).with_name("shapes.py")

STOPS = {
    "fan_out": ["work", "join"],
    "deep": ["left/deeper/y", "right/q", "side", "join"],
    "asking": ["side/two", "join"],
    "calling": ["call/two", "side"],
    "functional": ["flow/second", "flow/third"],
    "typed": [],
}
"""By graph: where it stops. `typed` fails, and stops by that."""

REASONS = {"failure": "exception", "interrupt": "interrupt"}


@pytest.fixture(scope="module")
def shapes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server of all shapes."""
    folder = tmp_path_factory.mktemp("data")
    names = [f"{name}={SHAPES}:{name}" for name in (*STOPS, "arrays")]
    process = ServerProcess(names, folder, env={"RAN_FILE": str(folder / "ran")})
    process.start()
    yield process
    process.close()


@pytest.mark.parametrize("graph", STOPS)
async def test_each_stop_shows_what_is_so(shapes: ServerProcess, graph: str) -> None:
    async with editor() as one, connect(shapes.url) as client:
        await one.launch(
            "", attach=True, url=shapes.http_url, graph=graph, query="q", functions=STOPS[graph]
        )
        session = (await client.sessions(limit=1)).sessions[0].session_id
        seen = 0
        while await _rests(client, session):
            seen += await _compared(one, client, session)
            record = await client.session(session)
            if record.status == "waiting":
                question = record.interrupts[0]
                await client.respond(session, "yes", question.interrupt_id)
            elif graph == "typed":
                break
            else:
                await client.call("debug.continue", session_id=session)
        assert seen >= max(1, len(STOPS[graph]) - 1)
        await one.ask("disconnect", terminateDebuggee=True)


async def _rests(client: Client, session: str) -> bool:
    """Wait until the session rests; whether its run is not over."""
    async with client.attach(session) as debugger:
        return await debugger.rest() in ("paused", "waiting")


async def _compared(one: Editor, client: Client, session: str) -> int:
    """Compare what stands; how many tasks."""
    found = await client.call("debug.inspect", session_id=session)
    standing = {each["task_id"]: each for each in found["stopped"]}
    for each in found["tasks"]:
        if each["status"] == "waiting":
            standing.setdefault(each["task_id"], {**each, "reason": "interrupt"})
    if not standing:
        return 0
    threads = await _standing(one, sorted(each["path"] for each in standing.values()))
    for title, thread in threads.items():
        path = title.partition(" #")[0]
        same = [each for each in standing.values() if each["path"] == path]
        frames = await one.frames(thread)
        assert frames[-1]["name"] == (await client.session(session)).graph
        assert "/".join(frame["name"] for frame in reversed(frames[:-1])) == path
        reason = {body["threadId"]: body["reason"] for body in one.of("stopped")}[thread]
        expected = {REASONS.get(each["reason"]) for each in same}
        assert reason in expected or None in expected
        for level, frame in enumerate(frames):
            scopes = (await one.ask("scopes", frameId=frame["id"]))["scopes"]
            names = [scope["name"] for scope in scopes]
            assert names[0] == "State"
            place = "/".join(one_["name"] for one_ in reversed(frames[level + 1 : -1]))
            truth = await _state(client, session, found, same, place)
            if truth is None:
                # A graph that only a function knows: nothing says what its state is.
                continue
            shown = await _whole(one, scopes[0]["variablesReference"])
            assert (shown or {}) == truth, (path, place)
            assert scopes[0]["namedVariables"] == len(truth)
        scopes = (await one.ask("scopes", frameId=frames[0]["id"]))["scopes"]
        given = [scope["variablesReference"] for scope in scopes if scope["name"] == "Input"]
        shown = [await _whole(one, reference) or {} for reference in given]
        inputs = [each["input"] for each in same if isinstance(each["input"], dict)]
        assert all(each in inputs for each in shown), path
        assert bool(shown) == bool(inputs)
    return len(standing)


async def _standing(one: Editor, paths: list[str]) -> dict[str, int]:
    """The threads, by name, once they are those of these tasks and all stand: the editor hears of a stop in its own time."""
    async with asyncio.timeout(DEADLINE_SECONDS):
        while True:
            threads = await one.threads()
            lights = {each["path"]: each["state"] for each in one.of("stepwire/node")}
            titles = sorted(title.partition(" #")[0] for title in threads)
            if titles == paths and {lights[path] for path in paths} == {"stopped"}:
                return threads


async def _state(
    client: Client,
    session: str,
    found: dict[str, Any],
    same: list[dict[str, Any]],
    place: str,
) -> dict[str, Any] | None:
    """The state of the graph at a path, as `debug.inspect` has it of the tasks there."""
    if not place:
        return dict(found["values"])
    if len(same) != 1:
        return None
    at = await client.call("debug.inspect", session_id=session, task_id=same[0]["task_id"])
    return dict(at["values"]) if at["path"] == place else None


async def _whole(one: Editor, reference: int) -> Any:
    """What is inside of a variable, put together of all that the editor is shown."""
    answer = await one.ask("variables", variablesReference=reference)
    found = answer["variables"]
    values = {}
    for each in found:
        if each["variablesReference"]:
            inside = await _whole(one, each["variablesReference"])
            if "indexedVariables" in each:
                assert len(inside) == each["indexedVariables"]
                inside = [inside[str(index)] for index in range(len(inside))]
            else:
                assert len(inside) == each["namedVariables"]
            values[each["name"]] = inside
        else:
            values[each["name"]] = _leaf(each)
    return values


def _leaf(shown: dict[str, Any]) -> Any:
    """A value that holds nothing, as it reads."""
    text = shown["value"]
    if shown["type"] == "str":
        return json.loads(text)
    if text.endswith("{}"):
        return {}
    return ast.literal_eval(text)


async def test_an_array_shows_the_cells_that_are_there(shapes: ServerProcess) -> None:
    async with editor() as one, connect(shapes.url) as client:
        await one.launch(
            "", attach=True, url=shapes.http_url, graph="arrays", query="q", functions=["rest"]
        )
        thread, _ = await one.stopped("function breakpoint")
        session = (await client.sessions(limit=1)).sessions[0].session_id
        frame = (await one.frames(thread))[0]["id"]
        shown = (await one.inside(await one.scope(frame, "State")))["array"]
        told = await client.call("debug.inspect", session_id=session, value_path="/array")
        assert shown["type"] == told["types"][""].rpartition(".")[2] == "ndarray"
        cells = await _whole(one, shown["variablesReference"])
        data = told["values"]["$array"]["data"]
        assert shown["indexedVariables"] == len(cells) == len(data) == 4
        assert [
            list(map(row.get, "01")) if isinstance(row, dict) else row for row in cells.values()
        ] == data
        await one.ask("disconnect", terminateDebuggee=True)
