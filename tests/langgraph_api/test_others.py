"""What others wrote, run against the server: LangGraph's JavaScript SDK, a React page with `useStream`, `RemoteGraph`."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any, TypedDict

import pytest
from langgraph.graph import START, StateGraph
from langgraph.pregel.remote import RemoteGraph

from tests.langgraph_api.conftest import PROJECT
from tests.support.needs import needs
from tests.support.server_process import ServerProcess

NPM = Path(__file__).parent / "npm"


def run(script: str, *arguments: str) -> Any:
    """What a script prints, JSON."""
    needs(shutil.which("node"), "node")
    needs(
        (NPM / "node_modules").is_dir(), "make test-langgraph-api, which installs the npm packages"
    )
    done = subprocess.run(
        ["node", script, *arguments],
        cwd=NPM,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_javascript_sdk(served: ServerProcess) -> None:
    found = run("sdk.mjs", served.http_url)
    assert found["assistant"]["graph_id"] == "agent"
    assert len(found["graph"]["nodes"]) == 4
    assert found["schemas"]["state_schema"]["title"] == "agent_state"
    assert list(found["subgraphs"]) == ["deep"]
    assert found["updated"]["name"] == "other"
    assert found["versions"] == [2, 1]
    assert found["gone"] == 404
    thread = found["created"]["thread_id"]
    assert [name for name, _ in found["stream"]] == [
        "metadata", "values", "custom", "updates", "values", "updates", "values",
    ]  # fmt: skip
    assert found["told"]["run_id"] == found["stream"][0][1]["run_id"]
    assert found["told"]["thread_id"] == thread
    assert found["waits"]["status"] == "interrupted"
    assert found["state"]["next"] == ["approve"]
    assert found["resumed"]["answer"] == "3 trials, yes"
    assert found["runs"] == ["success", "success"]
    assert found["history"] == [2, 1]
    assert (found["searched"], found["counted"]) == ([thread], 1)
    assert found["patched"]["more"] == 1
    assert found["edited"]["checkpoint"]["checkpoint_id"]
    assert found["copied"] is True
    assert "".join(found["tokens"]) == "one two three"
    assert found["otherGraph"] == 422
    assert (found["rejected"], found["cancelled"]) == (409, "interrupted")
    assert found["joined"] == {"seconds": 0, "done": True}
    assert found["replayed"] == ["metadata", "updates"]
    assert (found["deleted"], found["noThread"], found["cron"]) == (404, 404, 501)
    assert (found["item"], found["items"]) == ({"v": 1}, 1)
    assert found["namespaces"]["namespaces"] == [["js", "b"]]


def browser() -> str:
    """The command of Chromium."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    needs(chromium, "chromium")
    return str(chromium)


def shows_it_all(found: Any) -> None:
    """What the page showed: tokens, a question, its answer, a branch, the threads."""
    assert (found["error"], found["errors"]) == ("", [])
    assert "human: a room please" in found["partial"]
    whole = "human: a room please, slowly\nai: shall I book the room for you"
    # Tokens that came while nobody looked are there, each once.
    assert found["afterReload"].replace("\n\n", "\n").strip() == whole
    (request,) = found["interrupt"]["action_requests"]
    assert (request["name"], request["args"]) == ("book", {"room": 7})
    assert found["noInterrupt"] is True
    assert found["approved"].endswith("ai: booked: approve")
    assert found["branch"].startswith("human: another room")
    assert "interrupted" in found["threads"]
    assert found["name"] == "mine"


def test_a_page_with_use_stream(served: ServerProcess) -> None:
    shows_it_all(run("browse.mjs", served.http_url, browser()))


@pytest.mark.timeout(300)
@pytest.mark.parametrize("origin", ["http://localhost:3000", "https://smith.langchain.com"])
def test_a_page_of_another_origin(tmp_path: Path, origin: str) -> None:
    """As front ends are while they are written, and as LangGraph's Studio is: what a browser keeps from them, they cannot go on with."""
    process = ServerProcess([], tmp_path, cwd=PROJECT, settings={"allowed_origins": origin}).start()
    try:
        shows_it_all(run("browse.mjs", process.http_url, browser(), origin))
    finally:
        process.close()


