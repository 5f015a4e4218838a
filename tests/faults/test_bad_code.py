"""What ends a process, in a graph's own code beside its nodes: it is an error of whatever asked for it, and of nothing else."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import StartServer
from tests.faults.test_bad_nodes import EXITS
from tests.support.peer import Refused, peer
from tests.support.server_process import ServerProcess
from tests.support.stream_rules import check_tasks

GRAPHS = "tests/support/exiting_graphs.py"
NAMES = ("kept", "raising", "checked", "asked", "made")


@pytest.fixture
def exiting(server: StartServer, tmp_path: Path) -> Iterator[ServerProcess]:
    """A server of `exiting_graphs`, which must still be there when the test is over."""
    process = server(
        *(f"{name}={GRAPHS}:{name}" for name in NAMES),
        settings={"synchronous": "normal"},
        env={"FAULT_FOLDER": str(tmp_path)},
    )
    yield process
    assert process.process is not None
    assert process.process.poll() is None, "it ended the server"


async def test_in_what_a_value_is_shown_by(exiting: ServerProcess, tmp_path: Path) -> None:
    async with peer(exiting.url) as one:
        stories = [await one.run(kind, graph="kept") for kind in EXITS]
        assert {story.status for story in stories} == {"completed"}
        (tmp_path / "looked").touch()
        for story in stories:
            session_id = story.session_id
            found = await one.call("debug.inspect", session_id=session_id)
            assert found["values"]["sly"]["$object"]["repr"] == "<Sly>"
            history = await one.call("debug.history", session_id=session_id, values=True)
            assert history["checkpoints"][0]["values"]["sly"]["$object"]["repr"] == "<Sly>"
            told = await one.call("debug.evaluate", session_id=session_id, expression="state.sly")
            assert told["value"]["$object"]["repr"] == "<Sly>"
        (tmp_path / "looked").unlink()
        assert (await one.run("fine", graph="kept")).status == "completed"


async def test_in_the_text_of_an_error(exiting: ServerProcess) -> None:
    """Its node is told as failed all the same."""
    async with peer(exiting.url) as one:
        for kind in EXITS:
            story = await one.run(kind, graph="raising")
            assert story.failure["type"] == "SlyError"
            assert story.failure["node"] == "node"
            assert EXITS[kind][0] in story.failure["message"]
            check_tasks(story.events)
            (failed,) = story.of("node.failed")
            assert failed["error"] == story.failure


async def test_in_what_an_edit_goes_through(exiting: ServerProcess) -> None:
    """A reducer, and what decides where a node leads: the edit is refused."""
    async with peer(exiting.url) as one:
        story = await one.run("fine", graph="kept", debug_mode=True)
        for kind, (name, _) in EXITS.items():
            for edit in (
                {"values": {"reduced": kind}},
                {"values": {"go": kind}, "as_node": "node"},
            ):
                with pytest.raises(Refused) as refused:
                    await one.call("debug.setState", session_id=story.session_id, **edit)
                assert refused.value.type == "invalid_params"
                assert name in refused.value.detail


async def test_in_a_validator(exiting: ServerProcess) -> None:
    """Of the state: the run fails. Of a query's settings: it is refused."""
    async with peer(exiting.url) as one:
        for kind, (name, _) in EXITS.items():
            assert (await one.run(kind, graph="checked")).failure["type"] == name
            with pytest.raises(Refused) as refused:
                await one.call("query.start", query="x", graph="asked", config={"kind": kind})
            assert refused.value.type == "invalid_params"
        assert (await one.run("fine", graph="checked")).status == "completed"
        assert (await one.run("fine", graph="asked")).status == "completed"


async def test_in_a_factory(exiting: ServerProcess) -> None:
    """Where it makes the graph, the run fails; what it does on leaving is logged, and not the run's."""
    async with peer(exiting.url) as one:
        for kind, (name, _) in EXITS.items():
            entered = await one.run("x", graph="made", config={"enter": kind})
            assert entered.failure["type"] == name
            left = await one.run("x", graph="made", config={"left": kind})
            assert left.status == "completed"
    assert len(exiting.said("its factory failed on leaving")) == len(EXITS)
    # Nor does it end the next process.
    exiting.kill9()
    exiting.restart()
    async with peer(exiting.url) as one:
        assert (await one.run("fine", graph="made")).status == "completed"
