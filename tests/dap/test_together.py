"""Several debuggers at one session: what one of them sets, changes and leaves is no other's loss."""

import asyncio
from typing import Any

import pytest

from rpc.client import Client, connect
from tests.dap.editor import DEADLINE_SECONDS, Editor, RefusedError, editor
from tests.support.server_process import ServerProcess


async def standing(one: Editor, client: Client, server: ServerProcess, **more: Any) -> str:
    """A query that an editor starts, and that stands before its first node: the session."""
    given = {"query": "q", "stopOnEntry": True, **more}
    await one.launch("", attach=True, url=server.http_url, **given)
    await one.stopped("entry")
    return (await client.sessions(limit=1)).sessions[0].session_id


async def joined(two: Editor, server: ServerProcess, session: str, **more: Any) -> None:
    """Another editor at it."""
    await two.launch("", attach=True, url=server.http_url, sessionId=session, **more)
    await two.stopped("entry")


async def test_who_joined_leaves_it_to_the_others(flow: ServerProcess) -> None:
    """What it set is taken back, and the session stands as before."""
    async with editor() as one, editor() as two, connect(flow.url) as client:
        session = await standing(one, client, flow, functions=["other"])
        await joined(two, flow, session, functions=["ask"])
        await two.ask("disconnect", terminateDebuggee=False)
        found = await client.session(session)
        assert (found.status, found.debug_mode) == ("paused", True)
        known = await client.call("debug.breakpoints", session_id=session)
        assert [each["node_name"] for each in known["breakpoints"]] == ["other"]
        await one.ask("disconnect", terminateDebuggee=True)


async def test_who_started_it_leaves_it_to_the_others(flow: ServerProcess) -> None:
    """Also where it leaves first: the last lets the session go, and each is told."""
    async with editor() as one, editor() as two, connect(flow.url) as client:
        session = await standing(one, client, flow)
        await joined(two, flow, session)
        assert "is debugged by" in two.said("console")
        # As itself once more.
        await two.ask("restart")
        await two.stopped("entry")
        await one.ask("disconnect", terminateDebuggee=False)
        assert "the session is left to" in one.said("console")
        found = await client.session(session)
        assert (found.status, found.debug_mode) == ("paused", True)
        await two.ask("disconnect", terminateDebuggee=False)
        assert "nobody debugs the session any more" in two.said("console")
        assert not (await client.session(session)).debug_mode
        await client.cancel(session)


async def test_a_restart_onto_another_session_leaves_the_one_before(flow: ServerProcess) -> None:
    """What it set is taken back there, and set where it is now; whom nobody debugs any more is let go."""
    async with editor() as one, editor() as two, connect(flow.url) as client:
        first = await standing(one, client, flow)
        types = {"errors": ["KeyError"], "raised": False}
        await client.call("debug.breakOnError", session_id=first, **types)
        started = await client.start(
            "q", debug_mode=True, debugger_id="a", stop_on_entry=True, break_on_raised=True
        )
        second = started.session_id
        async with client.attach(second, debugger_id="a") as plain:
            assert await plain.rest() == "paused"
        await joined(two, flow, first, functions=["ask"], filters=["raised"])
        (thread,) = (await two.threads()).values()

        async def debugged_by(session: str) -> list[str]:
            answer = await client.call("debug.detach", session_id=session, debugger_id="nobody")
            return [name.split()[0] for name in answer["debuggers"]]

        assert await debugged_by(first) == ["dap", "dap"]
        await two.ask("restart", arguments={"sessionId": second})
        await two.event("thread", lambda body: body == {"reason": "exited", "threadId": thread})
        await two.stopped("entry")
        assert (await debugged_by(first), await dots(client, first)) == (["dap"], {})
        assert (await debugged_by(second), await dots(client, second)) == (
            ["a", "dap"],
            {"ask": None},
        )
        assert (await client.session(first)).status == "paused"
        assert (await modes(client, first), await modes(client, second)) == (
            (["KeyError"], False),
            (True, True),
        )
        # From there to the other again: `a` is left with the second, and has it as it stands.
        await two.ask("restart", arguments={"sessionId": first})
        await two.stopped("entry")
        assert (await debugged_by(second), await dots(client, second)) == (["a"], {})
        assert (await client.session(second)).status == "paused"
        assert await modes(client, second) == (True, True)
        # One that is not there is refused, and the debugging has ended; the one before was left.
        await one.ask("disconnect", terminateDebuggee=False)
        with pytest.raises(RefusedError, match="no session 'nowhere'"):
            await two.ask("restart", arguments={"sessionId": "nowhere"})
        await two.event("terminated")
        async with asyncio.timeout(DEADLINE_SECONDS):
            async for event in client.events(first):
                if event.data.get("status") == "completed":
                    break
        assert not (await client.session(first)).debug_mode
        await client.cancel(second)


async def test_who_joins_what_a_client_without_a_name_debugs_leaves_it_standing(
    flow: ServerProcess,
) -> None:
    async with editor() as one, connect(flow.url) as client:
        started = await client.start("q", debug_mode=True, stop_on_entry=True)
        session = started.session_id
        async with client.attach(session) as plain:
            assert await plain.rest() == "paused"
        await joined(one, flow, session)
        await one.ask("disconnect", terminateDebuggee=False)
        said = "the session is left to a client that gave no name, as it stands\n"
        assert said in one.said("console")
        found = await client.session(session)
        assert (found.status, found.debug_mode) == ("paused", True)
        await client.cancel(session)


