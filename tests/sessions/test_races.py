"""A request against the commit of an outcome: whichever way it falls, it takes effect or is refused.

Each request that moves a session is sent at each point between what an advance came to and the moment at which
readers see it. The points are held, not hit by chance.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest

from protocol.sessions import ENDED
from rpc.engine.running import advance as engine
from rpc.events.log import RunWriter
from rpc.storage.line import Entry
from rpc.storage.units import PutSession, Unit
from tests.debugging.drive import check_events
from tests.support import small_graphs
from tests.support.events import Event
from tests.support.held_writes import held_writes
from tests.support.in_process import Serve, Served
from tests.support.peer import SETTLED, Peer, Story, peer
from tests.support.polling import until_true
from tests.support.small_graphs import State, ask, chain
from tests.support.waiting import until

POINTS = (
    # The engine has come to an outcome; the advance has not looked at it.
    "made",
    # The session was read for what the outcome makes of it; that is not in line.
    "read",
    # It is in line; the writer is at something else.
    "in line",
    # The writer has taken it; it is not committed.
    "taken",
    # It is committed; no reader was shown.
    "committed",
)

Answer = dict[str, Any]


class Race:
    """A session whose outcome is held at a point. Made by `racing`."""

    def __init__(self, server: Served, one: Peer, story: Story, point: str, outcome: str) -> None:
        self.server = server
        self.one = one
        self.story = story
        self.point = point
        self.outcome = outcome
        self.id = story.session_id
        self.release: list[Callable[[], None]] = []
        # What was in line before the request.
        self.before: list[Entry] = []

    @property
    def seen(self) -> bool:
        """Whether a request that looks at the session now sees the outcome."""
        return self.point == "committed"

    @property
    def behind(self) -> bool:
        """Whether what a request puts in line now comes behind the outcome: it has to look again."""
        return self.point not in ("made", "read")

    async def send(self, method: str, **params: Any) -> Answer:
        """Send a request, let the outcome go on when it has fallen, and give its answer."""
        sending = asyncio.ensure_future(self.one.answer(method, {"session_id": self.id, **params}))
        await until(lambda: sending.done() or self._fallen())
        for release in self.release:
            release()
        answer = await sending
        sessions = self.server.core.sessions
        await until_true(lambda: not sessions.executor.active)
        return answer

    def _fallen(self) -> bool:
        """Whether the request is in line, or has reached whoever runs the session."""
        sessions = self.server.core.sessions
        job = sessions.executor.jobs.get(self.id)  # type: ignore[attr-defined]
        pending = sessions.events.line.pending
        return bool(job and job.cancelled) or any(
            entry.unit.session_id == self.id and entry not in self.before for entry in pending
        )

    async def call(self, method: str, **params: Any) -> Any:
        """One more call, after the race."""
        return await self.one.call(method, session_id=self.id, **params)

    async def status(self) -> str:
        """What became of the session: the store, its events and the answer must agree."""
        session = await self.call("session.get")
        await self.one.until(lambda: len(self.story.events) == session["seq"], "every event")
        check_events(self.story.events)
        assert self.story.status == session["status"]
        assert not self.server.core.sessions.store.signals(self.id), "a signal nobody takes"
        status: str = session["status"]
        return status

    async def rests(self) -> str:
        """The session's status once nothing moves it any more."""
        await until_true(lambda: not self.server.core.sessions.executor.active)
        return await self.status()


def is_outcome(session_id: str, unit: Unit) -> bool:
    """Whether a unit is what an advance came to."""
    return unit.session_id == session_id and any(
        isinstance(row, PutSession) and row.record.status in SETTLED for row in unit.rows
    )


def refused(answer: Answer) -> bool:
    """Whether it was refused, for the session's status; nothing else may be said."""
    if "result" in answer:
        return False
    assert answer["error"]["data"]["type"] == "wrong_state", answer
    return True


