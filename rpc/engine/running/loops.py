"""Where graphs run: on event loops and threads of their own, so that a node that blocks stops no call and no stream.

There is one loop at home, and all runs share it: what a graph's module keeps over runs (a client with its connections)
belongs to one loop. While the one at home does not answer, what begins goes to another one, and what runs on it beside
the node that blocks is taken away, to begin again elsewhere.
"""

from __future__ import annotations

import asyncio
import contextvars
import logging
import sys
import threading
import time
import traceback
from collections.abc import AsyncIterator, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from typing import Any, Generic, TypeVar

from msgspec import Struct

from rpc.engine.langgraph.exits import held
from rpc.engine.langgraph.place import Place
from rpc.engine.langgraph.watching import running_task
from rpc.engine.running.tracebacks import where
from rpc.sparing import Sparing

log = logging.getLogger("stepwire.engine")
sparing = Sparing(log)

T = TypeVar("T")

BEGIN_SECONDS = 0.2
"""How long work waits to begin on a loop before it goes to another."""

LOOK_SECONDS = 0.1
"""How often loops that have work are asked whether they answer."""

LEAVE_SECONDS = 5.0
"""How long what was entered on a loop may take to leave."""

IDLE_SECONDS = 60.0
"""How long a loop that is not at home is kept without work."""


class TakenAwayError(Exception):
    """The work was taken from a loop that does not answer. What it still does there must not count."""


class Blocked(Struct, frozen=True):
    """A loop does not answer. `place`: of the task whose code holds it, where that is known.

    `stack`: where that is, its lines not read yet: reading files beside a node that computes takes seconds.
    """

    place: Place | None
    seconds: float
    stack: traceback.StackSummary


class LoadTimeoutError(Exception):
    """Graphs could not be loaded in time; the message says why, for their author."""


class Work(Generic[T]):
    """A coroutine on a loop, and who waits for it. `name`: what a log says of it."""

    def __init__(
        self,
        name: str,
        make: Callable[[], Coroutine[Any, Any, T]],
        blocks: Callable[[Blocked], None] | None,
    ) -> None:
        self.name = name
        # This and the next are let go when it ends: a context outlives the code that ran in it, in what that left behind.
        self.make: Callable[[], Coroutine[Any, Any, T]] | None = make
        # Called, where it is waited for, when its code holds its loop.
        self.blocks = blocks
        # It belongs to its loop, and is never taken from it.
        self.stays = False
        self.asked_by = asyncio.get_running_loop()
        self.done: asyncio.Future[T] = self.asked_by.create_future()
        # Guards the two that follow: it begins once, on the loop where it is then.
        self.lock = threading.Lock()
        self.loop: OwnLoop | None = None
        self.begun = False
        # While it runs.
        self.task: asyncio.Task[T] | None = None
        # Looks whether it has begun.
        self.timer: asyncio.TimerHandle | None = None

    def begins(self, loop: OwnLoop) -> bool:
        """On `loop`: begin, unless it is elsewhere by now. Whether it did."""
        with self.lock:
            if self.loop is not loop or self.begun or self.make is None:
                return False
            self.begun = True
        context = contextvars.copy_context()
        context.run(current_work.set, self)
        self.task = loop.loop.create_task(self.make(), context=context)
        self.task.add_done_callback(self._ended)
        return True

    def moved(self, loop: OwnLoop | None) -> bool:
        """Where it has not begun: let it begin on another loop, or on none. Whether it had not."""
        with self.lock:
            if self.begun:
                return False
            self.loop = loop
        return True

    def _ended(self, task: asyncio.Task[T]) -> None:
        assert self.loop is not None
        self.loop.works.discard(self)
        self.loop.idle_since = time.monotonic()
        self.make = self.task = None
        if not task.cancelled():
            # Where nobody waits any more, nobody need be told either.
            task.exception()
        with suppress(RuntimeError):
            self.asked_by.call_soon_threadsafe(self._tell, task)

    def _tell(self, task: asyncio.Task[T]) -> None:
        self.blocks = None
        if self.timer is not None:
            self.timer.cancel()
        if self.done.done():
            return
        if task.cancelled():
            self.done.cancel()
        elif (error := task.exception()) is not None:
            self.done.set_exception(held(error))
        else:
            self.done.set_result(task.result())

    @property
    def over(self) -> bool:
        """Whether nothing of it runs any more, or ever will."""
        return self.make is None or (self.loop is None and not self.begun)

    def cancel(self) -> None:
        """Where it is waited for: cancel it, where it is."""
        if self.moved(None):
            self.done.cancel()
        else:
            self._cancel()

    def take_away(self) -> None:
        """Where it is waited for: wait no more. It is cancelled, which it may hear of late or never."""
        if not self.done.done():
            self.done.set_exception(TakenAwayError(f"{self.name} was taken from its event loop"))
            # Nobody may be waiting by now.
            self.done.exception()
        if not self.moved(None):
            self._cancel()

    def _cancel(self) -> None:
        # Where it runs: seen from here, it may have begun and have no task yet.
        if self.loop is not None:
            self.loop.soon(self._cancel_task)

    def _cancel_task(self) -> None:
        if self.task is not None:
            self.task.cancel()


