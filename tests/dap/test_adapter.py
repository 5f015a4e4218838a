"""A graph stepped through from an editor that attaches to a server: stops, frames, variables, edits, the way back."""

import asyncio
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from rpc.client import connect
from rpc.dap.adapter import Adapter
from rpc.dap.connection import Connection
from tests.dap.conftest import FLOW, line_of
from tests.dap.editor import Editor, RefusedError, editor
from tests.support.command import stepwire
from tests.support.server_process import ServerProcess

RANK = line_of('return {"said": [f"rank')
OTHER = line_of('return {"said": ["other"]}')


async def started(one: Editor, server: ServerProcess, query: str = "q", **more: Any) -> Any:
    """A query of the editor's own, on a server that is there."""
    return await one.launch("", attach=True, url=server.http_url, query=query, **more)


async def stops(one: Editor, count: int, reason: str | None = None) -> dict[str, int]:
    """The next stops: threads by the node where each stands."""
    return {name: thread for thread, name in [await one.stopped(reason) for _ in range(count)]}


async def inspect(server: ServerProcess, **params: Any) -> Any:
    """What the server itself says of its newest session."""
    async with connect(server.url) as client:
        session = (await client.sessions(limit=1)).sessions[0]
        return await client.call("debug.inspect", session_id=session.session_id, **params)


async def test_two_branches_an_edit_and_the_answer(flow: ServerProcess) -> None:
    async with editor() as one:
        (dots,) = await started(one, flow, breakpoints={FLOW: [RANK, OTHER]})
        assert [(each["verified"], each["line"]) for each in dots] == [
            (True, line_of("async def rank")),
            (True, line_of("async def other")),
        ]
        at = await stops(one, 2, "breakpoint")
        assert await one.threads() == {"literature/rank": at["rank"], "other": at["other"]}
        frames = await one.frames(at["rank"])
        assert [each["name"] for each in frames] == ["rank", "literature", "flow"]
        assert (frames[0]["source"]["path"], frames[0]["line"]) == (FLOW, line_of("async def rank"))

        # One branch is stepped, the other one stands.
        await one.ask("next", threadId=at["other"])
        await one.event("thread", lambda body: body["reason"] == "exited")
        assert await one.threads() == {"literature/rank": at["rank"]}

        # The state of the subgraph, and of the graph that holds it, as the server has them.
        inner = await one.state(at["rank"])
        outer = await one.state(at["rank"], level=1)
        task = (await inspect(flow))["stopped"][0]["task_id"]
        truth = (await inspect(flow, task_id=task))["values"]
        assert inner["said"] == '["begin", "search q"]'
        assert truth["said"] == ["begin", "search q"]
        top = (await inspect(flow))["values"]
        assert msgspec.json.decode(outer["said"]) == top["said"]

        frame = (await one.frames(at["rank"]))[0]["id"]
        shown = await one.inside(await one.scope(frame, "State"))
        facts = shown["facts"]["variablesReference"]
        inside = await one.inside(facts)
        assert (inside["year"]["value"], inside["year"]["type"]) == ("2020", "int")
        deep = await one.inside(
            (await one.inside(inside["a/b"]["variablesReference"]))["1"]["variablesReference"]
        )
        assert deep["deep"]["evaluateName"] == "state['facts']['a/b'][1]['deep']"
        await one.ask("setVariable", variablesReference=facts, name="year", value="1999")
        assert (await one.event("invalidated"))["areas"] == ["variables"]
        # By the same reference it is the new one.
        assert (await one.inside(facts))["year"]["value"] == "1999"
        watched = await one.ask("evaluate", expression="facts", frameId=frame, context="hover")
        assert watched["result"].startswith("{year: 1999")
        await one.ask("next", threadId=at["rank"])
        thread, name = await one.stopped("step")
        assert name == "ask"
        assert "rank 1999" in (await one.state(thread))["said"]
        with pytest.raises(RefusedError, match="no frame"):
            await one.ask("scopes", frameId=frame)
        await one.ask("continue", threadId=thread)
        assert (await one.event("exited"))["exitCode"] == 0
        await one.event("terminated")
        assert "rank 1999" in one.said("stdout")