@asynccontextmanager
async def racing(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, outcome: str, point: str, *, debug: bool
) -> AsyncIterator[Race]:
    """A session whose run has come to the outcome, held at the point."""
    go = Event()

    async def first(state: State) -> State:
        await go.wait()
        if outcome == "failed":
            raise ValueError("no")
        return {"said": ["first"]}

    second = ask if outcome == "waiting" else small_graphs.hello
    nodes = [first] if outcome == "completed" else [first, second, last]
    params: dict[str, Any] = {"debug_mode": debug, "breakpoints": ["last"] if debug else []}
    if outcome == "paused":
        params["breakpoints"] = ["hello"]
    if outcome == "completed" and debug:
        # One that stops nowhere: without any, it would stop at once.
        params["breakpoints"] = [{"node_name": "first", "condition": "False"}]
    async with serve(chain(*nodes)) as server, peer(server.url) as one:
        made = _after_the_engine(monkeypatch) if point == "made" else None
        started = await one.call("query.start", query="x", **params)
        story = Story(one, started["session_id"], started["run_id"])
        await one.event(story.session_id, "node.started")
        race = Race(server, one, story, point, outcome)
        log = server.core.sessions.events

        def wanted(units: Sequence[Unit]) -> bool:
            return any(is_outcome(race.id, unit) for unit in units)

        with held_writes(log.store) as writes:
            if made is not None:
                go.set()
                await made[0].wait()
                race.release.append(made[1].set)
            elif point == "read":
                stands = _before_the_line(monkeypatch, race)
                go.set()
                await stands.wait()
            elif point == "in line":
                stands = _before_the_line(monkeypatch, race)
                go.set()
                await stands.wait()
                other = writes.hold(lambda units: True)
                log.put(Unit(None))
                await other.stands()
                race.release.pop()()
                await until(lambda: wanted([entry.unit for entry in log.line.pending]))
                race.release.append(other.release)
            else:
                hold = writes.hold(wanted, after=point == "committed")
                go.set()
                await hold.stands()
                race.release.append(hold.release)
            race.before = list(log.line.pending)
            yield race


async def last(state: State) -> State:
    """The node behind the outcome."""
    return {"said": ["last"]}


def _after_the_engine(monkeypatch: pytest.MonkeyPatch) -> tuple[Event, Event]:
    """Hold the advance where the engine gives it the outcome: set when it stands there, and to let it go."""
    stands, release = Event(), Event()
    real = engine.advance

    async def advance(*args: Any, **kwargs: Any) -> Any:
        outcome = await real(*args, **kwargs)
        if not stands.is_set():
            stands.set()
            await release.wait()
        return outcome

    monkeypatch.setattr(engine, "advance", advance)
    return stands, release


def _before_the_line(monkeypatch: pytest.MonkeyPatch, race: Race) -> Event:
    """Hold the advance before it puts the outcome in line; set when it stands there."""
    stands, release = Event(), Event()
    real = RunWriter.commit

    async def commit(self: RunWriter, unit: Unit) -> Any:
        if is_outcome(race.id, unit) and not stands.is_set():
            stands.set()
            await release.wait()
        return await real(self, unit)

    monkeypatch.setattr(RunWriter, "commit", commit)
    race.release.append(release.set)
    return stands


at_each_point = pytest.mark.parametrize("point", POINTS)


@at_each_point
@pytest.mark.parametrize("outcome", ["waiting", "paused"])
async def test_cancel_of_what_comes_to_rest(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, outcome: str, point: str
) -> None:
    """Who cancels a run that asks or stops at that moment is not left with one that still rests there."""
    async with racing(serve, monkeypatch, outcome, point, debug=outcome == "paused") as race:
        answer = await race.send("query.cancel")
        assert answer["result"]["status"] == "cancelled"
        assert await race.status() == "cancelled"


@at_each_point
@pytest.mark.parametrize("outcome", ["completed", "failed"])
async def test_cancel_of_what_ends(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, outcome: str, point: str
) -> None:
    """A run that ends by itself at that moment is one or the other, and the answer says which."""
    async with racing(serve, monkeypatch, outcome, point, debug=False) as race:
        answer = await race.send("query.cancel")
        status = await race.status()
        if refused(answer):
            assert status == outcome
        else:
            assert not race.behind
            assert answer["result"]["status"] == status
            assert status in ("cancelled", outcome)
        assert status in ENDED


@at_each_point
async def test_respond(serve: Serve, monkeypatch: pytest.MonkeyPatch, point: str) -> None:
    """An answer is taken once the question stands, and before that it is refused and nothing is lost."""
    async with racing(serve, monkeypatch, "waiting", point, debug=False) as race:
        answer = await race.send("query.respond", value="yes")
        assert refused(answer) is not race.seen
        if not race.seen:
            assert await race.status() == "waiting"
            await race.call("query.respond", value="yes")
        assert await race.rests() == "completed"
        assert race.story.result["said"] == ["first", "yes", "last"]