@pytest.mark.timeout(300)
def test_a_page_with_use_stream_over_a_socket(served: ServerProcess) -> None:
    """`@langchain/react` speaks the agent streaming protocol, and nothing else, over its own WebSocket."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    needs(chromium, "chromium")
    found = run("socket.mjs", served.http_url, str(chromium))
    assert (found["error"], found["errors"], found["clerkErrors"]) == ("", [], [""])
    assert "human: a room please" in found["partial"]
    whole = "human: a room please, slowly\nai: shall I book the room for you"
    # Tokens that came while nobody looked are there, each once.
    assert found["afterReload"].replace("\n\n", "\n").strip() == whole
    (request,) = found["interrupt"]["action_requests"]
    assert (request["name"], request["args"]) == ("book", {"room": 7})
    assert found["approved"].endswith("ai: booked: approve")
    # The question of the second run alone, and none once it is answered.
    assert (found["interrupts"], found["asked"]) == ("1", "0")
    assert found["messages"].count("shall I book the room for you") == 2
    assert found["streams"] == [], "it was not the socket"
    assert found["frames"]
    looked, reserved = found["tools"]
    assert looked == 'look_up finished "room 7 is free"'
    # The SDK takes what the node told the model in the place of the error.
    assert reserved.startswith("reserve ")
    assert "room 7 is taken" in reserved


@pytest.mark.timeout(300)
@pytest.mark.parametrize("page", ["page.jsx", "socket.jsx"])
def test_a_run_is_stopped_by_a_page_and_joined_by_another(served: ServerProcess, page: str) -> None:
    """`stop()` ends the run on the server too, and the next one is as if it had not been; `joinStream` goes on from a part's id."""
    found = run("leave.mjs", served.http_url, browser(), page)
    assert (found["error"], found["errors"]) == ("", [])
    assert (found["stopped"], found["left"]) == ("interrupted", ["offer"])
    # What was said until then is in no state.
    whole = "ai: shall I book the room for you"
    answered = ["human: a room please, slowly", "human: a room please", whole]
    assert found["next"] == answered
    if page == "page.jsx":
        assert found["joined"].startswith("ai: book the"), "what comes behind that part alone"
    else:
        assert found["joined"].startswith("ai: shall"), "a socket tells a thread from its start"
    more = ["ai: booked: approve", "human: a room please, slowly", whole]
    assert found["whole"] == found["first"] == [*answered, *more]


def told_in_turn(found: Any, said: str) -> None:
    """What assistant-ui showed of a question: in another thread none, back in its own and after a reload the same."""
    assert found["errors"] == []
    assert found["asked"] == found["back"]
    assert found["asked"].endswith(said)
    assert (found["fresh"], found["left"]) == ("", "")
    assert found["threads"].splitlines()[-1].startswith("a room please")
    assert found["again"] == found["afterReload"], "an answer made anew asks again"