async def test_into_and_out_of_a_subgraph(flow: ServerProcess) -> None:
    async with editor() as one:
        await started(one, flow, stopOnEntry=True)
        thread, name = await one.stopped("entry")
        assert name == "begin"
        await one.ask("next", threadId=thread)
        at = await stops(one, 2, "step")
        assert set(at) == {"literature", "other"}
        # What comes next goes on in the thread that was.
        assert thread in at.values()
        await one.ask("stepIn", threadId=at["literature"])
        inside, name = await one.stopped("step")
        assert (inside, name) == (at["literature"], "search")
        frames = await one.frames(inside)
        unplaced = [frame for frame in frames if "source" not in frame]
        assert len(unplaced) == 2, "the subgraph's and the graph's"
        assert {frame["presentationHint"] for frame in unplaced} == {"label"}
        for command in ("stepBack", "reverseContinue"):
            with pytest.raises(RefusedError, match=r"moves all threads, other too: `singleThread`"):
                await one.ask(command, threadId=inside, singleThread=True)
        await one.ask("stepOut", threadId=inside)
        await one.event("continued")
        await one.event("thread", lambda body: body["reason"] == "exited")
        assert list(await one.threads()) == ["other"]
        with pytest.raises(RefusedError, match="no thread"):
            await one.ask("next", threadId=inside)


async def test_one_thread_alone_goes_back(flow: ServerProcess) -> None:
    """`singleThread` is refused only where others would be moved too."""
    async with editor() as one:
        await started(one, flow, functions=["ask"])
        thread, _ = await one.stopped("function breakpoint")
        await one.ask("stepBack", threadId=thread, singleThread=True)
        assert set(await stops(one, 2, "step")) == {"literature", "other"}
        await one.ask("disconnect", terminateDebuggee=True)


async def test_the_way_back(flow: ServerProcess) -> None:
    async with editor() as one:
        await started(one, flow, functions=["ask"])
        thread, name = await one.stopped("function breakpoint")
        assert name == "ask"
        await one.ask("stepBack", threadId=thread)
        at = await stops(one, 2, "step")
        assert set(at) == {"literature", "other"}
        assert (await one.state(at["other"]))["said"] == '["begin"]'
        await one.ask("stepBack", threadId=at["other"])
        thread, name = await one.stopped("step")
        assert name == "begin"
        with pytest.raises(RefusedError, match="the first step"):
            await one.ask("reverseContinue", threadId=thread)
        # The future that was left is still there: to go on is to run it again.
        await one.ask("continue", threadId=thread)
        thread, name = await one.stopped("function breakpoint")
        assert name == "ask"
        await one.ask("reverseContinue", threadId=thread)
        thread, name = await one.stopped("entry")
        assert name == "begin"
        await one.ask("continue", threadId=thread)
        thread, _ = await one.stopped("function breakpoint")
        listed = (await one.ask("evaluate", expression="history", context="repl"))["result"]
        assert listed.count("→") == 1
        checkpoint = next(
            line.split()[0]
            for line in listed.splitlines()
            if line.endswith("next: literature, other")
        )
        await one.ask("evaluate", expression=f"rewind {checkpoint}", context="repl")
        assert set(await stops(one, 2, "goto")) == {"literature", "other"}


async def test_back_to_a_breakpoint_the_editor_looks_at_what_it_is_of(flow: ServerProcess) -> None:
    """What stands beside it is told of, and takes the focus from nobody; the breakpoint is named."""
    async with editor() as one:
        (dots,) = await started(one, flow, functions=["ask", "other"])
        at = await stops(one, 1)
        await one.ask("continue", threadId=at["other"])
        thread, name = await one.stopped("function breakpoint")
        assert name == "ask"
        await one.ask("reverseContinue", threadId=thread)
        bodies = [await one.event("stopped") for _ in range(2)]
        names = {number: name for name, number in (await one.threads()).items()}
        told = {
            names[body["threadId"]]: (
                body["reason"], body.get("hitBreakpointIds"), body.get("preserveFocusHint")
            )
            for body in bodies
        }  # fmt: skip
        assert told == {
            "other": ("function breakpoint", [dots[1]["id"]], None),
            "literature": ("pause", None, True),
        }
        data = [{"dataId": '["", "facts"]'}]
        # Where it stands now is behind that change, and what is behind is not gone back to.
        await one.ask("setDataBreakpoints", breakpoints=data)
        await one.ask("reverseContinue", threadId=next(iter(names)))
        thread, name = await one.stopped("entry")
        assert name == "begin"
        await one.ask("setFunctionBreakpoints", breakpoints=[{"name": "ask"}])
        await one.ask("setDataBreakpoints", breakpoints=[])
        await one.ask("continue", threadId=thread)
        thread, _ = await one.stopped("function breakpoint")
        (dot,) = (await one.ask("setDataBreakpoints", breakpoints=data))["breakpoints"]
        await one.ask("reverseContinue", threadId=thread)
        for _ in range(2):
            body = await one.event("stopped")
            assert (body["reason"], body["hitBreakpointIds"]) == ("data breakpoint", [dot["id"]])
        await one.ask("disconnect", terminateDebuggee=True)


