"""The run's context beside its config: in the scopes of each frame, in expressions, and completed."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rpc.client import connect
from tests.dap.editor import Editor, RefusedError, editor
from tests.support.server_process import ServerProcess

CONTEXTS = str(Path(__file__).parent / "contexts.py")
CONFIG = {"model": "large", "site": {"city": "Rom", "beds": [7, 8]}, "api_key": "sk-4711-secret"}


@pytest.fixture(scope="module")
def contexts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server of `contexts.py`."""
    process = ServerProcess([f"{CONTEXTS}:graph"], tmp_path_factory.mktemp("data"))
    process.start()
    yield process
    process.close()


async def at_ask(one: Editor, server: ServerProcess) -> list[dict[str, Any]]:
    """The frames of a run that stands in the subgraph."""
    url = server.http_url
    await one.launch("", attach=True, url=url, query="q", config=CONFIG, functions=["inside/ask"])
    thread, _ = await one.stopped("function breakpoint")
    return await one.frames(thread)


async def test_the_context_is_a_scope_of_each_frame(contexts: ServerProcess) -> None:
    async with editor() as one, connect(contexts.url) as client:
        frames = await at_ask(one, contexts)
        session = (await client.sessions(limit=1)).sessions[0].session_id
        truth = (await client.call("debug.inspect", session_id=session))["context"]
        assert [frame["name"] for frame in frames] == ["ask", "inside", "contexts"]
        for frame in frames:
            shown = await one.inside(await one.scope(frame["id"], "Context"))
            assert set(shown) == set(truth) == {"model", "site", "api_key"}
            assert shown["model"]["value"] == '"large"'
            assert "sk-4711" not in str(shown)
            assert (shown["site"]["type"], shown["site"]["evaluateName"]) == (
                "Site",
                "context['site']",
            )
            site = await one.inside(shown["site"]["variablesReference"])
            beds = await one.inside(site["beds"]["variablesReference"], start=1, count=1)
            assert {name: each["value"] for name, each in beds.items()} == {"1": "8"}
            told = await one.ask(
                "evaluate", expression=site["city"]["evaluateName"], frameId=frame["id"]
            )
            assert (told["result"], told["type"]) == ('"Rom"', "str")
            config = await one.inside(await one.scope(frame["id"], "Config"))
            assert config["model"]["evaluateName"] == "config['model']"
            told = await one.ask("evaluate", expression="config['model']", frameId=frame["id"])
            assert told["result"] == '"large"'
            # It is what the run was given: nobody edits it.
            assert shown["model"]["presentationHint"]["attributes"] == ["readOnly"]
            of_site = shown["site"]["variablesReference"]
            for edit in (
                one.ask("setVariable", variablesReference=of_site, name="city", value='"x"'),
                one.ask(
                    "setExpression",
                    expression="context.model",
                    value='"x"',
                    frameId=frame["id"],
                ),
            ):
                with pytest.raises(RefusedError, match="only the state and a task's input can"):
                    await edit
        await one.ask("continue", threadId=(await one.threads())["inside/ask"])
        assert (await one.event("exited"))["exitCode"] == 0
        assert "large in Rom" in one.said("stdout")


async def test_a_graph_without_a_context_has_no_such_scope(flow: ServerProcess) -> None:
    async with editor() as one:
        await one.launch("", attach=True, url=flow.http_url, query="q", stopOnEntry=True)
        thread, _ = await one.stopped("entry")
        scopes = await one.ask("scopes", frameId=(await one.frames(thread))[0]["id"])
        names = [scope["name"] for scope in scopes["scopes"]]
        assert names == ["State", "Input", "Last update", "Config"]
        await one.ask("disconnect", terminateDebuggee=True)


async def test_keys_are_completed_at_every_depth_in_their_place(contexts: ServerProcess) -> None:
    async with editor() as one:
        frame = (await at_ask(one, contexts))[0]["id"]

        async def completed(text: str, **more: int) -> dict[str, str]:
            """By what it offers: the line as it is then."""
            line = text.split("\n")[more.get("line", 1) - 1]
            units = line.encode("utf-16-le")
            column = more.pop("column", len(units) // 2 + 1)
            asked = await one.ask("completions", text=text, column=column, frameId=frame, **more)
            found = {}
            for target in asked["targets"]:
                start, length = target["start"], target["length"]
                assert start + length == column, "what is before the cursor is replaced"
                kept = units[: (start - 1) * 2].decode("utf-16-le")
                found[target["label"]] = kept + target["label"]
            return found

        assert await completed("state['fa") == {"facts": "state['facts"}
        assert await completed("state.facts['y") == {
            "year": "state.facts['year",
            "years": "state.facts['years",
        }
        assert set(await completed("state['facts'].")) == {"year", "years"}, (
            "what is no name is not"
        )
        assert set(await completed("state['facts']['")) == {"year", "years", "a/b"}
        assert set(await completed("state['facts']['a/b']['")) == {"deep"}
        assert set(await completed('input["')) == {"query", "facts"}
        assert await completed("context.site.c") == {"city": "context.site.city"}
        assert set(await completed("config['site']['")) == {"city", "beds"}
        # What has no keys, or is not there, offers none.
        for nothing in ("state['facts']['years']['", "state['no']['", "context.model.", "9.", ""):
            assert not {"year", "0", "city"} & set(await completed(nothing))
        # In the middle of a line, behind letters of two units, and on another line.
        text = "['😀', state.que + 1"
        assert await completed(text, column=16) == {"query": "['😀', state.query"}
        assert await completed("1 +\nstate.q", line=2) == {"query": "state.query"}
        assert set(await completed("con")) == {"context", "config"}
        assert set(await completed("he")) == {"help"}
        assert set(await completed("1 + he")) == set()
        await one.ask("disconnect", terminateDebuggee=True)
