"""Frames and variables in part, as an editor asks for them: so many from one on, of one kind; and what may be restarted."""

from tests.dap.editor import editor
from tests.support.server_process import ServerProcess


async def test_frames_come_by_the_page_and_say_what_may_be_restarted(flow: ServerProcess) -> None:
    async with editor() as one:
        await one.launch("", attach=True, url=flow.http_url, query="q", functions=["rank", "ask"])
        thread, _ = await one.stopped("function breakpoint")
        for page, names in (
            ({}, ["rank", "literature", "flow"]),
            ({"startFrame": 1}, ["literature", "flow"]),
            ({"startFrame": 1, "levels": 1}, ["literature"]),
            ({"levels": 2}, ["rank", "literature"]),
            ({"startFrame": 0, "levels": 0}, ["rank", "literature", "flow"]),
            ({"startFrame": 2, "levels": 9}, ["flow"]),
            ({"startFrame": 3, "levels": 1}, []),
        ):
            told = await one.ask("stackTrace", threadId=thread, **page)
            assert [frame["name"] for frame in told["stackFrames"]] == names
            assert told["totalFrames"] == 3
            assert all(frame["canRestart"] for frame in told["stackFrames"])
        # What says that it may be restarted is.
        frames = await one.frames(thread)
        await one.ask("restartFrame", frameId=frames[1]["id"])
        thread, name = await one.stopped("restart")
        assert name == "literature"
        # Behind the last node nothing is left to begin again.
        await one.ask("setFunctionBreakpoints", breakpoints=[{"name": "ask"}])
        await one.ask("continue", threadId=thread)
        thread, name = await one.stopped("function breakpoint")
        assert name == "ask"
        said = {"dataId": '["", "said"]'}
        await one.ask("setDataBreakpoints", breakpoints=[said])
        await one.ask("continue", threadId=thread)
        thread, name = await one.stopped("data breakpoint")
        told = await one.ask("stackTrace", threadId=thread)
        assert [(frame["name"], frame["canRestart"]) for frame in told["stackFrames"]] == [
            ("(end)", False)
        ]
        await one.ask("disconnect", terminateDebuggee=True)


async def test_variables_come_by_kind_and_page(flow: ServerProcess) -> None:
    async with editor() as one:
        await one.launch("", attach=True, url=flow.http_url, query="q", functions=["rank"])
        thread, _ = await one.stopped("function breakpoint")
        state = await one.scope((await one.frames(thread))[0]["id"], "State")

        async def names(reference: int, **page: object) -> list[str]:
            asked = await one.ask("variables", variablesReference=reference, **page)
            return [each["name"] for each in asked["variables"]]

        channels = ["query", "said", "facts", "many"]
        assert sorted(await names(state)) == sorted(channels)
        assert sorted(await names(state, filter="named")) == sorted(channels)
        assert await names(state, filter="indexed") == []
        paged = [await names(state, start=at, count=1, filter="named") for at in range(5)]
        assert sorted(name for page in paged for name in page) == sorted(channels)
        assert paged[4] == []
        shown = await one.inside(state)
        many, facts = (shown[name]["variablesReference"] for name in ("many", "facts"))
        assert await names(many, filter="indexed") == ["0", "1", "2"]
        assert await names(many, filter="named") == []
        assert await names(many, filter="indexed", start=1, count=1) == ["1"]
        assert await names(many, start=3, count=5) == []
        assert await names(facts, filter="named") == ["year", "a/b"]
        assert await names(facts, filter="indexed") == []
        await one.ask("disconnect", terminateDebuggee=True)