async def test_a_frame_that_is_restarted_leaves_the_other_branch_where_it_stands(
    flow: ServerProcess,
) -> None:
    async with editor() as one:
        await started(one, flow, functions=["other", "literature/rank"])
        at = await stops(one, 2)
        other = (await one.frames(at["other"]))[0]["id"]
        rank, holder = (await one.frames(at["rank"]))[:2]
        await one.ask("restartFrame", frameId=rank["id"])
        again = await stops(one, 2, "restart")
        assert set(again) == {"rank", "other"}
        # Of a subgraph: it begins anew, and what stands beside it did not move.
        with pytest.raises(RefusedError, match="no frame"):
            await one.ask("restartFrame", frameId=holder["id"])
        holder = (await one.frames(again["rank"]))[1]
        await one.ask("restartFrame", frameId=holder["id"])
        assert set(await stops(one, 2, "restart")) == {"literature", "other"}
        assert other
        await one.ask("stepIn", threadId=(await one.threads())["literature"])
        assert (await one.stopped("step"))[1] == "search"


async def test_on_as_if_a_node_had_run(flow: ServerProcess) -> None:
    async with editor() as one:
        await started(one, flow, stopOnEntry=True)
        thread, _ = await one.stopped("entry")
        found = await one.ask("gotoTargets", source={"path": FLOW}, line=line_of("async def begin"))
        (target,) = found["targets"]
        await one.ask("goto", threadId=thread, targetId=target["id"])
        at = await stops(one, 2, "goto")
        assert set(at) == {"literature", "other"}
        assert (await one.state(at["other"]))["said"] == "[]"
        await one.ask("restartFrame", frameId=(await one.frames(at["other"]))[-1]["id"])
        assert (await one.stopped("restart"))[1] == "begin"


async def test_a_question_is_answered_in_the_console(flow: ServerProcess) -> None:
    async with editor() as one:
        await started(one, flow, "asks")
        thread, name = await one.stopped("interrupt")
        assert name == "ask"
        with pytest.raises(RefusedError, match="is no value"):
            await one.ask("evaluate", expression="respond yes", context="repl")
        with pytest.raises(RefusedError, match="answer it with"):
            await one.ask("next", threadId=thread)
        await one.ask("evaluate", expression='respond "yes"', context="repl")
        assert (await one.event("exited"))["exitCode"] == 0
        assert "told yes" in one.said("stdout")


async def test_a_failure_stands_and_says_what_it_is(flow: ServerProcess) -> None:
    async with editor() as one:
        await started(one, flow, "fails")
        thread, name = await one.stopped("exception")
        assert name == "rank"
        told = await one.ask("exceptionInfo", threadId=thread)
        assert (told["exceptionId"], told["description"]) == ("ValueError", "cannot rank")
        assert f"flow.py:{line_of('raise ValueError')}" in told["details"]["stackTrace"]
        frame = (await one.frames(thread))[0]["id"]
        error = await one.inside(await one.scope(frame, "Error"))
        assert error["message"]["value"] == '"cannot rank"'
        await one.ask("setExpression", frameId=frame, expression="state['query']", value="'works'")
        await one.ask("continue", threadId=thread)
        assert (await one.event("exited"))["exitCode"] == 0
        assert "rank 2020" in one.said("stdout")


