"""Values read as what they are: with the types that JSON does not say, and by the page, in the state and in a task's input."""

from pathlib import Path

import pytest

from rpc.client import RpcError, connect
from tests.dap.editor import editor
from tests.support.server_process import ServerProcess

TYPED = str(Path(__file__).parent / "typed.py")


@pytest.fixture(scope="module")
def typed(tmp_path_factory: pytest.TempPathFactory):  # type: ignore[no-untyped-def]
    process = ServerProcess([f"{TYPED}:graph"], tmp_path_factory.mktemp("data"))
    process.start()
    yield process
    process.close()


@pytest.mark.parametrize("scope", ["State", "Input"])
async def test_values_are_shown_with_their_types(typed: ServerProcess, scope: str) -> None:
    async with editor() as one:
        await one.launch("", attach=True, url=typed.http_url, query="q", functions=["read"])
        thread, _ = await one.stopped()
        frame = (await one.frames(thread))[0]["id"]
        shown = await one.inside(await one.scope(frame, scope))
        types = {name: each["type"] for name, each in shown.items()}
        assert types == {
            "query": "str",
            "messages": "list",
            "trial": "Trial",
            "site": "Site",
            "tags": "set",
            "array": "ndarray",
            "frame": "DataFrame",
            "years": "Series",
            "mixed": "ndarray",
            "phase": "Phase",
            "at": "datetime",
            "raw": "bytes",
            # LangGraph's checkpoints make lists of tuples.
            "pair": "list",
            "documents": "list",
        }
        values = {name: each["value"] for name, each in shown.items()}
        assert values["frame"] == "pandas.DataFrame 3×3: title, at, n"
        assert values["years"] == "pandas.Series 2 int64"
        assert values["mixed"] == "numpy.ndarray 2 object"
        assert values["phase"] == '"II"'
        assert values["at"] == '"2026-01-02T00:00:00+00:00"'
        assert values["raw"].startswith("bytes, ")
        rows = await one.inside(shown["frame"]["variablesReference"])
        assert list(rows) == ["0", "1", "2"]
        row = await one.inside(rows["1"]["variablesReference"])
        cells = {name: each["value"] for name, each in row.items()}
        assert cells["title"] == '"b"'
        assert cells["at"] == '"2026-01-02T00:00:00+00:00"'
        years = await one.inside(shown["years"]["variablesReference"])
        assert {name: each["value"] for name, each in years.items()} == {"x": "2020", "y": "2021"}
        mixed = await one.inside(shown["mixed"]["variablesReference"])
        assert [each["value"] for each in mixed.values()] == ["1", '"two"']
        assert shown["trial"]["value"] == 'Trial {title: "STEP 1", phase: 3}'
        assert shown["array"]["value"] == "numpy.ndarray 10000×2 int64"
        messages = await one.inside(shown["messages"]["variablesReference"])
        assert [each["type"] for each in messages.values()] == ["HumanMessage", "AIMessage"]
        site = await one.inside(shown["site"]["variablesReference"])
        trials = await one.inside(site["trials"]["variablesReference"])
        assert trials["0"]["type"] == "Trial"
        # Large ones come by the page, from wherever one looks.
        documents = shown["documents"]
        assert documents["indexedVariables"] == 30_000
        page = await one.inside(documents["variablesReference"], start=29_998, count=2)
        assert list(page) == ["29998", "29999"]
        inner = await one.inside(page["29999"]["variablesReference"])
        assert (inner["id"]["value"], inner["id"]["type"]) == ("29999", "int")
        assert shown["array"]["indexedVariables"] == 10_000
        rows = await one.inside(shown["array"]["variablesReference"], start=9_999, count=1)
        assert rows["9999"]["value"] == "[19998, 19999]"
        if scope == "State":
            place = "state['site']['trials'][0]"
            told = await one.ask("evaluate", expression=place, frameId=frame, context="watch")
            assert told["type"] == "Trial"
            assert (await one.inside(told["variablesReference"]))["phase"]["value"] == "3"
            # An edit keeps the type.
            trial = shown["trial"]["variablesReference"]
            await one.ask("setVariable", variablesReference=trial, name="phase", value="4")
            again = await one.inside(await one.scope(frame, scope))
            assert again["trial"]["value"] == 'Trial {title: "STEP 1", phase: 4}'
        await one.ask("disconnect", terminateDebuggee=True)


async def test_a_page_and_its_types_from_any_client(typed: ServerProcess) -> None:
    async with (
        connect(typed.url) as client,
        client.debug("q", breakpoints=["read"]) as session,
    ):
        task = session.tasks[0].task_id
        whole = await client.call("debug.inspect", session_id=session.session_id)
        assert whole["types"]["/site"].endswith(".Site")
        assert whole["types"]["/messages"] == "list"
        params = {"session_id": session.session_id, "task_id": task, "part": "input"}
        page = await client.call(
            "debug.inspect", **params, value_path="/documents", start=5, count=2
        )
        assert [one["id"] for one in page["values"]] == [5, 6]
        assert page["page"] == {"type": "array", "length": 30_000, "start": 5, "next_start": 7}
        assert page["types"] == {"": "list", "/5": "dict", "/6": "dict"}
        found = await client.call("debug.inspect", **params, value_path="/messages")
        assert found["types"]["/1"] == "langchain_core.messages.ai.AIMessage"
        with pytest.raises(RpcError, match="whose input"):
            await client.call("debug.inspect", session_id=session.session_id, part="input")
        await session.resume()
