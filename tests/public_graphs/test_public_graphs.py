"""Graphs that nobody here wrote: each is served, driven through all that a debugger does, and ends as in plain LangGraph."""

import asyncio
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from importlib.metadata import version
from typing import Any

import pytest

from rpc.engine.values.diff import differences
from tests.debugging.drive import Connection, Debugged, check_events, connect, follow
from tests.public_graphs.alike import shown
from tests.public_graphs.example import Example
from tests.public_graphs.examples import EXAMPLES
from tests.public_graphs.plain import Plain, plain
from tests.support.server_process import ROOT
from tests.support.stream_rules import check_stream

MANY_STEPS = 300
"""Past which a session that is stepped through goes nowhere."""

SECONDS = 240.0
"""For all that one test does with one session."""


def each(examples: list[Example]) -> pytest.MarkDecorator:
    """Once for each of them."""
    return pytest.mark.parametrize("example", examples, ids=lambda one: one.name)


@pytest.fixture
def user() -> str:
    """Whose memory a run has: nobody else's."""
    return f"user-{uuid.uuid4()}"


@pytest.fixture
async def client(url: str) -> AsyncIterator[Connection]:
    async with asyncio.timeout(SECONDS), connect(url) as one:
        yield one


@pytest.fixture
async def langgraph(example: Example, user: str) -> AsyncIterator[Plain]:
    """The same graph without a server."""
    async with AsyncExitStack() as stack:
        yield await plain(example, stack, user)


async def start(client: Connection, example: Example, user: str, **params: Any) -> Debugged:
    """A new session, at its first rest."""
    params |= {"graph": example.name, "input": example.input, "config": {"user_id": user}}
    config = {"configurable": params.pop("config"), "recursion_limit": 100}
    started = await client.client.start(None, config=config, **params)
    session = await follow(client, started.session_id)
    await session.rest()
    return session


async def answered(session: Debugged, example: Example) -> str:
    """The status when nothing asks any more."""
    while session.status == "waiting":
        assert example.answers is not None, session.of("input.requested")
        asked = (await session.debugger.inspect()).interrupts
        assert asked, ("it waits, and asks nothing", session.events)
        answers = {one.interrupt_id: example.answers(one.value) for one in asked}
        after = session.seq
        await session.debugger.client.call("query.respond", session_id=session.id, answers=answers)
        await session.rest(after=after)
    return session.status


async def to_the_end(session: Debugged, example: Example) -> None:
    """Goes on wherever it stands, and answers."""
    for _ in range(MANY_STEPS):
        if await answered(session, example) != "paused":
            break
        await session.on()
    await ended(session)


async def ended(session: Debugged) -> None:
    assert session.status == "completed", (
        session.of("query.failed", "node.failed"),
        session.status,
    )
    check_stream(session.events)


async def check_end(session: Debugged, langgraph: Plain) -> None:
    """Its result and its state are those of plain LangGraph."""
    varying = langgraph.example.varying
    state = await langgraph.state()
    assert state.next == ()
    found = await session.debugger.inspect()
    for ours, theirs in ((session.result, langgraph.result), (found.values, state.values)):
        assert not [*differences(shown(theirs, varying), shown(ours, varying))]


def paths(nodes: list[dict[str, Any]], above: str = "") -> Iterator[str]:
    """Of a described graph, with what is inside its nodes."""
    for node in nodes:
        path = f"{above}{node['id']}"
        yield path
        inside = node["data"].get("subgraph") or node.get("subgraph")
        if inside:
            yield from paths(inside["nodes"], f"{path}/")


async def steps(langgraph: Plain) -> list[tuple[int, list[str]]]:
    """Each checkpoint's step and what runs next; an input's is no node."""
    return [
        (one.metadata["step"], [name for name in one.next if name != "__start__"])
        for one in await langgraph.history()
        if one.metadata is not None
    ]


def test_they_are_of_ten_packages_and_run_on_our_langgraph() -> None:
    packages = {one.package for one in EXAMPLES} - {""}
    assert len(packages) >= 10, sorted(packages)
    own = (ROOT / "requirements.lock").read_text()
    for name in (*packages, "langgraph", "langgraph-checkpoint", "langgraph-prebuilt"):
        pinned = f"{name}=={version(name)} "
        assert pinned in (ROOT / "tests/public_graphs/requirements.lock").read_text(), pinned
        assert name not in ("langgraph", "langgraph-checkpoint") or pinned in own, pinned


@each(EXAMPLES)
async def test_it_is_described(client: Connection, example: Example) -> None:
    described = await client.call("graph.describe", graph=example.name)
    known = set(paths(described["nodes"]))
    assert known >= set(example.nodes), sorted(known)
    assert known >= {edge["source"] for edge in described["edges"]}
    assert described["schemas"]["input"]