async def test_a_stop_where_the_state_changes(flow: ServerProcess) -> None:
    async with editor() as one:
        await started(one, flow, stopOnEntry=True)
        thread, _ = await one.stopped("entry")
        frame = (await one.frames(thread))[0]["id"]
        state = await one.scope(frame, "State")
        asked = await one.ask("dataBreakpointInfo", variablesReference=state, name="facts")
        assert (asked["description"], asked["accessTypes"]) == ("facts", ["write"])
        same = await one.ask("dataBreakpointInfo", frameId=frame, name="state['facts']['year']")
        assert same["dataId"] == asked["dataId"]
        config = await one.scope(frame, "Config")
        none = await one.ask("dataBreakpointInfo", variablesReference=config, name="x")
        assert none["dataId"] is None
        wanted = [
            {"dataId": asked["dataId"], "condition": "state['facts']['year'] == 2020"},
            {"dataId": '["literature", "many"]', "accessType": "write"},
            {"dataId": '["", "nothing"]'},
            {"dataId": asked["dataId"], "accessType": "read"},
        ]
        dots = (await one.ask("setDataBreakpoints", breakpoints=wanted))["breakpoints"]
        assert [each["verified"] for each in dots] == [True, True, False, False]
        assert "the state of the graph has no 'nothing'" in dots[2]["message"]
        await one.ask("continue", threadId=thread)
        body = await one.event("stopped")
        assert (body["reason"], body["description"]) == (
            "data breakpoint",
            "facts changed, by begin",
        )
        assert body["hitBreakpointIds"] == [dots[0]["id"]]
        await one.ask("continue", threadId=body["threadId"])
        body = await one.event("stopped", lambda told: "many" in told.get("description", ""))
        assert body["description"] == "many of literature changed, by literature/search"
        assert (await one.frames(body["threadId"]))[0]["name"] == "rank"
        await one.ask("setDataBreakpoints", breakpoints=[])
        await one.ask("continue", threadId=body["threadId"])
        assert (await one.event("exited"))["exitCode"] == 0


async def test_a_failure_that_is_retried_stops_where_all_do(flow: ServerProcess) -> None:
    async with editor() as one:
        await started(one, flow, "retries", filters=["raised"])
        thread, name = await one.stopped("exception")
        assert name == "rank"
        told = await one.ask("exceptionInfo", threadId=thread)
        assert (told["exceptionId"], told["breakMode"]) == ("KeyError", "always")
        chosen = [{"filterId": "raised", "condition": "OSError"}, {"filterId": "nothing"}]
        found = await one.ask("setExceptionBreakpoints", filters=[], filterOptions=chosen)
        assert [each["verified"] for each in found["breakpoints"]] == [True, False]
        await one.ask("continue", threadId=thread)
        assert (await one.event("exited"))["exitCode"] == 0


async def test_a_failure_ends_the_run_where_nobody_wants_it_to_stop(flow: ServerProcess) -> None:
    async with editor() as one:
        await started(one, flow, "fails", filters=[])
        assert (await one.event("exited"))["exitCode"] == 1
        assert "cannot rank" in one.said("stderr")
        assert one.of("stopped") == []


async def test_conditions_hits_logs_and_what_is_wrong_with_them(flow: ServerProcess) -> None:
    async with editor() as one:
        dots = [
            {"line": RANK, "condition": "state['query'] == 'no'"},
            {"line": OTHER, "logMessage": "other of {state['query']}"},
            {"line": line_of("async def ask"), "condition": "state["},
            {"line": line_of("async def begin"), "hitCondition": "% 2"},
            {"line": 1},
        ]
        (found,) = await started(one, flow, breakpoints={FLOW: dots})
        assert [each["verified"] for each in found] == [True, True, True, False, False]
        assert "a number, or `>= number`" in found[3]["message"]
        assert "no node has this line; there are begin (" in found[4]["message"]
        # What only the server can tell comes when there is a session; the others are set.
        changed = await one.event("breakpoint")
        assert changed["breakpoint"]["id"] == found[2]["id"]
        assert changed["breakpoint"]["verified"] is False
        assert (await one.event("exited"))["exitCode"] == 0
        assert "other of q\n" in one.said("console")
        assert one.of("stopped") == []


async def test_what_another_has_set_stays(flow: ServerProcess) -> None:
    """Two editors at one session: each has its own breakpoints, and both see every stop."""
    async with editor() as one, editor() as two, connect(flow.url) as client:
        await started(one, flow, functions=["other"], stopOnEntry=True)
        thread, _ = await one.stopped("entry")
        session = (await client.sessions(limit=1)).sessions[0].session_id
        await two.launch(
            "", attach=True, url=flow.http_url, sessionId=session, functions=["literature/rank"]
        )
        mine, name = await two.stopped("entry")
        assert name == "begin"
        await two.ask("setFunctionBreakpoints", breakpoints=[{"name": "*/rank"}])
        await one.ask("continue", threadId=thread)
        assert set(await stops(one, 2)) == {"rank", "other"}
        await two.event("continued")
        assert set(await stops(two, 2)) == {"rank", "other"}
        # The second one leaves: what stands goes on for nobody, and the first one's are kept.
        await two.ask("disconnect", suspendDebuggee=True)
        known = await client.call("debug.breakpoints", session_id=session)
        assert "other" in {each["node_name"] for each in known["breakpoints"]}
        assert (await client.session(session)).status == "paused"
        await one.ask("disconnect", terminateDebuggee=True)
        assert (await client.session(session)).status == "cancelled"
        assert mine


