"""One subgraph in several threads at once, each frame on its own state; loops, and the way back through both."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.dap.editor import Editor, RefusedError, editor
from tests.support.polling import until_true
from tests.support.server_process import ServerProcess

BRANCHES = str(Path(__file__).with_name("branches.py"))


@pytest.fixture(scope="module")
def branches(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server of the graph."""
    process = ServerProcess([f"{BRANCHES}:graph"], tmp_path_factory.mktemp("data"))
    process.start()
    yield process
    process.close()


def line_of(text: str) -> int:
    lines = Path(BRANCHES).read_text().splitlines()
    return next(number for number, line in enumerate(lines, 1) if line.startswith(text))


async def started(one: Editor, server: ServerProcess, *functions: Any, **more: Any) -> None:
    await one.launch(
        "", attach=True, url=server.http_url, query="q", functions=list(functions), **more
    )


async def result(one: Editor, frame: int, expression: str) -> str:
    answer = await one.ask("evaluate", expression=expression, frameId=frame, context="watch")
    found: str = answer["result"]
    return found


async def each(one: Editor) -> dict[int, list[dict[str, Any]]]:
    """The frames of each of three threads that stand in the branch, by the number that it was given."""
    found = {}
    for name, thread in (await one.threads()).items():
        assert name.startswith("branch/")
        frames = await one.frames(thread)
        assert [frame["name"] for frame in frames[1:]] == ["branch", "branches"]
        found[int(await result(one, frames[0]["id"], "state['k']"))] = frames
    assert sorted(found) == [0, 1, 2]
    return found


async def in_the_branch(one: Editor) -> dict[int, list[dict[str, Any]]]:
    for _ in range(3):
        assert (await one.stopped("function breakpoint"))[1] == "second"
    assert set(await one.threads()) == {f"branch/second #{number}" for number in (1, 2, 3)}
    return await each(one)


async def test_each_frame_has_its_own_state(branches: ServerProcess) -> None:
    async with editor() as one:
        await started(one, branches, "branch/second")
        counted = ", ".join(f'"count {n}"' for n in range(1, 6))
        for k, (frame, holder, graph) in (await in_the_branch(one)).items():
            assert await result(one, frame["id"], "state['said']") == f'["first {k}"]'
            assert await result(one, frame["id"], "said") == f'["first {k}"]'
            assert await result(one, holder["id"], "input['k']") == str(k)
            for around in (holder, graph):
                assert await result(one, around["id"], "state['said']") == f"[{counted}]"
            wrote = await one.inside(await one.scope(frame["id"], "Last update"))
            assert {name: told["value"] for name, told in wrote.items()} == {
                "added /said/0": f'{{after: "first {k}"}}',
                "by branch/first": f'{{said: ["first {k}"]}}',
            }
            around = await one.inside(await one.scope(graph["id"], "Last update"))
            assert around["by talk"]["value"] == '{note: "hello wide world"}'
            assert not any(name.startswith("by branch") for name in around)
        await one.ask("disconnect", terminateDebuggee=True)


async def test_an_edit_is_of_the_frame_s_own_state(branches: ServerProcess) -> None:
    async with editor() as one:
        await started(one, branches, "branch/second", "join")
        frame = (await in_the_branch(one))[1][0]
        state = await one.scope(frame["id"], "State")
        said = (await one.inside(state))["said"]["variablesReference"]
        told = await one.ask("setVariable", variablesReference=said, name="0", value="'edited'")
        assert told == {"value": '"edited"', "type": "str", "variablesReference": 0}
        told = await one.ask(
            "setExpression", frameId=frame["id"], expression="state['note']", value='{"a": [{}]}'
        )
        assert (told["value"], told["namedVariables"]) == ("{a: [{}]}", 1)
        assert "presentationHint" not in told, "it can be edited again"
        inside = await one.inside(told["variablesReference"])
        assert inside["a"]["evaluateName"] == "state['note']['a']"
        deep = "state['note']['a'][0]"
        await one.ask("setExpression", frameId=frame["id"], expression=deep, value="7")
        assert await result(one, frame["id"], "state['note']['a']") == "[7]"
        for k, (inner, *_) in (await each(one)).items():
            expected = '["edited"]' if k == 1 else f'["first {k}"]'
            assert await result(one, inner["id"], "state['said']") == expected
            assert await result(one, inner["id"], "'note' in state") == str(k == 1)
        with pytest.raises(RefusedError, match="cannot be set"):
            await one.ask("setExpression", frameId=frame["id"], expression="len(state)", value="1")
        thread = next(iter((await one.threads()).values()))
        await one.ask("setFunctionBreakpoints", breakpoints=[{"name": "join"}])
        await one.ask("continue", threadId=thread)
        thread, name = await one.stopped("function breakpoint")
        assert name == "join"
        said = (await one.state(thread))["said"]
        assert all(f'"{text}"' in said for text in ("first 0", "edited", "first 2", "second 1"))
        await one.ask("disconnect", terminateDebuggee=True)


