"""Driving one debugged session from a test, from each rest to the next, and what its events must keep to."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import msgspec

import rpc.client
from rpc.client import Client, Debugger, Event
from tests.support.peer import DEADLINE_SECONDS
from tests.support.stream_rules import check_checkpoints, check_numbers, check_statuses, check_tasks


class Connection:
    """A client, and the sessions that it debugs: each is read until the connection ends."""

    def __init__(self, client: Client, sessions: AsyncExitStack) -> None:
        self.client = client
        self.call = client.call
        self.sessions = sessions


@asynccontextmanager
async def connect(url: str) -> AsyncIterator[Connection]:
    """A connection to debug sessions by. A server that is gone ends it at once."""
    async with (
        rpc.client.connect(url, reconnect_seconds=0, open_timeout=DEADLINE_SECONDS) as client,
        AsyncExitStack() as sessions,
    ):
        yield Connection(client, sessions)


class Debugged:
    """A session driven by the client's own debugger, with what tests ask of it. Made by `debug` or `attached`."""

    def __init__(self, debugger: Debugger, events: list[Event]) -> None:
        self.debugger = debugger
        self.id = debugger.session_id
        self.seen = events

    @property
    def events(self) -> list[dict[str, Any]]:
        """All of the session's events so far, as they stand on the wire."""
        return [on_the_wire(event) for event in self.seen]

    @property
    def seq(self) -> int:
        """The number of the last event seen."""
        return self.debugger.seq

    def of(self, *types: str) -> list[dict[str, Any]]:
        """Params of the events of these types."""
        return [event["params"] for event in self.events if event["method"] in types]

    @property
    def status(self) -> str:
        """What the last `session.status` said."""
        return self.debugger.status

    @property
    def stop(self) -> dict[str, Any]:
        """The last `debug.stopped`."""
        return self.of("debug.stopped")[-1]

    @property
    def standing(self) -> list[str]:
        """Paths of the tasks of the last stop, sorted; those that ask are `?path`."""
        assert self.debugger.stop is not None
        return sorted(
            ("?" if task.reason == "interrupt" else "") + task.path
            for task in self.debugger.stop.tasks
        )

    @property
    def result(self) -> Any:
        """Of the last `query.result`."""
        return self.debugger.result

    def task(self, path: str) -> str:
        """The id of the one task that stands at a path."""
        return self.debugger.task(path).task_id

    async def call(self, method: str, **params: Any) -> Any:
        """`debug.<method>` of this session, as JSON says it, whatever the params."""
        return await self.debugger.client.call(f"debug.{method}", session_id=self.id, **params)

    @asynccontextmanager
    async def in_time(self, what: str) -> AsyncIterator[None]:
        """What is waited for inside must come. Raises `AssertionError` with the last events where it does not."""
        try:
            async with asyncio.timeout(DEADLINE_SECONDS):
                yield
        except TimeoutError:
            raise AssertionError(
                f"no sign of {what}; the last events: {self.events[-8:]}"
            ) from None

    async def until(self, found: Callable[[], bool], what: str) -> None:
        """Wait for what the session's events must make true."""
        async with self.in_time(what):
            await self.debugger.until(found)

    async def event(self, kind: str, number: int = 1) -> dict[str, Any]:
        """The params of its `number`th event of that type; waits for it."""
        await self.until(lambda: len(self.of(kind)) >= number, f"{kind} no. {number}")
        return self.of(kind)[number - 1]

    async def rest(self, after: int | None = None) -> str:
        """Wait until the session rests, by an event past `after`; the status."""
        async with self.in_time("its rest"):
            return await self.debugger.rest(after=after)

    async def step(self, mode: Any = "over", at: str | None = None, **params: Any) -> str:
        """Step all that stands, or the task that stands `at` a path."""
        if at is not None:
            params["task_id"] = self.task(at)
        async with self.in_time("the rest behind a step"):
            return await self.debugger.step(mode, **params)

    async def on(self) -> str:
        """`debug.continue`, to the next rest."""
        async with self.in_time("the next rest"):
            return await self.debugger.resume()

    async def respond(self, value: Any, interrupt_id: str | None = None) -> str:
        """Answer a node that asks, to the next rest."""
        async with self.in_time("the rest behind an answer"):
            return await self.debugger.respond(value, interrupt_id)

    async def edit(self, values: dict[str, Any], as_node: str | None = None) -> Any:
        """`debug.setState`; what it told is seen."""
        async with self.in_time("an edit"):
            return msgspec.to_builtins(await self.debugger.set_state(values, as_node=as_node))

    async def rewind(self, checkpoint_id: str, rerun: bool = False) -> Any:
        """`debug.rewind`; what it told is seen."""
        async with self.in_time("the way back"):
            return msgspec.to_builtins(await self.debugger.rewind(checkpoint_id, rerun=rerun))

    async def values(self, **params: Any) -> Any:
        """The state's values."""
        return (await self.debugger.inspect(**params)).values

    def check(self, ran: "Counter[str] | None" = None, subgraphs: tuple[str, ...] = ()) -> None:
        """Its events keep to the rules; `ran`: real starts of bodies, by path, `subgraphs` have none."""
        check_events(self.events)
        if ran is not None:
            shown = Counter(params["path"] for params in self.of("node.started"))
            for path in subgraphs:
                del shown[path]
            assert shown == ran, f"shown {shown}, ran {ran}"


async def follow(one: Connection, session_id: str) -> Debugged:
    """A session that was started by a call, its events read from the first."""
    events: list[Event] = []
    debugger = Debugger(one.client, session_id, on_event=events.append)
    await one.sessions.enter_async_context(debugger)
    return Debugged(debugger, events)


async def debug(one: Connection, query: str = "q", **params: Any) -> Debugged:
    """A new session in debug mode, at its first rest."""
    if "input" not in params:
        params["query"] = query
    events: list[Event] = []
    debugging = one.client.debug(on_event=events.append, **params)
    async with asyncio.timeout(DEADLINE_SECONDS):
        return Debugged(await one.sessions.enter_async_context(debugging), events)


async def run(one: Connection, query: str = "q") -> Debugged:
    """A new session without debug mode, at its first rest."""
    session = await follow(one, (await one.client.start(query)).session_id)
    await session.rest()
    return session


async def attached(one: Connection, session_id: str) -> Debugged:
    """A session that another connection started, all its events read."""
    last = (await one.client.session(session_id)).seq
    session = await follow(one, session_id)
    await session.until(lambda: session.seq >= last, "the events so far")
    return session


def on_the_wire(event: Event) -> dict[str, Any]:
    """An event as the notification that it came as."""
    params = event.as_dict()
    return {"jsonrpc": "2.0", "method": params.pop("type"), "params": params.pop("data") | params}


def check_events(events: list[dict[str, Any]]) -> None:
    """Numbers, statuses and tasks of a debugged session that rests."""
    check_numbers(events)
    check_checkpoints(events)
    check_statuses(events)
    check_tasks(events)
    finished: set[str] = set()
    for event in events:
        if event["method"] == "node.finished":
            finished.add(event["params"]["task_id"])
        elif event["method"] == "debug.changed" and event["params"]["action"] == "restart":
            # It stands before what it did.
            finished.clear()
        elif event["method"] == "debug.stopped":
            held = {task["task_id"] for task in event["params"]["tasks"]}
            assert not held & finished, "a finished task stands"
            assert len(held) == len(event["params"]["tasks"]), "a task stands twice"