async def test_leaving_lets_it_go_on(flow: ServerProcess) -> None:
    async with editor() as one, connect(flow.url) as client:
        await started(one, flow, functions=["other"])
        await one.stopped("function breakpoint")
        session = (await client.sessions(limit=1)).sessions[0].session_id
        seen = (await client.session(session)).seq
        await one.ask("disconnect", terminateDebuggee=False)
        async for event in client.events(session, after=seen):
            if event.type == "query.result":
                break
        found = await client.session(session)
        assert found.debug_mode is False


async def test_a_large_state_comes_by_the_page(flow: ServerProcess) -> None:
    async with editor() as one:
        await started(one, flow, "large", functions=["literature/rank"])
        thread, _ = await one.stopped()
        frame = (await one.frames(thread))[0]["id"]
        many = (await one.inside(await one.scope(frame, "State")))["many"]
        assert (many["type"], many["indexedVariables"]) == ("list", 100_000)
        page = await one.inside(many["variablesReference"], start=99_990, count=10)
        assert {name: each["value"] for name, each in page.items()} == {
            str(number): str(number) for number in range(99_990, 100_000)
        }
        first = await one.inside(many["variablesReference"], start=0, count=3)
        assert list(first) == ["0", "1", "2"]
        updates = await one.inside(await one.scope(frame, "Last update"))
        assert any(name.startswith("added /many") for name in updates), list(updates)


async def test_what_is_not_served_is_said(flow: ServerProcess) -> None:
    async with editor() as one:
        told = await one.ask("initialize", adapterID="x")
        for capability, request in (
            ("supportsReadMemoryRequest", "readMemory"),
            ("supportsDisassembleRequest", "disassemble"),
            ("supportsStepInTargetsRequest", "stepInTargets"),
            ("supportsWriteMemoryRequest", "writeMemory"),
            ("supportsInstructionBreakpoints", "setInstructionBreakpoints"),
            ("supportsExceptionOptions", "runInTerminal"),
            ("supportsSteppingGranularity", "locations"),
        ):
            assert not told.get(capability)
            with pytest.raises(RefusedError, match=f"does not serve the request '{request}'"):
                await one.ask(request)
        with pytest.raises(RefusedError, match="nothing is debugged"):
            await one.ask("stackTrace", threadId=1)
        with pytest.raises(RefusedError, match="`url` is missing"):
            await one.ask("attach")


async def test_what_is_asked_after_the_end_is_not_shown_to_anybody() -> None:
    """VS Code asks where breakpoints can be when it has said `disconnect`; a person who stopped has nothing to do about it."""
    written: list[bytes] = []
    connection = Connection(written.append)
    adapter = Adapter(connection)

    async def shown(command: str) -> tuple[str, bool]:
        await connection._handle({"seq": 1, "command": command}, adapter.handlers)
        error = json.loads(written[-1].partition(b"\r\n\r\n")[2])["body"]["error"]
        return error["format"], error["showUser"]

    before = await shown("breakpointLocations")
    assert before == ("nothing is debugged: `launch` or `attach` comes first", True)
    await connection._handle({"seq": 1, "command": "disconnect"}, adapter.handlers)
    for late in ("breakpointLocations", "stackTrace", "evaluate", "terminate"):
        assert await shown(late) == ("the debugging has ended", False)


async def test_a_request_is_cancelled(flow: ServerProcess) -> None:
    async with editor() as one:
        await one.ask("initialize", adapterID="x")
        waiting = one.send("attach", url=flow.http_url, query="q")
        await one.event("initialized")
        assert not waiting.done()
        behind = one.send("threads")
        await one.ask("cancel", requestId=999)
        assert (await one.answer(behind))["threads"] == []
        await one.ask("disconnect")


