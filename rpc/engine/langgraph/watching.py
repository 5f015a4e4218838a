"""Where LangGraph's tasks start, try again and end: wrapped while a core is open, and told to the run's listener.

Borrowed: every task of a graph, every `@task` call and every error handler is run by `run_with_retry` or
`arun_with_retry`, and each one's end comes to `PregelRunner.commit` (`langgraph/pregel/_runner.py`), save those whose
result is in a cache, which `match_cached_writes` finds (`langgraph/pregel/_loop.py`). Whether a body is tried again is
decided by `_should_retry_on` (`langgraph/pregel/_retry.py`). A loop without a `checkpointer` keeps nothing of its graph. A graph's own `interrupt_before` and `interrupt_after` end its
whole superstep in `PregelLoop.tick` and `after_tick`, and a resume passes them: here they are told instead. Runs that are not ours have no tap, and go as ever.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from contextvars import Context, ContextVar
from typing import Any, Literal

from langgraph._internal._constants import CONF, CONFIG_KEY_RESUMING, CONFIG_KEY_TASK_ID
from langgraph.constants import TAG_HIDDEN
from langgraph.errors import GraphInterrupt
from langgraph.pregel import _retry, _runner
from langgraph.pregel._loop import AsyncPregelLoop, PregelLoop, SyncPregelLoop
from langgraph.pregel._runner import PregelRunner
from langgraph.types import PregelExecutableTask, RetryPolicy

from rpc.engine.langgraph import channel_changes, task_keys
from rpc.engine.langgraph.asking import nothing_asked
from rpc.engine.langgraph.exits import NodeExitedError, ends_process
from rpc.engine.langgraph.place import Place
from rpc.engine.langgraph.streaming import Tap, Task, tap_in, tap_of, told_of
from rpc.engine.langgraph.time_limits import limited


class _Running:
    """A task while its body runs. `attempts`: how often it was begun."""

    def __init__(self, tap: Tap, task: Task) -> None:
        self.tap = tap
        self.task = task
        self.attempts = 1


_running: ContextVar[_Running | None] = ContextVar("stepwire_running", default=None)
"""The innermost task whose body runs here."""


def running_task(context: Context | None = None) -> Place | None:
    """The place of the innermost task whose body runs in a context, or here."""
    running = _running.get() if context is None else context.get(_running)
    return None if running is None else running.task.place


@contextmanager
def watched() -> Iterator[None]:
    """Tasks tell of themselves."""
    with ExitStack() as stack:
        for where, name, wrap in (
            (_runner, "run_with_retry", _run),
            (_runner, "arun_with_retry", _arun),
            (_retry, "_should_retry_on", _retries),
            (PregelRunner, "commit", _commit),
            (SyncPregelLoop, "match_cached_writes", _cached),
            (AsyncPregelLoop, "amatch_cached_writes", _acached),
            (PregelLoop, "__init__", _init),
            (PregelLoop, "_first", _first),
            (PregelLoop, "accept_push", _accept_push),
            (PregelLoop, "tick", _tick),
            (PregelLoop, "after_tick", _after_tick),
        ):
            stack.enter_context(_wrapped(where, name, wrap))
        yield


@contextmanager
def _wrapped(where: Any, name: str, wrap: Callable[[Any], Any]) -> Iterator[None]:
    original = vars(where)[name]
    setattr(where, name, wrap(original))
    try:
        yield
    finally:
        setattr(where, name, original)


class _Starting:
    """What the body of a task runs within: what is told of its start, and who runs here. A generator would cost more than all of it."""

    __slots__ = ("around", "tap", "task_id", "token")

    def __init__(self, tap: Tap, task: PregelExecutableTask) -> None:
        running = _Running(tap, told_of(tap, task))
        if tap.listener.begins_anew(running.task):
            # Else a subgraph that keeps its own checkpoints would go on from the end of its last run.
            task.config[CONF][CONFIG_KEY_RESUMING] = False
        task_keys.give(task, running.task.key)
        self.tap = tap
        self.task_id = task.id
        tap.tries[task.id] = task_keys.Tries()
        tap.listener.starts(running.task)
        self.token = _running.set(running)
        self.around: AbstractContextManager[object] = tap.listener.around(running.task)

    def __enter__(self) -> None:
        try:
            self.around.__enter__()
        except BaseException:
            self._over()
            raise

    def __exit__(self, *raised: Any) -> bool | None:
        try:
            return self.around.__exit__(*raised)
        finally:
            self._over()

    def _over(self) -> None:
        _running.reset(self.token)
        self.tap.tries.pop(self.task_id, None)


def _run(original: Callable[..., Any]) -> Callable[..., Any]:
    def run_with_retry(task: PregelExecutableTask, *args: Any, **options: Any) -> Any:
        tap = tap_of(task.config)
        if tap is None:
            return original(task, *args, **options)
        with _Starting(tap, task):
            try:
                return original(task, *args, **options)
            except BaseException as error:
                if ends_process(error):
                    raise NodeExitedError(error) from error
                if (wrong := nothing_asked(error)) is not None:
                    raise wrong from error
                raise

    return run_with_retry


def _arun(original: Callable[..., Any]) -> Callable[..., Any]:
    async def arun_with_retry(task: PregelExecutableTask, *args: Any, **options: Any) -> Any:
        tap = tap_of(task.config)
        if tap is None:
            return await original(task, *args, **options)
        if tap.node_seconds:
            task = limited(task, tap.node_seconds)
        with _Starting(tap, task):
            try:
                return await original(task, *args, **options)
            except BaseException as error:
                if ends_process(error):
                    raise NodeExitedError(error) from error
                if (wrong := nothing_asked(error)) is not None:
                    raise wrong from error
                raise

    return arun_with_retry


def _retries(original: Callable[[RetryPolicy, Exception], bool]) -> Callable[..., bool]:
    def _should_retry_on(policy: RetryPolicy, error: Exception) -> bool:
        matches = original(policy, error)
        running = _running.get()
        # The first policy that matches an error decides, and no other is asked.
        if matches and running is not None:
            running.attempts += 1
            if (tries := running.tap.tries.get(running.task.task_id)) is not None:
                tries.again()
            if running.attempts <= policy.max_attempts:
                running.tap.retrying.add(running.task.task_id)
                running.tap.listener.tries_again(running.task, error)
        return matches

    return _should_retry_on


def _commit(original: Callable[..., None]) -> Callable[..., None]:
    def commit(
        self: PregelRunner, task: PregelExecutableTask, exception: BaseException | None
    ) -> None:
        tap = tap_of(task.config)
        if tap is None:
            original(self, task, exception)
            return
        listener = tap.listener
        try:
            try:
                original(self, task, exception)
            except Exception as error:
                listener.ended(told_of(tap, task), exception or error, task.writes)
                raise
            listener.ended(told_of(tap, task), exception, task.writes)
        except Exception as error:
            # Called back by a future, this is where it would vanish.
            if exception is None:
                listener.lost(error)
            raise

    return commit


def _cached(original: Callable[..., Sequence[PregelExecutableTask]]) -> Callable[..., Any]:
    def match_cached_writes(self: SyncPregelLoop) -> Sequence[PregelExecutableTask]:
        return _told(original(self))

    return match_cached_writes


def _acached(original: Callable[..., Any]) -> Callable[..., Any]:
    async def amatch_cached_writes(self: AsyncPregelLoop) -> Sequence[PregelExecutableTask]:
        return _told(await original(self))

    return amatch_cached_writes


def _told(matched: Sequence[PregelExecutableTask]) -> Sequence[PregelExecutableTask]:
    for task in matched:
        if (tap := tap_of(task.config)) is not None:
            tap.listener.was_cached(told_of(tap, task), task.writes)
    return matched


STOPS = "stepwire_stops"
"""The attribute of a loop of ours for what its graph was compiled, or called, to stop before and after."""


def _init(original: Callable[..., None]) -> Callable[..., None]:
    def init(self: PregelLoop, *args: Any, **options: Any) -> None:
        original(self, *args, **options)
        if (tap := _tap_of_loop(self)) is None:
            return
        # Here, since graphs begin in the order in which they are called.
        setattr(self, KEYS_ROOT, task_keys.root_of(self, _tries(self, tap)))
        if self.interrupt_before or self.interrupt_after:
            setattr(self, STOPS, (self.interrupt_before, self.interrupt_after))
            self.interrupt_before = self.interrupt_after = ()

    return init


KEYS_ROOT = "stepwire_keys_root"
"""The attribute of a loop of ours for what the keys of its tasks are made of, where it begins."""


def _tries(loop: PregelLoop, tap: Tap) -> task_keys.Tries | None:
    return tap.tries.get(loop.config[CONF].get(CONFIG_KEY_TASK_ID, ""))


def _first(original: Callable[..., Any]) -> Callable[..., Any]:
    def first(self: PregelLoop, *args: Any, **options: Any) -> Any:
        root = getattr(self, KEYS_ROOT, None)
        if root is None:
            return original(self, *args, **options)
        before = task_keys.prepare(self, root)
        found = original(self, *args, **options)
        task_keys.begin(self, root, before)
        return found

    return first


def _accept_push(original: Callable[..., Any]) -> Callable[..., Any]:
    def accept_push(
        self: PregelLoop, task: PregelExecutableTask, *args: Any, **options: Any
    ) -> PregelExecutableTask | None:
        pushed: PregelExecutableTask | None = original(self, task, *args, **options)
        if pushed is not None and (tap := tap_of(task.config)) is not None:
            task_keys.called(pushed, task, tap.tries.get(task.id))
        return pushed

    return accept_push


def _tick(original: Callable[[PregelLoop], bool]) -> Callable[[PregelLoop], bool]:
    def tick(self: PregelLoop) -> bool:
        more = original(self)
        if more:
            channel_changes.note(self)
        if more and self.checkpointer is None and (tap := _tap_of_loop(self)) is not None:
            tap.listener.keeps_nothing(
                {told_of(tap, task).place.graph for task in self.tasks.values()}
            )
        # What has written had ended before.
        if more and (stops := getattr(self, STOPS, None)) is not None:
            _stop(self, "before", stops[0], lambda task: not task.writes)
        return more

    return tick


def _after_tick(original: Callable[[PregelLoop], None]) -> Callable[[PregelLoop], None]:
    def after_tick(self: PregelLoop) -> None:
        try:
            original(self)
        except Exception as error:
            if _tap_of_loop(self) is not None:
                names = ", ".join(sorted({task.name for task in self.tasks.values()}))
                error.add_note(f"While the updates of these nodes were taken: {names}")
            raise
        channel_changes.tell(self)
        if (stops := getattr(self, STOPS, None)) is not None:
            _stop(self, "after", stops[1], lambda task: True)
        if (tap := _tap_of_loop(self)) is not None:
            for task_id in self.tasks:
                tap.tasks.pop(task_id, None)

    return after_tick


def _stop(
    loop: PregelLoop,
    when: Literal["before", "after"],
    nodes: Any,
    counts: Callable[[PregelExecutableTask], bool],
) -> None:
    tap = _tap_of_loop(loop)
    if tap is None:
        return
    found = [
        told_of(tap, task)
        for task in loop.tasks.values()
        if counts(task)
        and TAG_HIDDEN not in (task.config.get("tags") or ())
        and (nodes == "*" or task.name in nodes)
    ]
    if found and not tap.listener.stops(when, found):
        # Nobody could stop them now: the graph ends here, as it would without us.
        raise GraphInterrupt


def _tap_of_loop(loop: PregelLoop) -> Tap | None:
    return tap_in(loop.manager)