current_work: contextvars.ContextVar[Work[Any] | None] = contextvars.ContextVar(
    "stepwire_work", default=None
)
"""Whose code runs here: in its tasks, and in the threads of its nodes."""


class _Task(asyncio.Task[Any]):
    """A task whose context can be looked at from another thread, as `Task.get_context` does from Python 3.12 on.

    What a coroutine of a graph ends with comes to who waits as an ordinary error (`exits.py`).
    """

    __slots__ = ("context",)
    context: contextvars.Context

    def result(self) -> Any:
        try:
            return super().result()
        except GeneratorExit as error:
            raise held(error) from error

    def exception(self) -> BaseException | None:
        error = super().exception()
        return held(error) if isinstance(error, GeneratorExit) else error


class OwnLoop:
    """An event loop on a thread of its own. It goes on whatever is raised out of it, until it is closed."""

    def __init__(
        self, name: str, loop: asyncio.AbstractEventLoop, threads: ThreadPoolExecutor
    ) -> None:
        self.name = name
        self.loop = loop
        self.loop.set_default_executor(threads)
        self.loop.set_task_factory(self._task)
        # What runs on it; added to where it is asked for, taken from on the loop.
        self.works: set[Work[Any]] = set()
        # Since when an answer is awaited; None while none is.
        self.asked: float | None = None
        # When it is next said that it blocks, in seconds of blocking; 0 while it answers.
        self.said = 0.0
        self.idle_since = time.monotonic()
        self.closing = False
        self.thread = threading.Thread(target=self._run, name=name, daemon=True)
        self.thread.start()

    def soon(self, callback: Callable[..., object], *args: Any) -> None:
        """Call it on the loop, from any thread. Nothing, where it is closed."""
        with suppress(RuntimeError):
            self.loop.call_soon_threadsafe(callback, *args)

    def give(self, work: Work[Any]) -> None:
        """Let work begin here."""
        self.works.add(work)
        self.soon(self._begin, work)

    def _begin(self, work: Work[Any]) -> None:
        if not work.begins(self):
            self.works.discard(work)

    def ask(self) -> None:
        """Ask whether it answers."""
        if self.asked is None:
            self.asked = time.monotonic()
            self.soon(self._answer)

    def _answer(self) -> None:
        self.asked = None

    @property
    def late(self) -> float:
        """For how many seconds an answer is awaited."""
        asked = self.asked
        return 0.0 if asked is None else time.monotonic() - asked

    def blocked(self) -> tuple[Work[Any] | None, Blocked]:
        """Who holds it, as far as can be seen, and where."""
        task = asyncio.current_task(self.loop)
        context = task.context if isinstance(task, _Task) else None
        frame = sys._current_frames().get(self.thread.ident or 0)
        frames = [] if frame is None else list(traceback.walk_stack(frame))
        stack = traceback.StackSummary.extract(iter(frames[::-1]), lookup_lines=False)
        work = None if context is None else context.get(current_work)
        place = None if context is None else running_task(context)
        return work, Blocked(place, self.late, stack)

    def close(self) -> None:
        """End it when it answers next; its tasks are cancelled."""
        self.closing = True
        self.soon(self.loop.stop)

    def _task(
        self,
        loop: asyncio.AbstractEventLoop,
        coroutine: Any,
        context: contextvars.Context | None = None,
        **options: Any,
    ) -> asyncio.Task[Any]:
        if context is None:
            context = contextvars.copy_context()
        task = _Task(coroutine, loop=loop, context=context, **options)
        task.context = context
        return task

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        while not self.closing:
            try:
                self.loop.run_forever()
            except BaseException as error:
                # asyncio lets what ends a process through, after its task has got it as its error.
                log.error("%r was raised out of the event loop of graphs; it goes on", error)
            else:
                if not self.closing:
                    log.error("a node stopped the event loop of graphs; it goes on")
        self._wind_up()

    def _wind_up(self) -> None:
        tasks = asyncio.all_tasks(self.loop)
        for task in tasks:
            task.cancel()
        with suppress(BaseException):
            # What is left of them matters to nobody, and may raise anything.
            if tasks:
                self.loop.run_until_complete(asyncio.wait(tasks, timeout=1.0))
            self.loop.run_until_complete(self.loop.shutdown_asyncgens())
        # Closing a loop ends its default executor, and this one's is everybody's.
        self.loop.set_default_executor(ThreadPoolExecutor(1))
        with suppress(RuntimeError):
            self.loop.close()