async def test_what_an_extension_asks_beside_the_protocol(flow: ServerProcess) -> None:
    """The drawing, its lights, and what a node asks, as the extension of VS Code takes them."""
    async with editor() as one:
        await started(one, flow, "asks")
        asked = await one.event("stepwire/asks")
        assert asked["text"] == '"sure?"'
        await one.stopped("interrupt")
        lights = [(each["path"], each["state"]) for each in one.of("stepwire/node")]
        assert lights[:2] == [("begin", "running"), ("begin", "finished")]
        assert lights[-1] == ("ask", "stopped")
        drawn = await one.ask("stepwire/describe")
        assert [node["id"] for node in drawn["nodes"]][1] == "begin"
        await one.ask("stepwire/respond", interruptId=asked["interruptId"], text="of course")
        assert (await one.event("exited"))["exitCode"] == 0
        assert "told of course" in one.said("stdout")


async def test_completions_know_the_state(flow: ServerProcess) -> None:
    async with editor() as one:
        await started(one, flow, functions=["ask"])
        await one.stopped()
        found = (await one.ask("completions", text="state['fa", column=10))["targets"]
        assert [each["label"] for each in found] == ["facts"]
        found = (await one.ask("completions", text="re", column=3))["targets"]
        assert [each["label"] for each in found] == ["respond", "rewind"]


async def test_a_server_that_goes_for_good_ends_the_session(server: Any) -> None:
    process = server(f"{FLOW}:graph")
    async with editor() as one:
        await started(one, process, functions=["ask"])
        thread, _ = await one.stopped()
        # A restart is a pause in the line, and no more.
        process.kill9()
        await asyncio.to_thread(process.restart)
        # A look is asked again where its connection ends; once it is answered, that is the new one.
        assert "begin" in (await one.state(thread))["said"]
        await one.ask("next", threadId=thread)
        assert (await one.event("exited"))["exitCode"] == 0


async def test_a_server_that_does_not_come_back_is_said(server: Any) -> None:
    process = server(f"{FLOW}:graph")
    async with editor() as one:
        await started(one, process, functions=["ask"], reconnectSeconds=0.5)
        await one.stopped()
        process.kill9()
        await one.event("terminated")
        assert "the server has gone" in one.said("important")


async def test_who_attaches_says_who_it_is(server: Any, tmp_path: Path) -> None:
    """By a file, by the request, or by the environment; and nothing of it is shown."""
    process = server(f"{FLOW}:graph", settings={"auth": "required"}, start=False)
    made = stepwire(
        "token", "create", "me", "--scope", "debug", "--data-dir", str(process.data_dir)
    )
    token = made.stdout.strip()
    process.start()
    (tmp_path / "token").write_text(f"{token}\n")
    (tmp_path / "wrong").write_text("two words")
    async with editor() as one:
        await started(one, process, stopOnEntry=True, tokenFile=str(tmp_path / "token"))
        await one.stopped("entry")
    async with editor() as one:
        await started(one, process, stopOnEntry=True, token=token)
        await one.stopped("entry")
    async with editor(STEPWIRE_TOKEN=token) as one:
        await started(one, process, stopOnEntry=True)
        await one.stopped("entry")
    for given, says in (
        ({}, "give a `tokenFile`"),
        ({"tokenFile": str(tmp_path / "none")}, "cannot be read"),
        ({"tokenFile": str(tmp_path / "wrong")}, "a token is a line of"),
    ):
        async with editor() as one:
            with pytest.raises(RefusedError, match=says):
                await started(one, process, **given)


def test_words_are_read_as_they_are_meant() -> None:
    """Values of the wire, as an editor shows them."""
    from rpc.dap.values import members, preview, type_of

    table = {
        "$table": {
            "type": "pandas.DataFrame",
            "shape": [1, 2],
            "columns": ["a", "b"],
            "index": [7],
            "rows": [[1, "x"]],
        }
    }
    assert preview(table) == "pandas.DataFrame 1×2: a, b"
    assert members(table) == [("7", {"a": 1, "b": "x"})]
    array = {"$array": {"type": "numpy.ndarray", "dtype": "int64", "shape": [2], "data": [1, 2]}}
    assert (preview(array), type_of(array)) == ("numpy.ndarray 2 int64", "numpy.ndarray")
    message = {"type": "ai", "content": "hello", "additional_kwargs": {}, "id": None}
    assert (preview(message), type_of(message)) == ('AIMessage: "hello"', "AIMessage")
    assert preview({"$object": {"type": "m.C", "repr": "C()"}}) == "C()"
    assert len(preview(["x" * 50] * 50)) == 120
    assert preview(msgspec.json.decode(b'{"a": [true, null, 1.5]}')) == "{a: [True, None, 1.5]}"
