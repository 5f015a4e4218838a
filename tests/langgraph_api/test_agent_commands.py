"""Commands of the agent streaming protocol: answers with all that may come with them, and what is wrong with others."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from rpc.transports.langgraph.agent_events import ROOM
from tests.langgraph_api.agent_sockets import agent_socket, is_status
from tests.langgraph_api.sdk import sdk_at
from tests.support.server_process import ServerProcess


@pytest.fixture(scope="module")
def deciding(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server of graphs whose doings a test decides."""
    graphs = [f"{name}=tests/langgraph_api/graphs.py:{name}" for name in ("asked", "thinks")]
    process = ServerProcess(graphs, Path(tmp_path_factory.mktemp("data")))
    process.start()
    yield process
    process.close()


@pytest.fixture
async def here(deciding: ServerProcess) -> AsyncIterator[Any]:
    """The SDK at it."""
    async with sdk_at(deciding) as client:
        yield client


async def command(sdk: Any, thread: str, method: str, params: Any) -> Any:
    given = {"id": 7, "method": method, "params": params}
    answer = await sdk.http.post(f"/threads/{thread}/commands", json=given)
    assert answer["id"] == 7
    return answer


async def waiting(sdk: Any) -> tuple[str, str]:
    """A thread that asks, and its question."""
    thread = (await sdk.threads.create())["thread_id"]
    done = await sdk.runs.wait(thread, "asked", input={"note": "none"})
    return thread, done["__interrupt__"][0]["id"]


@pytest.mark.parametrize("shape", ["one", "many"])
async def test_an_answer_comes_with_an_update_and_a_way(here: Any, shape: str) -> None:
    """A front end that puts a card into the state and sends the run elsewhere finds both done, in one step."""
    thread, question = await waiting(here)
    answer = {"interrupt_id": question, "response": "blue"}
    more = {
        "update": {"note": "seen"},
        "goto": "other",
        "config": {"tags": ["answered"]},
        "metadata": {"by": "front end"},
    }
    params = {**answer, **more} if shape == "one" else {"responses": [answer], **more}
    told = await command(here, thread, "input.respond", params)
    assert told["type"] == "success", told
    run = await here.runs.get(thread, told["result"]["run_id"])
    assert run["metadata"]["by"] == "front end"
    done = await here.runs.join(thread, run["run_id"])
    assert done["answers"] == {"ask": "blue"}
    assert done["note"] == "seen"
    assert done["way"].endswith(", seen")
    # What was told before the command is what its client has seen.
    assert told["meta"]["applied_through_seq"] % ROOM == ROOM - 1


async def test_what_an_answer_writes_is_in_the_first_values(
    here: Any, deciding: ServerProcess
) -> None:
    """A front end shows the card that it put into the state at once, and not the state without it first."""
    thread, question = await waiting(here)
    params = {"interrupt_id": question, "response": "blue", "update": {"note": "seen"}}
    told = await command(here, thread, "input.respond", params)
    since = told["meta"]["applied_through_seq"]
    async with agent_socket(deciding, thread) as client:
        await client.subscribe("values", "tasks", "lifecycle", since=since)
        await client.until(is_status("completed"))
    values = [one["params"]["data"] for one in client.events if one["method"] == "values"]
    assert values[0] == {"note": "seen"}
    tasks = [one["params"]["data"] for one in client.events if one["method"] == "tasks"]
    begun = [one for one in tasks if "input" in one]
    assert [one["name"] for one in begun] == ["ask", "usual"]
    assert [one["input"].get("note") for one in begun] == ["seen", "seen"]


async def test_a_run_that_is_a_command(here: Any) -> None:
    """What `command` says is done, with an answer and without one, in a thread that rests too."""
    thread, _ = await waiting(here)
    answered = {"resume": "blue", "update": {"note": "seen"}}
    done = await here.runs.wait(thread, "asked", command=answered)
    assert done == {"note": "seen", "answers": {"ask": "blue"}, "way": "usual, seen"}
    sent = {"update": [["note", "again"]], "goto": [{"node": "other", "input": {"note": "sent"}}]}
    done = await here.runs.wait(thread, "asked", command=sent)
    assert (done["note"], done["way"]) == ("again", "other, sent")
    done = await here.runs.wait(thread, "asked", command={"goto": "other"})
    assert done["way"] == "other, again"