class GraphLoops:
    """See the module. `threads`: for nodes that are plain functions. `blocked_seconds`: after which a loop counts as blocked.

    `limit`: so many loops; while all are blocked, what begins waits for one.
    `own`: False runs graphs on the loop that asks, for graphs that share objects with it: nothing of the above is then so.
    """

    def __init__(
        self, threads: ThreadPoolExecutor, blocked_seconds: float, limit: int, *, own: bool
    ) -> None:
        self.threads = threads
        self.limit = limit
        self.blocked_seconds = blocked_seconds
        self.own = own
        self.made = 0
        self.loading = 0
        self.closed = False
        # What was to load graphs, and was left behind.
        self.left: Work[Any] | None = None
        # For how long a thread, by its id, has been held back by the disk.
        self.held: Callable[[int], float] = _never
        # The first is at home.
        self.loops: list[OwnLoop] = [self._made()] if own else []

    async def run(
        self,
        name: str,
        make: Callable[[], Coroutine[Any, Any, T]],
        *,
        blocks: Callable[[Blocked], None] | None = None,
        begun: Callable[[Work[T]], object] | None = None,
    ) -> T:
        """What the coroutine that `make` gives comes to, on a loop that answers.

        A cancellation goes to it, and what it makes of that is waited for. `blocks`: told, here, when its code holds its loop.
        `begun`: given its work. Raises `TakenAwayError` where it is taken away, and what the coroutine raises.
        """
        if not self.own:
            return await make()
        work = Work(name, make, blocks)
        if begun is not None:
            begun(work)
        self._give(work, self._answering())
        while True:
            try:
                return await asyncio.shield(work.done)
            except asyncio.CancelledError:
                if work.done.done():
                    raise
                work.cancel()

    @asynccontextmanager
    async def inside(
        self, name: str, make: Callable[[], AbstractAsyncContextManager[T]], *, apart: bool = False
    ) -> AsyncIterator[T]:
        """What the context manager that `make` gives is entered for; entered and left on the loop at home.

        `apart`: on a loop where no graph runs.
        """
        if not self.own:
            async with make() as value:
                yield value
            return
        asked_by = asyncio.get_running_loop()
        entered: asyncio.Future[tuple[T, asyncio.Event]] = asked_by.create_future()

        async def stay() -> None:
            leave = asyncio.Event()
            async with make() as value:
                asked_by.call_soon_threadsafe(entered.set_result, (value, leave))
                await leave.wait()

        work = Work(name, stay, None)
        work.stays = True
        loop = self._made() if apart else self.loops[0]
        work.moved(loop)
        loop.give(work)
        try:
            await asyncio.wait((entered, work.done), return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            work.cancel()
            raise
        if not entered.done():
            work.done.result()
        value, leave = entered.result()
        try:
            yield value
        finally:
            loop.soon(leave.set)
            # Where it is blocked, what its graphs do on leaving is lost.
            done, _ = await asyncio.wait((work.done,), timeout=LEAVE_SECONDS)
            if apart:
                loop.close()
            if done:
                work.done.result()

    async def load(
        self, name: str, make: Callable[[], Coroutine[Any, Any, T]], seconds: float
    ) -> T:
        """As `run`, of what loads graphs: while it does, nobody else is taken from its loop.

        Raises `LoadTimeoutError` where it takes longer than `seconds`: a module that does not return is left behind with its loop, and
        nothing is loaded until it does. Loads on the loop that asks, where graphs run there, cannot be left.
        """
        if self.left is not None and not self.left.over:
            raise LoadTimeoutError(
                f"{self.left.name} still hang in a module that does not return: nothing more is imported until it does, or the"
                " server is started again"
            )
        works: list[Work[T]] = []
        stacks: list[traceback.StackSummary] = []

        def leave() -> None:
            for work in works:
                if work.loop is not None and not work.done.done():
                    stacks.append(work.loop.blocked()[1].stack)
                    self.left = work
                    work.take_away()

        timer = asyncio.get_running_loop().call_later(seconds, leave)
        self.loading += 1
        try:
            return await self.run(name, make, begun=works.append)
        except TakenAwayError:
            place = where(stacks[0]) if stacks else ""
            raise LoadTimeoutError(
                f"{name} took longer than {seconds:g} s (`reload_timeout_seconds`)\n{place}".rstrip()
            ) from None
        finally:
            timer.cancel()
            self.loading -= 1

    def _give(self, work: Work[Any], loop: OwnLoop) -> None:
        work.moved(loop)
        loop.give(work)
        work.timer = work.asked_by.call_later(BEGIN_SECONDS, self._look_after, work, loop)

    def _look_after(self, work: Work[Any], loop: OwnLoop) -> None:
        """Work that could not begin yet goes elsewhere."""
        if work.begun or work.done.done() or work.loop is not loop or self.closed:
            return
        other = self._answering(loop)
        if other is loop:
            # All are blocked: whichever answers first takes it.
            work.timer = work.asked_by.call_later(BEGIN_SECONDS, self._look_after, work, loop)
        elif work.moved(other):
            loop.works.discard(work)
            self._give(work, other)

    def _answering(self, but: OwnLoop | None = None) -> OwnLoop:
        """The first loop that is not late with an answer, and is not `but`; a new one where there is none.

        `but`, or the one that was asked last, where there may be no more.
        """
        for loop in self.loops:
            if loop is not but and loop.late < BEGIN_SECONDS:
                return loop
        if len(self.loops) >= self.limit:
            sparing.error(
                "nodes block all %d event loops of graphs: what begins waits until one of these returns"
                " (`max_blocked_loops`)",
                self.limit,
            )
            return but or min(self.loops, key=lambda loop: loop.late)
        self.loops.append(self._made())
        return self.loops[-1]

    def made_apart(self) -> OwnLoop:
        """A loop on which no graph runs; who asks for it closes it."""
        return self._made()

    def _made(self) -> OwnLoop:
        self.made += 1
        like = type(asyncio.get_running_loop())
        loop = like() if like.__module__.partition(".")[0] == "uvloop" else asyncio.new_event_loop()
        return OwnLoop(f"stepwire-graphs-{self.made}", loop, self.threads)

    async def watch(self) -> None:
        """Look after the loops, until it is cancelled."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            for loop in list(self.loops):
                self._look(loop)

    def _look(self, loop: OwnLoop) -> None:
        if any(not work.stays for work in list(loop.works)):
            loop.ask()
        if loop.asked is not None and self.held(loop.thread.ident or 0) > self.blocked_seconds / 2:
            # Nothing is stored at all: nobody would get on elsewhere, and the node is not at fault.
            loop.asked = time.monotonic()
        late = loop.late
        if late < self.blocked_seconds:
            if loop.said and late == 0:
                loop.said = 0.0
                log.warning("%s answers again", loop.name)
            over = not loop.works and time.monotonic() - loop.idle_since > IDLE_SECONDS
            if over and loop is not self.loops[0]:
                self.loops.remove(loop)
                loop.close()
            return
        if late < loop.said or self.loading:
            return
        loop.said = max(self.blocked_seconds, loop.said) * 2
        holder, blocked = loop.blocked()
        if loop.late == 0:
            # It answers by now.
            loop.said = 0.0
            return
        self._tell(holder, blocked)
        for work in list(loop.works):
            if work is not holder and work.begun and not work.stays:
                log.warning("%s runs on the same event loop: it goes on elsewhere", work.name)
                work.take_away()

    def _tell(self, holder: Work[Any] | None, blocked: Blocked) -> None:
        who = "code" if blocked.place is None else f"node {blocked.place.path}"
        whose = "" if holder is None else f" of {holder.name}"
        said = f"{who}{whose} has blocked for {blocked.seconds:.1f} s"
        asyncio.get_running_loop().run_in_executor(None, _log, said, blocked.stack)
        if holder is not None and holder.blocks is not None:
            holder.blocks(blocked)

    @property
    def blocked(self) -> int:
        """How many loops do not answer."""
        return sum(loop.late >= self.blocked_seconds for loop in list(self.loops))

    def close(self) -> None:
        """End the loops. One that is blocked is left behind."""
        self.closed = True
        for loop in self.loops:
            loop.close()
        for loop in self.loops:
            loop.thread.join(2.0 if not loop.late else 0.0)


def _never(_: int) -> float:
    return 0.0


def _log(said: str, stack: traceback.StackSummary) -> None:
    advice = "it should await, or be a plain function, which runs in a thread"
    log.warning("%s: %s\n%s", said, advice, where(stack))