@each(EXAMPLES)
async def test_it_runs_and_tells_all_that_langgraph_tells(
    client: Connection, example: Example, langgraph: Plain, user: str
) -> None:
    """Answered where it asks: result, state, checkpoints, updates, progress and messages are the same."""
    await langgraph.run(example.input)
    session = await start(client, example, user)
    assert await answered(session, example) == "completed", session.of("query.failed")
    await ended(session)
    await check_end(session, langgraph)

    told = [
        (one["step"], one["next"]) for one in session.of("state.checkpoint") if one["path"] == ""
    ]
    assert told == await steps(langgraph)
    # Plain LangGraph does not say which function called a task.
    by = "path" if hasattr(langgraph.graph, "builder") else "node"
    started = Counter(one[by] for one in session.of("node.started"))
    finished = Counter(one[by] for one in session.of("node.finished"))
    told_too = langgraph.told
    if example.answers is None:
        assert started == told_too.starts
        # LangGraph tells no update of a node that goes on in the graph above.
        assert finished >= told_too.updates
    else:
        # It tells those that had ended again, when it resumes.
        assert started.keys() == told_too.starts.keys()
        assert finished.keys() >= told_too.updates.keys()
    assert sorted(map(str, (shown(one["data"]) for one in session.of("progress")))) == sorted(
        map(str, map(shown, langgraph.told.progress))
    )
    texts: dict[str, str] = {}
    for one in session.of("message.delta"):
        texts[one["message_id"]] = texts.get(one["message_id"], "") + one["delta"]
    assert Counter(map(shown, texts.values())) == Counter(map(shown, langgraph.told.texts.values()))


@each(EXAMPLES)
async def test_it_is_stepped_into_to_its_end(
    client: Connection, example: Example, langgraph: Plain, user: str
) -> None:
    await langgraph.run(example.input)
    session = await start(client, example, user, debug_mode=True)
    stood: set[str] = set()
    for _ in range(MANY_STEPS):
        if await answered(session, example) != "paused":
            break
        stood |= {task.path for task in session.debugger.tasks}
        await session.step("into")
    await ended(session)
    check_events(session.events)
    await check_end(session, langgraph)
    assert stood >= set(example.inside), sorted(stood)
    # Whatever ran had stood before it ran.
    closed = tuple(f"{path}/" for path in example.closed)
    ran = {
        one["path"]
        for one in session.of("node.started")
        if not one["path"].startswith(closed or "/")
    }
    assert ran <= stood, sorted(ran - stood)


@each([one for one in EXAMPLES if one.edit is not None])
async def test_a_value_is_edited(
    client: Connection, example: Example, langgraph: Plain, user: str
) -> None:
    """Stopped before a node, one value changed by its path: it ends as after LangGraph's `update_state`."""
    edit = example.edit
    assert edit is not None
    await langgraph.run(example.input, until=edit.before)
    await langgraph.edit(edit)
    await langgraph.run(None)

    session = await start(client, example, user, debug_mode=True, breakpoints=[edit.before])
    await answered(session, example)
    assert set(session.standing) == {edit.before}
    before = await session.values()
    await session.call("setState", value_path=edit.path, value=edit.value)
    await session.call("setBreakpoint", node_name=edit.before, enabled=False)
    after = await session.values()
    assert before != after
    await to_the_end(session, example)
    await check_end(session, langgraph)
    assert edit.seen in str(session.result)


@each([one for one in EXAMPLES if one.rewind is not None])
async def test_it_is_rewound_and_runs_again(
    client: Connection, example: Example, langgraph: Plain, user: str
) -> None:
    """Back before a node, and on from there: it ends as LangGraph's fork of that checkpoint, and its history is the same."""
    node = example.rewind
    assert node is not None
    await langgraph.run(example.input)
    (back, *_) = [one for one in await langgraph.history() if {*one.next} == {node}]
    await langgraph.run(None, config=back.config)

    session = await start(client, example, user)
    assert await answered(session, example) == "completed"
    checkpoints = await session.debugger.history(limit=1000, path="")
    (first, *_) = [one for one in checkpoints[::-1] if {*one.next} == {node}]
    await session.call("attach")
    await session.rewind(first.checkpoint_id)
    assert {*session.standing} == {node}
    await to_the_end(session, example)
    check_events(session.events)
    await check_end(session, langgraph)
    kept = await session.debugger.history(limit=1000, path="")
    assert [(one.step, one.next) for one in kept[::-1]] == await steps(langgraph)