@at_each_point
@pytest.mark.parametrize("method", ["debug.continue", "debug.step"])
async def test_release(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, method: str, point: str
) -> None:
    """A step is taken once the session stands; before that it is refused, and the session stands."""
    async with racing(serve, monkeypatch, "paused", point, debug=True) as race:
        answer = await race.send(method)
        assert refused(answer) is not race.seen
        if not race.seen:
            assert await race.status() == "paused"
            await race.call(method)
        stepped = method == "debug.step"
        assert await race.rests() == ("paused" if stepped else "completed")
        if stepped:
            (task,) = race.story.of("debug.stopped")[-1]["tasks"]
            assert task["path"] == "last"


@at_each_point
@pytest.mark.parametrize("outcome", ["waiting", "completed"])
async def test_delete(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, outcome: str, point: str
) -> None:
    """It is deleted whole, whatever its run comes to meanwhile."""
    async with racing(serve, monkeypatch, outcome, point, debug=False) as race:
        answer = await race.send("session.delete")
        assert answer["result"]["deleted"] is True
        gone = await race.one.answer("session.get", {"session_id": race.id})
        assert gone["error"]["data"]["type"] == "session_not_found"
        store = race.server.core.sessions.store
        assert await store.events(race.id, 0, 1) == []
        assert store.checkpoints(race.id) == []
        deleted = await race.one.event(race.id, "session.deleted")
        assert deleted["seq"] == race.story.events[-1]["params"]["seq"]


@at_each_point
@pytest.mark.parametrize("outcome", ["waiting", "completed", "failed"])
async def test_attach(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, outcome: str, point: str
) -> None:
    """Debug mode is on after it, wherever the session came to meanwhile."""
    async with racing(serve, monkeypatch, outcome, point, debug=False) as race:
        answer = await race.send("debug.attach")
        assert answer["result"]["status"] == (outcome if race.behind else "running")
        assert await race.status() == outcome
        assert (await race.call("session.get"))["debug_mode"] is True
        assert (await race.call("debug.breakpoints"))["breakpoints"] == []