async def test_who_turned_debugging_on_lets_the_session_go(flow: ServerProcess) -> None:
    async with editor() as one, connect(flow.url) as client:
        started = await client.start("asks")
        session = started.session_id
        async with client.attach(session) as plain:
            assert await plain.rest() == "waiting"
        await client.call("debug.detach", session_id=session)
        await one.launch("", attach=True, url=flow.http_url, sessionId=session)
        await one.stopped("interrupt")
        await one.ask("disconnect", terminateDebuggee=False)
        assert (await client.session(session)).debug_mode is False
        await client.cancel(session)


async def test_what_a_session_asks_is_told_to_who_joins(flow: ServerProcess) -> None:
    """As it is to who was there when it was asked; also where it is joined anew, and beside what stands."""
    async with editor() as one, connect(flow.url) as client:
        session = (await client.start("asks")).session_id
        async with client.attach(session) as plain:
            assert await plain.rest() == "waiting"
        await one.launch("", attach=True, url=flow.http_url, sessionId=session)
        asked = await one.event("stepwire/asks")
        assert asked["text"] == '"sure?"'
        stop = await one.event("stopped")
        assert (stop["reason"], stop["text"]) == ("interrupt", '"sure?"')
        assert '? ask asks: "sure?"\n' in one.said("important")
        await one.ask("restart")
        assert await one.event("stepwire/asks") == asked
        await one.stopped("interrupt")
        await one.ask("evaluate", expression='respond "yes"', context="repl")
        await one.event("output", lambda body: "told yes" in body["output"])


async def dots(client: Client, session: str) -> dict[str, str | None]:
    """The session's breakpoints: their conditions, by node."""
    found = await client.call("debug.breakpoints", session_id=session)
    return {each["node_name"]: each["condition"] for each in found["breakpoints"]}


async def test_what_another_makes_of_a_breakpoint_is_told_and_taken_back(
    flow: ServerProcess,
) -> None:
    async with editor() as one, editor() as two, connect(flow.url) as client:
        session = await standing(one, client, flow, functions=["other"])
        sets = {"name": "other", "condition": "False"}
        await joined(two, flow, session, functions=[sets])
        told = (await one.event("breakpoint"))["breakpoint"]
        assert told["verified"]
        assert told["message"] == "another debugger has changed it: condition False"
        assert await dots(client, session) == {"other": "False"}
        # What another has now is not set again with those beside it.
        await one.ask("setFunctionBreakpoints", breakpoints=[{"name": "other"}, {"name": "ask"}])
        assert await dots(client, session) == {"other": "False", "ask": None}
        await two.ask("setFunctionBreakpoints", breakpoints=[])
        assert await dots(client, session) == {"other": None, "ask": None}
        told = (await one.event("breakpoint"))["breakpoint"]
        assert told["verified"]
        assert "message" not in told
        await one.ask("disconnect", terminateDebuggee=True)


async def test_what_another_has_removed_or_changed_is_not_cleared(flow: ServerProcess) -> None:
    async with editor() as one, connect(flow.url) as client:
        named = ["other", "literature/rank", "ask"]
        session = await standing(one, client, flow, functions=named)
        at = {"session_id": session}
        await client.call("debug.removeBreakpoint", **at, node_name="other")
        told = (await one.event("breakpoint"))["breakpoint"]
        assert (told["verified"], told["message"]) == (False, "another debugger has removed it")
        await client.call("debug.setBreakpoint", **at, node_name="ask", condition="True")
        assert "condition True" in (await one.event("breakpoint"))["breakpoint"]["message"]
        await one.ask("setFunctionBreakpoints", breakpoints=[])
        assert await dots(client, session) == {"ask": "True"}
        # What a client sets anew is its own again.
        await one.ask("setFunctionBreakpoints", breakpoints=[{"name": "other"}])
        assert await dots(client, session) == {"other": None, "ask": "True"}
        await one.ask("disconnect", terminateDebuggee=True)


async def modes(client: Client, session: str) -> tuple[Any, Any]:
    """By which errors the session stops."""
    found = await client.call("debug.breakpoints", session_id=session)
    return found["errors"], found["raised"]


async def test_who_joins_stops_by_its_own_errors_and_by_those_of_others(
    flow: ServerProcess,
) -> None:
    async with editor() as one, editor() as two, editor() as three, connect(flow.url) as client:
        session = await standing(one, client, flow, filters=["raised"])
        await joined(two, flow, session)
        assert await modes(client, session) == (True, True)
        await two.ask("disconnect", terminateDebuggee=False)
        types = {"errors": ["KeyError"], "raised": False}
        await client.call("debug.breakOnError", session_id=session, **types)
        # What it found is restored, where nobody has changed it since.
        await joined(three, flow, session, filters=["raised"])
        assert await modes(client, session) == (True, True)
        await three.ask("setExceptionBreakpoints", filters=[])
        assert await modes(client, session) == (["KeyError"], False)
        option = {"filterId": "unhandled", "condition": "ValueError"}
        await three.ask("setExceptionBreakpoints", filters=[], filterOptions=[option])
        assert await modes(client, session) == (["KeyError", "ValueError"], False)
        await three.ask("disconnect", terminateDebuggee=False)
        assert await modes(client, session) == (["KeyError"], False)
        await one.ask("disconnect", terminateDebuggee=True)


async def test_who_leaves_keeps_what_another_has_set_since(flow: ServerProcess) -> None:
    async with editor() as one, editor() as two, connect(flow.url) as client:
        session = await standing(one, client, flow)
        await joined(two, flow, session, filters=["raised"])
        await client.call(
            "debug.breakOnError", session_id=session, errors=False, raised=["OSError"]
        )
        await two.ask("disconnect", terminateDebuggee=False)
        assert await modes(client, session) == (False, ["OSError"])
        await one.ask("disconnect", terminateDebuggee=True)
