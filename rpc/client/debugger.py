"""One session under the debugger: its events as they come, and calls that wait until it rests.

async with client.debug("GLP-1 trials", breakpoints=["literature/rank"]) as session:
    print([task.path for task in session.tasks])
    await session.step()
    await session.resume()
    print(session.result)
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import aclosing, asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any, Literal, Self, TypeVar

import msgspec

from protocol.debugging import (
    BreakOnErrorResult,
    BreakpointsResult,
    BreakpointState,
    CheckpointResult,
    CheckpointSummary,
    DebuggersResult,
    EvaluateResult,
    HistoryResult,
    InspectResult,
    RemoveBreakpointResult,
    RestartNodeResult,
    RewindResult,
    SetBreakpointResult,
)
from protocol.events import DebugStopped, StoppedTask
from protocol.sessions import SETTLED, StatusResult
from rpc.client.errors import RpcError, SessionDeleted
from rpc.client.event import Event

if TYPE_CHECKING:
    from rpc.client.client import Client

T = TypeVar("T")


class Debugger:
    """A session that is stopped, looked into, changed and stepped. Made by `Client.debug` and `Client.attach`.

    It reads the session's events while it is open (`async with`), from `after + 1` on, and survives reconnects as
    the client does. Every method raises `RpcError` where the server refuses, `ConnectionLost`, and `SessionDeleted`
    where it waits for what will not come. `on_event` is called with each event, after this knows of it.
    """

    def __init__(
        self,
        client: "Client",
        session_id: str,
        *,
        after: int = 0,
        on_event: Callable[[Event], None] | None = None,
        debugger_id: str | None = None,
    ) -> None:
        self.client = client
        self.session_id = session_id
        # As whom it debugs the session; None: as whoever gives no id.
        self.debugger_id = debugger_id
        # The last event seen.
        self.seq = after
        # What the last `session.status` said; '' before one was seen.
        self.status = ""
        # The last `debug.stopped`: why it stopped and where; None before one was seen.
        self.stop: DebugStopped | None = None
        # The tasks that stand or ask now.
        self.tasks: list[StoppedTask] = []
        # Of the last `query.result`.
        self.result: Any = None
        self._on_event = on_event
        # The event that told `status`.
        self._status_seq = 0
        # Why no more events come.
        self._failure: Exception | None = None
        self._news = asyncio.Event()
        self._reader: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._reader = asyncio.create_task(self._read(), name="stepwire.debugger")
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop reading. The session stays as it is."""
        if self._reader is not None:
            self._reader.cancel()
            with suppress(asyncio.CancelledError):
                await self._reader

    async def rest(self, *, after: int | None = None) -> str:
        """Wait until nothing more happens by itself: it stands, asks or has ended. The status.

        The server says what is the case now, so that a session which rests is not waited for. `after`: only a status
        that a later event tells counts, however long that takes.
        """
        if after is not None:
            await self.until(lambda: self._status_seq > after and self.status in SETTLED)
            return self.status
        try:
            record = await self.client.session(self.session_id)
        except RpcError as error:
            if error.type != "session_not_found":
                raise
            raise SessionDeleted(f"session {self.session_id} was deleted") from error
        if record.status not in SETTLED:
            return await self.rest(after=record.seq)
        await self.until(lambda: self.seq >= record.seq)
        if self._status_seq <= record.seq:
            self.status = record.status
        # Where it went on meanwhile, its events say when it rests again.
        await self.until(lambda: self.status in SETTLED)
        return self.status

    async def until(self, found: Callable[[], bool]) -> None:
        """Wait until `found` is true, which is asked again after each event."""
        while not found():
            if self._failure is not None:
                raise self._failure
            self._news.clear()
            await self._news.wait()

    async def step(
        self,
        mode: Literal["over", "into", "out"] = "over",
        *,
        task_id: str | None = None,
        node_name: str | None = None,
        expected_checkpoint_id: str | None = None,
        idempotency_key: str | None = None,
    ) -> str:
        """Step all that stands, or one task, or up to a node; the status at the next rest.

        `expected_checkpoint_id`: only from there. `idempotency_key`: once, however often it is asked for.
        """
        return await self._go(
            "step",
            mode=mode,
            task_id=task_id,
            node_name=node_name,
            expected_checkpoint_id=expected_checkpoint_id,
            idempotency_key=idempotency_key,
        )

    async def resume(self) -> str:
        """`debug.continue`; the status at the next rest."""
        return await self._go("continue")

    async def respond(self, value: Any, interrupt_id: str | None = None) -> str:
        """Answer a node that asks; the status at the next rest."""
        await self.client.respond(self.session_id, value, interrupt_id)
        return await self.rest()

    async def attach(self) -> DebuggersResult:
        """Debug the session, as `debugger_id`; it is in debug mode from then on."""
        return await self._call(DebuggersResult, "attach", debugger_id=self.debugger_id)

    async def detach(self) -> DebuggersResult:
        """Leave it, as `debugger_id`; without one, for all who debug it. With the last, what stands goes on, and stops no more."""
        return await self._call(DebuggersResult, "detach", debugger_id=self.debugger_id)

    async def pause(self) -> StatusResult:
        """Ask a running session to stop at its next superstep; `rest` waits for it."""
        return await self._call(StatusResult, "pause")

    async def set_state(
        self, values: Mapping[str, Any], *, as_node: str | None = None
    ) -> CheckpointResult:
        """Write to the state, by channel. What stands after it is known on return."""
        return await self._moved(CheckpointResult, "setState", values=dict(values), as_node=as_node)

    async def rewind(self, checkpoint_id: str, *, rerun: bool = False) -> RewindResult:
        """Go back to a checkpoint and stand there, or with `rerun` go on from there to the next rest.

        From a checkpoint of the input it goes on to the first nodes, and stands before them.
        """
        params = {"checkpoint_id": checkpoint_id, "rerun": rerun}
        result = await self._moved(RewindResult, "rewind", **params)
        if result.status == "running":
            await self.rest()
        return result

    async def step_back(
        self,
        to: Literal["step", "breakpoint", "start"] = "step",
        *,
        task_id: str | None = None,
    ) -> RewindResult:
        """Go back to where the step before began, of a task's graph or of the one in which all stand.

        `to`: to the breakpoint before (the run's first step where there is none), or to that first step; `stop` tells the reason.
        """
        return await self._moved(RewindResult, "stepBack", to=to, task_id=task_id)

    async def restart_node(
        self, node_name: str | None = None, *, task_id: str | None = None, run: bool = False
    ) -> RestartNodeResult:
        """Let one node begin again and stand before it, or with `run` run to its end, to the next rest.

        What ran or stands beside it stays as it is. Without a name, the one that stands, asks, failed or ran last.
        """
        params = {"node_name": node_name, "task_id": task_id, "run": run}
        result = await self._moved(RestartNodeResult, "restartNode", **params)
        if run:
            await self.rest()
        return result

    async def set_breakpoint(
        self,
        node_name: str | None = None,
        *,
        file: str | None = None,
        line: int | None = None,
        enabled: bool = True,
        when: Literal["before", "after"] = "before",
        condition: str | None = None,
        hit_count: int | None = None,
        log: str | None = None,
        channel: str | None = None,
    ) -> SetBreakpointResult:
        """Set, replace or disable the breakpoint of a node and `when`.

        `file`, `line`, in place of `node_name`: the node whose function is written there. `channel`: a data breakpoint of that
        channel of the top graph's state, or of that of the subgraph `node_name`.
        """
        return await self._call(
            SetBreakpointResult,
            "setBreakpoint",
            node_name=node_name,
            file=file,
            line=line,
            enabled=enabled,
            when=when,
            condition=condition,
            hit_count=hit_count,
            log=log,
            channel=channel,
        )

    async def remove_breakpoint(
        self,
        node_name: str | None = None,
        *,
        file: str | None = None,
        line: int | None = None,
        when: Literal["before", "after"] = "before",
        channel: str | None = None,
    ) -> RemoveBreakpointResult:
        """Remove the breakpoint of a node, or of the node that is written at `file` and `line`, and `when`; or of a `channel`."""
        return await self._call(
            RemoveBreakpointResult,
            "removeBreakpoint",
            node_name=node_name,
            file=file,
            line=line,
            when=when,
            channel=channel,
        )

    async def break_on_error(
        self, errors: bool | list[str] = True, *, raised: bool | list[str] = False
    ) -> BreakOnErrorResult:
        """Stop at errors that would end the run: all, none, those of some types. `raised`: at others too."""
        return await self._call(BreakOnErrorResult, "breakOnError", errors=errors, raised=raised)

    async def evaluate(self, expression: str, *, task_id: str | None = None) -> EvaluateResult:
        """An expression's value over `state`, `input`, `config` and `context`, of a task that stands or the first that does."""
        return await self._call(EvaluateResult, "evaluate", expression=expression, task_id=task_id)

    async def breakpoints(self) -> list[BreakpointState]:
        """All of them, in the order they were set."""
        return (await self._call(BreakpointsResult, "breakpoints")).breakpoints

    async def inspect(
        self,
        *,
        node_name: str | None = None,
        task_id: str | None = None,
        checkpoint_id: str | None = None,
        value_path: str | None = None,
        start: int = 0,
        count: int | None = None,
        part: Literal["state", "input", "context"] = "state",
        updates: bool = True,
    ) -> InspectResult:
        """The state and the tasks: of now, or of a node's graph, a task's, another checkpoint.

        `value_path`, `start`, `count`: a part of the state, of which the result's `page` tells; with `part` of what the task gets, or
        of the run's context. `updates`: with each node's last
        update, which take long to be read of a large state.
        """
        return await self._call(
            InspectResult,
            "inspect",
            node_name=node_name,
            task_id=task_id,
            checkpoint_id=checkpoint_id,
            value_path=value_path,
            start=start,
            count=count,
            part=part,
            updates=updates,
        )

    async def look(self) -> InspectResult:
        """`inspect` of now; `status` and `tasks` are then as it says, with those that ask."""
        told = self._status_seq
        found = await self.inspect()
        if self._status_seq != told:
            # It went on meanwhile: its events know better.
            return found
        standing = {task.task_id: task for task in found.stopped}
        for task in found.tasks:
            if task.status == "waiting" and task.task_id not in standing:
                standing[task.task_id] = StoppedTask(
                    task.node, task.path, task.task_id, "interrupt", task.input
                )
        self.status, self.tasks = found.status, list(standing.values())
        return found

    async def history(
        self,
        *,
        limit: int = 50,
        before: str | None = None,
        path: str | None = None,
        values: bool = False,
    ) -> list[CheckpointSummary]:
        """Checkpoints, newest first; `before`: only those older than this one.

        `path`: only those of the (sub)graph there, '' is the top one. `values`: with their states, cut.
        """
        found = await self._call(
            HistoryResult, "history", limit=limit, before=before, path=path, values=values
        )
        return found.checkpoints

    def task(self, name: str) -> StoppedTask:
        """A task that stands: by its number from 1, its path, its node's name or the start of its id.

        Raises `LookupError`, the message saying what there is.
        """
        if name.isdigit() and 0 < int(name) <= len(self.tasks):
            return self.tasks[int(name) - 1]
        named = [task for task in self.tasks if name in (task.path, task.node)]
        # A short name may begin an id too.
        found = named or [task for task in self.tasks if task.task_id.startswith(name)]
        if len(found) == 1:
            return found[0]
        standing = ", ".join(f"{i} {task.path}" for i, task in enumerate(self.tasks, 1))
        what = f"{len(found)} tasks are {name!r}" if found else f"no task {name!r} stands"
        raise LookupError(f"{what}; there are: {standing or 'none'}")

    async def _call(self, type: type[T], method: str, **params: Any) -> T:
        given = {name: value for name, value in params.items() if value is not None}
        found = await self.client.call(f"debug.{method}", session_id=self.session_id, **given)
        return msgspec.convert(found, type)

    async def _go(self, method: str, **params: Any) -> str:
        await self._call(StatusResult, method, **params)
        return await self.rest()

    async def _moved(self, type: type[T], method: str, **params: Any) -> T:
        """A call that leaves the session at rest: what it told is seen on return, and what stands is known.

        An edit in place tells nothing of its tasks, whose inputs it may have changed.
        """
        result = await self._call(type, method, **params)
        last = (await self.client.session(self.session_id)).seq
        await self.until(lambda: self.seq >= last)
        await self.look()
        return result

    async def _read(self) -> None:
        try:
            async with aclosing(self.client.events(self.session_id, after=self.seq)) as events:
                async for event in events:
                    self._take(event)
            self._failure = SessionDeleted(f"session {self.session_id} was deleted")
        except Exception as error:
            # A border, a task's: told to whoever waits for events.
            self._failure = error
        finally:
            self._news.set()

    def _take(self, event: Event) -> None:
        match event.type:
            case "session.status":
                self.status, self._status_seq = event.data["status"], event.seq
                if self.status not in ("paused", "waiting"):
                    self.tasks = []
            case "debug.stopped":
                self.stop = msgspec.convert(event.data, DebugStopped)
                self.tasks = self.stop.tasks
            case "query.result":
                self.result = event.data["result"]
        self.seq = event.seq
        if self._on_event is not None:
            self._on_event(event)
        self._news.set()


@asynccontextmanager
async def attached(
    client: "Client",
    session_id: str,
    breakpoints: Iterable[str | Mapping[str, Any]],
    on_event: Callable[[Event], None] | None,
    debugger_id: str | None,
) -> AsyncIterator[Debugger]:
    """`Client.attach`."""
    seen = (await client.session(session_id)).seq
    async with Debugger(
        client, session_id, after=seen, on_event=on_event, debugger_id=debugger_id
    ) as session:
        await session.attach()
        for one in breakpoints:
            await session.set_breakpoint(**({"node_name": one} if isinstance(one, str) else one))
        await session.look()
        yield session