async def test_one_thread_goes_on_alone(branches: ServerProcess) -> None:
    async with editor() as one:
        await started(one, branches, "branch/second", "join")
        await in_the_branch(one)
        threads = await one.threads()
        thread = threads.pop("branch/second #2")
        told = await one.ask("continue", threadId=thread, singleThread=True)
        assert told == {"allThreadsContinued": False}
        gone = await one.event("continued")
        assert gone == {"threadId": thread, "allThreadsContinued": False}
        await one.event("thread", lambda body: body == {"reason": "exited", "threadId": thread})
        assert sorted((await one.threads()).values()) == sorted(threads.values())
        told = await one.ask("continue", threadId=min(threads.values()))
        assert told == {"allThreadsContinued": True}
        assert (await one.stopped("function breakpoint"))[1] == "join"
        stops = one.of("stopped")
        assert [body["allThreadsStopped"] for body in stops] == [False] * len(stops)
        await one.ask("disconnect", terminateDebuggee=True)


async def test_on_as_if_a_node_had_run_in_one_of_them(branches: ServerProcess) -> None:
    async with editor() as one:
        await started(one, branches, "branch/second")
        await in_the_branch(one)
        line = line_of("async def first")
        found = await one.ask("gotoTargets", source={"path": BRANCHES}, line=line)
        (target,) = found["targets"]
        threads = await one.threads()
        frame = (await one.frames(threads["branch/second #3"]))[0]["id"]
        k = await result(one, frame, "state['k']")
        state = await one.scope(frame, "State")
        await one.ask("setVariable", variablesReference=state, name="said", value="[]")
        await one.ask("goto", threadId=threads["branch/second #3"], targetId=target["id"])
        assert (await one.stopped("goto"))[1] == "second"
        said = {
            number: await result(one, frames[0]["id"], "state['said']")
            for number, frames in (await each(one)).items()
        }
        assert said.pop(int(k)) == "[]"
        assert said == {number: f'["first {number}"]' for number in said}
        await one.ask("disconnect", terminateDebuggee=True)


async def test_a_hit_count_and_a_loop(branches: ServerProcess) -> None:
    """A dot stops from the third time on; the way back meets it as often, by its condition too, and no log point."""
    async with editor() as one:
        dot = {"line": line_of("async def count") + 1, "hitCondition": ">= 3"}
        await started(one, branches, "join", breakpoints={BRANCHES: [dot]})
        for n in (2, 3, 4):
            thread, name = await one.stopped("breakpoint")
            assert (name, (await one.state(thread))["n"]) == ("count", str(n))
            await one.ask("continue", threadId=thread)
        thread, name = await one.stopped("function breakpoint")
        assert name == "join"

        async def back(*dots: dict[str, Any]) -> tuple[str, str]:
            given = [{"line": dot["line"], **each} for each in dots]
            await one.ask("setBreakpoints", source={"path": BRANCHES}, breakpoints=given)
            at = next(iter((await one.threads()).values()))
            await one.ask("reverseContinue", threadId=at)
            body = await one.event("stopped")
            return body["reason"], (await one.state(body["threadId"])).get("n", "0")

        assert await back({"hitCondition": ">= 5"}) == ("breakpoint", "4")
        assert await back({"hitCondition": "> 3"}) == ("breakpoint", "3")
        assert await back({"condition": "state['n'] == 1"}) == ("breakpoint", "1")
        assert await back({"logMessage": "passed"}) == ("entry", "0")
        assert "passed" not in one.said("console")
        await one.ask("disconnect", terminateDebuggee=True)