@at_each_point
async def test_pause_of_what_comes_to_ask(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    """Who was told that it pauses finds it standing behind the answer; who came too late was told."""
    async with racing(serve, monkeypatch, "waiting", point, debug=True) as race:
        answer = await race.send("debug.pause")
        assert refused(answer) is race.behind
        assert await race.status() == "waiting"
        # What would stop it there anyhow is taken away.
        await race.call("debug.setBreakpoint", node_name="last", enabled=False)
        await race.call("query.respond", value="yes")
        assert await race.rests() == ("completed" if race.behind else "paused")
        if not race.behind:
            assert race.story.of("debug.stopped")[-1]["reason"] == "pause"
            await race.call("debug.continue")
            assert await race.rests() == "completed"
        assert race.story.result["said"] == ["first", "yes", "last"]


@at_each_point
@pytest.mark.parametrize("outcome", ["paused", "completed"])
async def test_pause_of_what_stops_or_ends(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, outcome: str, point: str
) -> None:
    """Nothing starts behind it: the session stands or has ended, and goes on as if it had not been asked."""
    async with racing(serve, monkeypatch, outcome, point, debug=True) as race:
        answer = await race.send("debug.pause")
        assert refused(answer) is race.behind
        assert await race.status() == outcome
        if outcome == "paused":
            await race.call("debug.continue")
            assert await race.rests() == "completed"


@at_each_point
@pytest.mark.parametrize("outcome", ["waiting", "paused"])
async def test_set_breakpoint(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, outcome: str, point: str
) -> None:
    """A breakpoint that was taken is there, and stops what comes to it later."""
    async with racing(serve, monkeypatch, outcome, point, debug=True) as race:
        answer = await race.send(
            "debug.setBreakpoint", node_name="last", condition="True", hit_count=1
        )
        assert answer["result"]["breakpoint_enabled"] is True
        assert await race.status() == outcome
        found = (await race.call("debug.breakpoints"))["breakpoints"]
        (one,) = [one for one in found if one["node_name"] == "last"]
        assert (one["enabled"], one["condition"], one["hit_count"]) == (True, "True", 1)
        if outcome == "waiting":
            await race.call("query.respond", value="yes")
        else:
            await race.call("debug.continue")
        assert await race.rests() == "paused"
        (task,) = race.story.of("debug.stopped")[-1]["tasks"]
        assert task["path"] == "last"


@at_each_point
async def test_a_follow_up(serve: Serve, monkeypatch: pytest.MonkeyPatch, point: str) -> None:
    """The next query is taken once the run is over; before that it is refused, and leaves no run."""
    async with racing(serve, monkeypatch, "completed", point, debug=False) as race:
        answer = await race.send("query.start", query="again")
        assert refused(answer) is not race.seen
        assert await race.rests() == "completed"
        assert (await race.call("session.get"))["runs"] == (2 if race.seen else 1)
        said = ["first", "first"] if race.seen else ["first"]
        assert race.story.result["said"] == said


@at_each_point
async def test_an_edit(serve: Serve, monkeypatch: pytest.MonkeyPatch, point: str) -> None:
    """The state is edited where the session stands; before that it is refused, and the state is as it was."""
    async with racing(serve, monkeypatch, "paused", point, debug=True) as race:
        answer = await race.send("debug.setState", values={"query": "edited"})
        assert refused(answer) is not race.seen
        assert await race.status() == "paused"
        await race.call("debug.continue")
        assert await race.rests() == "completed"
        hello = "hello edited" if race.seen else "hello x"
        assert race.story.result["said"] == ["first", hello, "last"]


@at_each_point
@pytest.mark.parametrize("outcome", ["waiting", "paused", "completed"])
async def test_detach(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, outcome: str, point: str
) -> None:
    """Without a debugger nothing stands in one: what came to a stop meanwhile goes on, and a question stays."""
    async with racing(serve, monkeypatch, outcome, point, debug=True) as race:
        answer = await race.send("debug.detach")
        assert "result" in answer, answer
        assert await race.rests() == ("waiting" if outcome == "waiting" else "completed")
        assert (await race.call("session.get"))["debug_mode"] is False
        if outcome == "waiting":
            await race.call("query.respond", value="yes")
            assert await race.rests() == "completed"


@at_each_point
@pytest.mark.parametrize("outcome", ["waiting", "paused"])
async def test_remove_breakpoint(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, outcome: str, point: str
) -> None:
    """One that was removed stops nothing any more."""
    async with racing(serve, monkeypatch, outcome, point, debug=True) as race:
        path = "hello" if outcome == "paused" else "last"
        answer = await race.send("debug.removeBreakpoint", node_name=path)
        assert "result" in answer, answer
        assert await race.status() == outcome
        assert (await race.call("debug.breakpoints"))["breakpoints"] == []
        if outcome == "waiting":
            await race.call("query.respond", value="yes")
        else:
            await race.call("debug.continue")
        assert await race.rests() == "completed"


@at_each_point
@pytest.mark.parametrize("outcome", ["waiting", "failed", "completed"])
async def test_an_update(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, outcome: str, point: str
) -> None:
    """A name and tags are kept, and so is what the run came to."""
    async with racing(serve, monkeypatch, outcome, point, debug=False) as race:
        answer = await race.send("session.update", session_name="new", tags=["kept"])
        assert "result" in answer, answer
        assert await race.status() == outcome
        session = await race.call("session.get")
        assert (session["session_name"], session["tags"]) == ("new", ["kept"])


@at_each_point
async def test_going_back(serve: Serve, monkeypatch: pytest.MonkeyPatch, point: str) -> None:
    """It goes back where the session stands; before that it is refused, and the session stands where it came to."""
    async with racing(serve, monkeypatch, "paused", point, debug=True) as race:
        before = (await race.call("debug.history"))["checkpoints"][-2]["checkpoint_id"]
        answer = await race.send("debug.rewind", checkpoint_id=before)
        assert refused(answer) is not race.seen
        assert await race.status() == "paused"
        assert race.story.of("debug.stopped")[-1]["reason"] == (
            "rewind" if race.seen else "breakpoint"
        )
        await race.call("debug.detach")
        assert await race.rests() == "completed"


@at_each_point
async def test_resume_of_what_fails(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    """What has failed goes on; before that it is refused, and fails."""
    async with racing(serve, monkeypatch, "failed", point, debug=False) as race:
        answer = await race.send("query.resume")
        assert refused(answer) is not race.seen
        assert await race.rests() == "failed"
        assert len(race.story.of("query.failed")) == (2 if race.seen else 1)
