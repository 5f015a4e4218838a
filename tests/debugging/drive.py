"""Driving one debugged session from a test, from each rest to the next, and what its events must keep to."""

from collections import Counter
from typing import Any

from protocol.sessions import TRANSITIONS
from tests.support.peer import Peer
from tests.support.stream_rules import check_checkpoints, check_numbers


class Debugged:
    """A session as a debugger's client drives it. Made by `debug` or `attached`."""

    def __init__(self, peer: Peer, session_id: str) -> None:
        self.peer = peer
        self.id = session_id

    @property
    def events(self) -> list[dict[str, Any]]:
        """All of the session's events so far."""
        return self.peer.events.get(self.id, [])

    @property
    def seq(self) -> int:
        """The number of the last event seen."""
        return self.events[-1]["params"]["seq"] if self.events else 0

    def of(self, *types: str) -> list[dict[str, Any]]:
        """Params of the events of these types."""
        return [event["params"] for event in self.events if event["method"] in types]

    @property
    def status(self) -> str:
        """What the last `session.status` said."""
        status: str = self.of("session.status")[-1]["status"]
        return status

    @property
    def stop(self) -> dict[str, Any]:
        """The last `debug.stopped`."""
        return self.of("debug.stopped")[-1]

    @property
    def standing(self) -> list[str]:
        """Paths of the tasks that stand, sorted; those that ask are `?path`."""
        return sorted(
            ("?" if task["reason"] == "interrupt" else "") + task["path"]
            for task in self.stop["tasks"]
        )

    @property
    def result(self) -> Any:
        """Of the last `query.result`."""
        return self.of("query.result")[-1]["result"]

    def task(self, path: str) -> str:
        """The id of the one task that stands at a path."""
        (found,) = [task["task_id"] for task in self.stop["tasks"] if task["path"] == path]
        assert isinstance(found, str)
        return found

    async def call(self, method: str, **params: Any) -> Any:
        """`debug.<method>` of this session."""
        return await self.peer.call(f"debug.{method}", session_id=self.id, **params)

    async def go(self, method: str, **params: Any) -> str:
        """`debug.<method>`, and wait until nothing more happens by itself; the status."""
        after = self.seq
        await self.call(method, **params)
        return await self.rest(after)

    async def rest(self, after: int = 0) -> str:
        """Wait until the session rests, by an event past `after`; the status."""
        return await self.peer.settled(self.id, after=after)

    async def step(self, mode: str = "over", at: str | None = None, **params: Any) -> str:
        """Step all that stands, or the task that stands `at` a path."""
        if at is not None:
            params["task_id"] = self.task(at)
        return await self.go("step", mode=mode, **params)

    async def on(self) -> str:
        """`debug.continue`, to the next rest."""
        return await self.go("continue")

    async def respond(self, value: Any, interrupt_id: str | None = None) -> str:
        """Answer a node that asks, to the next rest."""
        after = self.seq
        more = {} if interrupt_id is None else {"interrupt_id": interrupt_id}
        await self.peer.call("query.respond", session_id=self.id, value=value, **more)
        return await self.rest(after)

    async def moved(self, method: str, **params: Any) -> Any:
        """A call that leaves the session at rest and tells it with `debug.resumed`."""
        count = len(self.of("debug.resumed"))
        result = await self.call(method, **params)
        await self.peer.event(self.id, "debug.resumed", count + 1)
        return result

    async def values(self, **params: Any) -> Any:
        """The state's values."""
        return (await self.call("inspect", **params))["values"]

    def check(self, ran: "Counter[str] | None" = None, subgraphs: tuple[str, ...] = ()) -> None:
        """Its events keep to the rules; `ran`: real starts of bodies, by path, `subgraphs` have none."""
        check_events(self.events)
        if ran is not None:
            shown = Counter(params["path"] for params in self.of("node.started"))
            for path in subgraphs:
                del shown[path]
            assert shown == ran, f"shown {shown}, ran {ran}"


async def debug(peer: Peer, query: str = "q", **params: Any) -> Debugged:
    """A session in debug mode, at its first rest."""
    params.setdefault("debug_mode", True)
    if "input" not in params:
        params["query"] = query
    started = await peer.call("query.start", **params)
    session = Debugged(peer, started["session_id"])
    await session.rest()
    return session


async def attached(peer: Peer, session_id: str) -> Debugged:
    """A session that another connection started, all its events read."""
    session = Debugged(peer, session_id)
    last = (await peer.call("session.subscribe", session_id=session_id))["seq"]
    await peer.until(lambda: session.seq >= last, "the events so far")
    return session


def check_events(events: list[dict[str, Any]]) -> None:
    """Numbers, statuses and tasks of a debugged session that rests."""
    check_numbers(events)
    check_checkpoints(events)
    previous = None
    finished: set[str] = set()
    running: Counter[str] = Counter()
    # Those that started before the session was moved: some of them go on.
    earlier: set[str] = set()
    for event in events:
        kind, params = event["method"], event["params"]
        if kind == "session.status":
            assert params["previous"] == previous
            assert previous is None or params["status"] in TRANSITIONS[previous]
            previous = params["status"]
        elif kind == "session.recovered" or (
            kind == "debug.resumed" and params["action"] in ("rewind", "set_state")
        ):
            # Another branch of the history: what stood in the old one may never end.
            earlier |= set(+running)
            running.clear()
        elif kind == "node.started":
            assert params["task_id"] not in finished, f"{params['path']} ran again"
            running[params["task_id"]] += 1
        elif kind in ("node.finished", "node.failed"):
            task_id = params["task_id"]
            assert running[task_id] or task_id in earlier, f"{params['path']} never started"
            if kind == "node.finished":
                assert task_id not in finished, f"{params['path']} finished twice"
                finished.add(task_id)
                running[task_id] = 0
        elif kind == "debug.stopped":
            held = {task["task_id"] for task in params["tasks"]}
            assert not held & finished, "a finished task stands"
            assert len(held) == len(params["tasks"]), "a task stands twice"
    if previous == "completed":
        assert not +running, f"never ended: {+running}"