async def test_an_update_of_nothing_is_no_jump(here: Any) -> None:
    thread, question = await waiting(here)
    params = {"interrupt_id": question, "response": "red", "update": None, "goto": None}
    told = await command(here, thread, "input.respond", params)
    done = await here.runs.join(thread, told["result"]["run_id"])
    assert done == {"note": "none", "answers": {"ask": "red"}, "way": "usual, none"}


async def test_what_is_wrong_with_a_command_has_the_protocols_name(here: Any) -> None:
    """A client decides by it whether to ask again, to reload or to give up."""
    thread, question = await waiting(here)
    empty = (await here.threads.create())["thread_id"]
    nowhere = "0199e0c2-a4b6-7d10-8000-00000000bbbb"
    unknown = {"configurable": {"checkpoint_id": nowhere}}
    for where, method, params, name, said in (
        (thread, "input.respond", {"interrupt_id": "x", "response": 1}, "no_such_interrupt", "x"),
        (empty, "input.respond", {"interrupt_id": question}, "no_such_interrupt", question),
        (nowhere, "input.respond", {"interrupt_id": question}, "no_such_run", nowhere),
        (nowhere, "agent.getTree", {}, "no_such_run", nowhere),
        (thread, "input.respond", {"response": 1}, "invalid_argument", "interrupt_id"),
        (thread, "input.respond", {"responses": []}, "invalid_argument", "at least one"),
        (thread, "input.respond", {"responses": ["x"]}, "invalid_argument", "objects"),
        (thread, "input.respond", {"interrupt_id": question, "namespace": "a"}, "invalid_argument", "namespace"),
        (thread, "run.start", {"input": {}}, "invalid_argument", "assistant_id"),
        (thread, "run.start", {"assistant_id": "nothing", "input": {}}, "invalid_argument", "nothing"),
        (thread, "run.start", {"assistant_id": "asked", "config": unknown}, "no_such_checkpoint", nowhere),
        (thread, "state.get", {}, "unknown_command", "state.get"),
    ):  # fmt: skip
        answer = await command(here, where, method, params)
        assert (answer["type"], answer["error"]) == ("error", name), (method, params, answer)
        assert said in answer["message"]
    # Nothing was lost: the question still stands, and is answered once.
    right = {"responses": [{"interrupt_id": question, "response": "green", "namespace": []}]}
    told = await command(here, thread, "input.respond", right)
    assert (await here.runs.join(thread, told["result"]["run_id"]))["answers"] == {"ask": "green"}
    again = await command(here, thread, "input.respond", right)
    assert again["error"] == "no_such_interrupt"


@pytest.mark.parametrize("transport", ["sse", "websocket"])
async def test_what_a_model_thinks_is_told_apart(here: Any, transport: Any) -> None:
    """A front end shows thoughts folded, beside the answer."""
    async with here.threads.stream(assistant_id="thinks", transport=transport) as thread:
        await thread.run.start(input={"messages": [{"role": "user", "content": "2 + 2?"}]})
        await thread.output
        said = [message async for message in thread.messages]
        (message,) = said
        assert str(await message.text) == "it is four"
        assert str(await message.reasoning) == "let me see"


async def test_keys_for_feedback_change_nothing(here: Any) -> None:
    """There are no addresses to send it to; a front end that shows them where it is told any works without."""
    thread = (await here.threads.create())["thread_id"]
    body = {"assistant_id": "asked", "input": {"note": "n"}, "feedback_keys": ["good"]}
    for path in ("runs/wait", "runs/stream"):
        for where in (f"/threads/{thread}/{path}", f"/{path}"):
            answer = await here.http.client.post(where, json=body)
            assert answer.status_code == 200
            assert "Which?" in answer.text
            assert "error" not in answer.text
    made = (await here.http.client.post(f"/threads/{thread}/runs", json=body)).json()
    told = await here.runs.join(thread, made["run_id"])
    assert told["__interrupt__"][0]["value"] == "Which?"
    assert (await here.runs.get(thread, made["run_id"]))["status"] == "success"