async def test_the_way_back_into_a_subgraph_and_before_one_that_has_ended(
    branches: ServerProcess,
) -> None:
    async with editor() as one:
        await started(one, branches, "join", "branch/first", filters=[])
        for _ in range(3):
            assert (await one.stopped("function breakpoint"))[1] == "first"
        await one.ask("setFunctionBreakpoints", breakpoints=[{"name": "branch/second"}])
        await one.ask("continue", threadId=min((await one.threads()).values()))
        frame = (await in_the_branch(one))[2][0]
        threads = await one.threads()
        (thread,) = [
            number
            for number in threads.values()
            if await result(one, (await one.frames(number))[0]["id"], "state['k']") == "2"
        ]
        assert frame
        # In the subgraph: this branch alone goes back, and the others stand where they did.
        named = [{"name": "branch/first"}, {"name": "branch/second"}]
        await one.ask("setFunctionBreakpoints", breakpoints=named)
        await one.ask("reverseContinue", threadId=thread)
        for _ in range(3):
            await one.stopped("function breakpoint")
        now = {frames[0]["name"]: k for k, frames in (await each(one)).items()}
        assert (now["first"], set(now)) == (2, {"first", "second"})
        # From behind it: to before the node that held it.
        named = [{"name": "join"}]
        await one.ask("setFunctionBreakpoints", breakpoints=named)
        await one.ask("continue", threadId=min((await one.threads()).values()))
        thread, name = await one.stopped("function breakpoint")
        assert name == "join"
        named = [{"name": "branch/second"}, {"name": "count"}]
        await one.ask("setFunctionBreakpoints", breakpoints=named)
        await one.ask("reverseContinue", threadId=thread)
        for _ in range(3):
            assert (await one.stopped("breakpoint"))[1] == "branch"
        await one.ask("reverseContinue", threadId=min((await one.threads()).values()))
        thread, name = await one.stopped("function breakpoint")
        assert (name, (await one.state(thread))["n"]) == ("count", "4")
        # What was left is kept: each way on is in the history.
        history = (await one.ask("evaluate", expression="history", context="repl"))["result"]
        assert sum(line.endswith("next: join") for line in history.splitlines()) == 1
        assert history.count("→") == 1
        await one.ask("disconnect", terminateDebuggee=True)


async def test_the_way_back_to_where_the_state_changed(branches: ServerProcess) -> None:
    async with editor() as one:
        await started(one, branches, "join")
        thread, _ = await one.stopped("function breakpoint")
        data = [{"dataId": '["", "n"]', "condition": "state['n'] == 2"}]
        await one.ask("setDataBreakpoints", breakpoints=data)
        await one.ask("reverseContinue", threadId=thread)
        thread, name = await one.stopped("data breakpoint")
        assert (name, (await one.state(thread))["n"]) == ("count", "2")
        await one.ask("disconnect", terminateDebuggee=True)


async def test_what_nodes_say_stands_in_lines_of_its_own(branches: ServerProcess) -> None:
    """What they write, by category and place: their progress, the pieces of a message, that they begin."""
    async with editor() as one:
        await started(one, branches)
        assert (await one.event("exited"))["exitCode"] == 0
        said = one.said()
        assert "→ talk\nhello wide world\n→ " in said
        assert "→ count\ncount: {counted: 1}\n→ count\n" in said
        of = {body["output"]: body for body in one.of("output")}
        talk = line_of("async def talk")
        assert (of["hello"]["category"], of["hello"]["line"]) == ("stdout", talk)
        assert (of["→ talk\n"]["category"], of["→ talk\n"]["source"]["path"]) == (
            "console",
            BRANCHES,
        )
        assert of["count: {counted: 1}\n"]["category"] == "stdout"


async def test_the_drawing_is_lit_where_it_stands_and_dark_where_it_was_left(
    branches: ServerProcess,
) -> None:
    async with editor() as one:
        await started(one, branches, "talk", "join")
        thread, _ = await one.stopped("function breakpoint")

        def lit() -> dict[str, str]:
            return {each["path"]: each["state"] for each in one.of("stepwire/node")}

        await until_true(lambda: lit() == {"count": "finished", "talk": "stopped"})
        await one.ask("continue", threadId=thread)
        thread, name = await one.stopped("function breakpoint")
        assert name == "join"
        await until_true(lambda: {lit()["talk"], lit()["branch/first"]} == {"finished"})
        await one.ask("reverseContinue", threadId=thread)
        thread, name = await one.stopped("function breakpoint")
        assert name == "talk"
        await until_true(
            lambda: {path for path, state in lit().items() if state != "left"} == {"talk"}
        )
        await one.ask("disconnect", terminateDebuggee=True)