@pytest.mark.timeout(300)
def test_assistant_ui_and_a_tool_that_asks_for_approval(tmp_path: Path) -> None:
    """Its runtime for LangGraph, with its list of threads: calls of tools, a question, its answer."""
    folder = tmp_path / "visit-agent"
    shutil.copytree(
        PROJECT.with_name("template"), folder, ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copy(folder / ".env.example", folder / ".env")
    process = ServerProcess([], tmp_path / "data", cwd=folder).start()
    try:
        found = run("assistant_ui.mjs", process.http_url, browser(), "agent")
    finally:
        process.close()
    assert found["interrupt"]["action_requests"] == [
        {"name": "book_visit", "args": {"day": "Monday"}}
    ]
    looked = 'user: a room please\nassistant:\nfind_trial {"condition":"asthma"} "a trial of asthma in Basel"\n'
    booking = 'book_visit {"day":"Monday"}'
    told_in_turn(found, looked + booking)
    assert found["afterReload"] == found["asked"]
    booked = (
        '"the visit on Monday is booked"\na trial of asthma in Basel: the visit on Monday is booked'
    )
    assert found["approved"] == f"{looked}{booking} {booked}"


@pytest.mark.timeout(300)
def test_assistant_ui_stops_what_is_being_said(fresh_server: ServerProcess) -> None:
    """In tokens; the run of a reader who leaves ends on the server too, and the next message is answered."""
    found = run("assistant_ui.mjs", fresh_server.http_url, browser(), "helper", "slowly")
    assert found["partial"].startswith("user: a room please, slowly\nassistant: shall")
    assert found["stopped"] == "interrupted"
    answered = "user: a room please\nassistant: shall I book the room for you"
    told_in_turn(found, answered)
    assert found["afterReload"] == f"user: a room please, slowly\n{answered}"
    assert found["approved"] == f"user: a room please, slowly\n{answered}booked: approve"


def test_the_ai_sdk(served: ServerProcess) -> None:
    """Vercel's: `useChat` on `LangSmithDeploymentTransport`, and `toUIMessageStream` on events."""
    found = run("ai.mjs", served.http_url)

    def parts(name: str) -> list[Any]:
        return [one for one in found[name]["message"]["parts"] if one["type"] != "step-start"]

    said = {"type": "text", "text": "one two three", "state": "done"}
    assert parts("chat") == parts("events") == [said]
    assert found["chat"]["kinds"].count("text-delta") > 3, "it is not told in tokens"
    looked, reserved, end = parts("tools")
    assert (looked["toolName"], looked["input"]) == ("look_up", {"room": 7})
    assert (looked["state"], looked["output"]) == ("output-available", "room 7 is free")
    assert reserved["state"] == "output-error"
    assert "room 7 is taken" in reserved["errorText"]
    assert end["text"] == "it is taken after all"
    # Its transport knows no questions: what was said before one is there.
    assert [one["text"] for one in parts("asks")] == ["shall I book the room for you"]


def test_the_calls_of_chat_front_ends(fresh_server: ServerProcess) -> None:
    """agent-chat-ui and deep-agents-ui: lists, answers beside an empty input, edited messages, steps, threads marked as resolved."""
    found = run("front_ends.mjs", fresh_server.http_url)
    said = ["human: a room", "ai: shall I book the room for you"]
    assert found["info"] == 200
    assert found["asked"] == said
    assert {"messages", "metadata", "updates", "values"} <= set(found["kinds"])
    assert found["interrupt"]["action_requests"][0]["name"] == "book"
    assert found["history"] == {"next": ["book"], "asks": 1, "checkpoint": "string"}
    assert found["listed"] == [[True, "interrupted", 2]]
    assert found["approved"] == [*said, "ai: booked: approve"]
    assert found["edited"] == ["human: another room", said[1]]
    assert found["regenerated"] == said
    # LangGraph goes to the end beside the question, which stays.
    assert found["resolved"] == {"next": ["book"], "status": "interrupted"}
    assert found["assistant"] == "clerk"
    assert found["stopped"] == [2, ["tools"]]
    assert found["stepped"] == [3, ["clerk_says"]]
    assert found["went"] == "ai: it is taken after all"
    assert found["noted"] == "human: a note"
    assert (found["ended"], found["page"], found["idle"]) == (["book"], [True], [True, False])


class Outer(TypedDict, total=False):
    query: str
    found: int
    answer: str
    after: str


async def test_a_remote_graph_is_a_node(served: ServerProcess) -> None:
    remote = RemoteGraph("nested", url=served.http_url, api_key="")
    builder = StateGraph(Outer)
    builder.add_node("remote", remote)
    builder.add_node("after", lambda state: {"after": state["answer"].upper()})
    builder.add_edge(START, "remote")
    builder.add_edge("remote", "after")
    graph = builder.compile()
    assert (await graph.ainvoke({"query": "q"}))["after"] == "Q: 1!"
    drawn = await remote.aget_graph()
    assert set(drawn.nodes) == {"__start__", "deep", "finish", "__end__"}
    thread: Any = {"configurable": {"thread_id": "01a22200-0000-7000-8000-000000000001"}}
    await remote.client.threads.create(thread_id=thread["configurable"]["thread_id"])  # type: ignore[union-attr]
    parts = [one async for one in remote.astream({"query": "q"}, thread, stream_mode="updates")]
    assert parts[-1] == {"finish": {"answer": "q: 1!"}}
    state = await remote.aget_state(thread)
    assert state.values["answer"] == "q: 1!"
    await remote.aupdate_state(thread, {"answer": "other"}, as_node="deep")
    assert (await remote.aget_state(thread)).next == ("finish",)
