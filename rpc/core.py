"""The server's parts, put together and taken apart in order."""

import os
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator, Mapping
from contextlib import (
    AbstractAsyncContextManager,
    AsyncExitStack,
    asynccontextmanager,
    contextmanager,
)
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import msgspec
from anyio import to_thread
from filelock import FileLock, Timeout
from msgspec import UnsetType

from protocol import langgraph
from protocol.methods import METHODS
from rpc import outgoing
from rpc.auth.rate import rate_limit
from rpc.engine.checkpoints import importing
from rpc.engine.checkpoints.saver import Saver
from rpc.engine.gate.gate import Gate
from rpc.engine.graphs.memory import FILE as MEMORY_FILE
from rpc.engine.graphs.memory import graph_memory, shared_graph_memory
from rpc.engine.graphs.registry import OpenGraphs, open_graphs
from rpc.engine.graphs.remembered import Remembered
from rpc.engine.langgraph.adapted import adapted
from rpc.engine.langgraph.declared_types import serde_for
from rpc.engine.langgraph.memory_store import Shared
from rpc.engine.running.looks import Looks
from rpc.engine.running.loops import GraphLoops
from rpc.engine.running.node_threads import NodeThreads
from rpc.events.encoding import ROOM_BYTES, now_ms
from rpc.events.log import EventLog
from rpc.events.wakeup import WakeUps
from rpc.marker import Marker
from rpc.methods.bus import Bus
from rpc.methods.langgraph import webhooks
from rpc.methods.langgraph.guarding import Guard, guarded
from rpc.methods.langgraph.table import handlers as langgraph_handlers
from rpc.methods.table import CHECKS, handlers
from rpc.outgoing import Policy
from rpc.sessions.aftermath import Aftermath
from rpc.sessions.assistants import Assistants
from rpc.sessions.cancelling import Cancelling
from rpc.sessions.cluster.executor import NodeExecutor
from rpc.sessions.cluster.hearing import NodeWakeUps
from rpc.sessions.cluster.node import Node
from rpc.sessions.debugging.debugger import Debugger
from rpc.sessions.guarding import checked, probe_memory, stop_when_broken, watch
from rpc.sessions.health import HealthCheck
from rpc.sessions.hidden import Hidden
from rpc.sessions.locks import Locks
from rpc.sessions.nodes import Nodes, OneNode
from rpc.sessions.quotas import NAMED, OwnerLimits, Quotas
from rpc.sessions.recovering import Recovery
from rpc.sessions.results import Results
from rpc.sessions.running.advancing import Advancer, Sizes
from rpc.sessions.running.executor import TaskGroupExecutor
from rpc.sessions.running.fit import Unfit, report, unfit
from rpc.sessions.running.time_limits import GraphLimits, TimeLimits
from rpc.sessions.service import Sessions
from rpc.sessions.starting import Starter
from rpc.sessions.threads import Threads
from rpc.sessions.upkeep import keep_tidy
from rpc.settings import NODE_THREADS, Settings
from rpc.startup import StartupError, Watched
from rpc.storage.cluster import NodeRow, Role, SharedLine
from rpc.storage.opening import ExtraMissing, importing_extra, reading
from rpc.storage.records import LOCAL_OWNER, ResultAt
from rpc.storage.soundness import Soundness
from rpc.storage.sqlite import placing
from rpc.storage.sqlite.quick_check import QuickCheck
from rpc.storage.sqlite.store import SQLiteStore
from rpc.storage.store import StorageError, Store
from rpc.telemetry import tracing
from rpc.telemetry.metrics import Metrics
from rpc.telemetry.requests import Requests, level_of
from rpc.version import VERSION

__all__ = ["Core", "StartupError", "check_sessions", "open_core"]


class Core:
    """A running server without its transports."""

    def __init__(
        self,
        settings: Settings,
        sessions: Sessions,
        graphs: OpenGraphs,
        bus: Bus,
        health: HealthCheck,
        report: Callable[[], None],
        loops: GraphLoops,
        threads: NodeThreads,
        metrics: Metrics,
        langgraph_threads: Threads,
        langgraph_bus: Bus,
        recover: Callable[[], Awaitable[None]],
    ) -> None:
        self.settings = settings
        self.sessions = sessions
        self.graphs = graphs
        self.bus = bus
        self.health = health
        # Begins to compare the sessions that rest with their graphs.
        self.report = report
        self.loops = loops
        self.threads = threads
        self.metrics = metrics
        # The same sessions as LangGraph's clients know them, and what their calls go through.
        self.langgraph_threads = langgraph_threads
        self.langgraph_bus = langgraph_bus
        # Lets the runs go on that were left unfinished; to be called once.
        self.recover = recover

    async def reload(self, targets: Mapping[str, Any], default: str | None) -> int:
        """Load these graphs anew, in place of those there are; how many runs go on with them.

        Raises `GraphLoadError`, and then the graphs of before go on.
        """
        await self.loops.load(
            "the graphs, loaded anew", lambda: self.graphs.reload(targets, default)
        )
        self.report()
        return self.sessions.executor.reload()


@asynccontextmanager
async def open_core(
    settings: Settings,
    targets: Mapping[str, Any],
    watched: Watched | None = None,
    guard: Guard | None = None,
    calls: Policy | None = None,
) -> AsyncIterator[Core]:
    """Everything but the transports, running, but for the runs that were left unfinished: `Core.recover` lets those go
    on. On exit runs stop between two supersteps, to be resumed.

    `targets`: graphs by name, see `open_graphs`. `watched`: what a supervisor saw of the server before. `guard`: a project's rules for LangGraph's API.
    `calls`: its rules for webhooks. Raises `StartupError`, `GraphLoadError`.
    """
    folder = Path(settings.data_dir)
    raised: Exception | None = None
    opened = False
    node_id = secrets.token_hex(8)
    with _placed(settings, folder) as soundness, adapted(Gate.__name__):
        # Nodes that are not coroutines run on their loop's default threads; asyncio's own number is six
        # on two cores, and a node that waits would hold up other sessions.
        metrics = Metrics()
        try:
            traces = tracing.opened(settings.tracing, os.environ)
        except tracing.TracingError as error:
            raise StartupError(str(error)) from error
        threads = NodeThreads(settings.node_threads, settings.max_abandoned_threads, NODE_THREADS)
        loops = GraphLoops(
            threads,
            settings.blocked_seconds,
            settings.max_blocked_loops + 1,
            own=settings.graph_loop == "own",
        )
        try:
            async with AsyncExitStack() as stack:
                store, line = _opened(settings, folder, soundness, node_id)
                stack.callback(store.close)
                events = EventLog(
                    store,
                    # Results are read with the graphs, which save by this log's line.
                    lambda session_id, at: results.text(session_id, at),
                    tail_bytes=settings.tail_bytes,
                    pending_bytes=settings.pending_bytes,
                    max_event_bytes=settings.max_frame_bytes - ROOM_BYTES,
                    metrics=metrics,
                )
                events.start()
                loops.held = events.line.held_seconds
                stack.push_async_callback(_shielded, events.close)
                if traces is not None:
                    stack.push_async_callback(_shielded, partial(to_thread.run_sync, traces.flush))
                memory = await stack.enter_async_context(
                    loops.inside(
                        "the graphs' memory",
                        lambda: _memory(settings, folder, soundness),
                        apart=True,
                    )
                )
                memory.most_bytes = lambda owner: _owner_limits(settings, owner).memory_bytes
                graphs = await stack.enter_async_context(
                    loops.inside(
                        "the server's graphs",
                        lambda: open_graphs(
                            targets,
                            settings.default_graph,
                            lambda graph: Saver(store, events.line, serde=serde_for(graph)),
                            memory,
                        ),
                    )
                )
                node_wakeups = None if line is None else NodeWakeUps(_untold)
                wakeups = WakeUps() if node_wakeups is None else node_wakeups
                results = Results(store, graphs)
                limits = _limits(settings)
                quotas = Quotas(store, partial(_owner_limits, settings))
                looks = Looks(loops, settings.look_timeout_seconds)
                stack.callback(looks.close)
                hidden = Hidden(store)
                advancer = Advancer(
                    store,
                    events,
                    graphs,
                    results,
                    wakeups,
                    loops,
                    metrics,
                    limits,
                    settings.cancel_grace_seconds,
                    Sizes(settings.max_event_bytes, settings.max_result_bytes),
                    quotas,
                    hidden,
                    traces,
                )
                async with anyio.create_task_group() as group:
                    group.start_soon(loops.watch)
                    executor = (
                        TaskGroupExecutor(
                            group,
                            advancer.advance,
                            advancer.asked_to_end,
                            wakeups,
                            events.put,
                            settings.max_running,
                            settings.max_running_per_owner,
                        )
                        if line is None
                        else NodeExecutor(
                            group,
                            advancer.advance,
                            advancer.asked_to_end,
                            wakeups,
                            events,
                            settings.max_running,
                            settings.max_running_per_owner,
                            node_id=node_id,
                            jobs=line.jobs,
                            bell=line.bell,
                            graphs=lambda: list(graphs.loaded),
                            runs=settings.role != "api",
                        )
                    )
                    stop_when_broken(soundness, events, executor)
                    group.start_soon(watch, soundness)
                    sessions = Sessions(
                        store,
                        events,
                        graphs,
                        results,
                        executor,
                        wakeups,
                        Locks(),
                        settings.cancel_grace_seconds,
                        quotas,
                        hidden,
                    )
                    starter = Starter(sessions, settings.max_queued, limits)
                    started = now_ms()

                    def this_node() -> NodeRow:
                        return NodeRow(
                            node_id,
                            _role(settings),
                            VERSION,
                            list(graphs.loaded),
                            settings.max_running,
                            executor.executing,
                            started,
                            now_ms(),
                        )

                    node = None
                    if isinstance(executor, NodeExecutor) and node_wakeups is not None and line:
                        node = Node(
                            group,
                            sessions,
                            executor,
                            node_wakeups,
                            jobs=line.jobs,
                            roll=line.roll,
                            bell=line.bell,
                            now=this_node,
                            limit=settings.recover_limit,
                            absent_seconds=settings.graph_absent_seconds,
                        )
                        await node.open()
                    nodes: Nodes = OneNode(this_node) if node is None else node
                    group.start_soon(
                        keep_tidy,
                        sessions,
                        settings.cleanup_interval_seconds,
                        settings.session_max_age_seconds,
                        settings.waiting_max_age_seconds,
                        settings.waiting_notice_seconds,
                        settings.event_max_age_seconds,
                        settings.checkpoint_max_age_seconds,
                        settings.audit_max_age_seconds,
                    )
                    requests = Requests(level_of(settings.log_format), metrics)
                    rate = rate_limit(settings.rate_limit_per_second, settings.rate_limit_burst)
                    langgraph_threads = Threads(starter, Debugger(sessions, looks))
                    policy = msgspec.structs.replace(
                        calls or Policy(), allowed=settings.webhook_hosts
                    )
                    aftermath = Aftermath(
                        group,
                        sessions,
                        lambda url, body: outgoing.post(url, body, policy),
                        webhooks.told(langgraph_threads),
                    )
                    advancer.ended = aftermath.ended
                    assistants = Assistants(store, events, graphs)
                    langgraph_methods = langgraph_handlers(
                        langgraph_threads, assistants, Remembered(memory), policy
                    )
                    if guard is not None:
                        langgraph_methods = guarded(langgraph_methods, guard, store, assistants)
                    langgraph_bus = Bus(
                        langgraph.METHODS,
                        langgraph_methods,
                        sessions.owns,
                        rate,
                        requests,
                        traces=traces,
                        secrets=sessions.secrets,
                    )
                    bus = Bus(
                        METHODS,
                        handlers(
                            settings,
                            sessions,
                            starter,
                            Cancelling(sessions, executor, group),
                            graphs,
                            looks,
                            nodes,
                        ),
                        sessions.owns,
                        rate,
                        requests,
                        CHECKS,
                        traces=traces,
                        secrets=sessions.secrets,
                    )
                    try:
                        recover: Callable[[], Awaitable[None]]
                        if node is None:
                            marker = Marker(folder, watched)
                            recovery = Recovery(starter, settings.recover_limit)
                            await recovery.prepare(died=marker.died())
                            marker.put()
                            stack.callback(marker.remove)
                            recover = partial(recovery.begin, group)
                        else:
                            # Whatever was left is in the line of jobs.
                            recover = node.begin

                        def compare() -> None:
                            group.start_soon(report, store, graphs, looks)

                        compare()
                        whole = QuickCheck({} if line else _databases(folder), soundness)
                        group.start_soon(checked, whole)
                        opened = True
                        health = HealthCheck(
                            sessions,
                            [] if line else [lambda: probe_memory(folder / MEMORY_FILE, soundness)],
                            lambda: whole.found,
                        )
                        health.count("max_running", lambda: settings.max_running)
                        health.count("runs_running", lambda: executor.executing)
                        health.count("runs_queued", lambda: executor.queued)
                        health.count("oldest_run_seconds", lambda: executor.oldest_seconds)
                        health.count("node_threads_busy", lambda: threads.busy)
                        health.count("node_threads_abandoned", lambda: threads.abandoned)
                        health.count("look_threads_abandoned", lambda: looks.left)
                        health.count("graph_loops_blocked", lambda: loops.blocked)
                        health.count("unreadable", lambda: store.unreadable.count)
                        if node is not None:
                            hearing = node.hearing
                            health.count("nodes", lambda: hearing.others + 1)
                        yield Core(
                            settings,
                            sessions,
                            graphs,
                            bus,
                            health,
                            compare,
                            loops,
                            threads,
                            metrics,
                            langgraph_threads,
                            langgraph_bus,
                            recover,
                        )
                    except Exception as error:
                        # The caller's own: raised below, outside the task group, as it is.
                        raised = error
                    finally:
                        with anyio.CancelScope(shield=True):
                            await executor.stop(settings.shutdown_grace_seconds)
                            if node is not None:
                                await node.close()
                        group.cancel_scope.cancel()
        except StorageError as error:
            raise StartupError(_unusable(settings, error, opened)) from error
        finally:
            # A node that does not return keeps its thread, and its loop where it blocks that.
            threads.shutdown(wait=False, cancel_futures=True)
            loops.close()
        if isinstance(raised, StorageError):
            raise StartupError(_unusable(settings, raised, opened)) from raised
        if raised is not None:
            raise raised


def _memory(
    settings: Settings, folder: Path, soundness: Soundness
) -> AbstractAsyncContextManager[Shared]:
    """The graphs' long-term memory, where all else is kept."""
    embedding, fields = settings.memory_embedding, settings.memory_fields
    if settings.database is None:
        return graph_memory(folder, embedding, fields, soundness)
    return shared_graph_memory(settings.database, embedding, fields)


def _role(settings: Settings) -> Role:
    return "api" if settings.role == "api" else "worker" if settings.role == "worker" else "all"


def _untold(_: str) -> None:
    """Before there is anybody to tell."""


def _opened(
    settings: Settings, folder: Path, soundness: Soundness, node_id: str
) -> tuple[Store, SharedLine | None]:
    """The store and, where others may share it, what nodes share beside it. Raises `StartupError`, `StorageError`."""
    if settings.database is None:
        return SQLiteStore(
            folder / "stepwire.db", settings.synchronous, importing.rows, soundness=soundness
        ), None
    try:
        with importing_extra():
            from rpc.storage.postgres.shared import open_shared
    except ExtraMissing as error:
        raise StartupError(str(error)) from error
    return open_shared(settings.database, settings.pool_size, soundness, node_id)


@contextmanager
def _placed(settings: Settings, folder: Path) -> Iterator[Soundness]:
    """Where all is kept: a directory that is this server's alone, or a database."""
    if settings.database is None:
        with _locked(folder) as soundness:
            yield soundness
    else:
        yield Soundness(Path())


def _limits(settings: Settings) -> GraphLimits:
    """How long nodes and runs may take."""
    others = TimeLimits(settings.node_timeout_seconds, settings.run_timeout_seconds)
    graphs = {
        name: TimeLimits(
            others.node
            if isinstance(own.node_timeout_seconds, UnsetType)
            else own.node_timeout_seconds,
            others.run
            if isinstance(own.run_timeout_seconds, UnsetType)
            else own.run_timeout_seconds,
        )
        for name, own in settings.graph_settings.items()
    }
    return GraphLimits(others, graphs)


def _owner_limits(settings: Settings, owner: str) -> OwnerLimits:
    """How much an owner may have: where nobody says who they are, only what was set."""
    others = OwnerLimits() if owner == LOCAL_OWNER else NAMED
    return OwnerLimits(
        others.sessions
        if settings.max_sessions_per_owner is None
        else settings.max_sessions_per_owner,
        others.stored_bytes
        if settings.max_stored_bytes_per_owner is None
        else settings.max_stored_bytes_per_owner,
        others.queries
        if settings.max_queries_per_minute is None
        else settings.max_queries_per_minute,
        others.memory_bytes
        if settings.max_memory_bytes_per_owner is None
        else settings.max_memory_bytes_per_owner,
    )


async def check_sessions(
    settings: Settings, targets: Mapping[str, Any], only: Collection[str] | None
) -> tuple[int, list[Unfit]]:
    """How many unfinished sessions the data directory or the database has, and those that could not go on with these graphs.

    `only`: sessions of these graphs. Nothing is written, and servers may use it. Raises
    `StartupError`, `GraphLoadError`.
    """
    try:
        async with AsyncExitStack() as stack:
            store = stack.enter_context(reading(settings.data_dir, settings.database))

            async def no_result(_: str, __: ResultAt) -> bytes | None:
                return None

            events = EventLog(
                store,
                no_result,
                tail_bytes=settings.tail_bytes,
                pending_bytes=settings.pending_bytes,
                max_event_bytes=settings.max_frame_bytes - ROOM_BYTES,
            )
            graphs = await stack.enter_async_context(
                open_graphs(
                    targets,
                    settings.default_graph,
                    lambda graph: Saver(store, events.line, serde=serde_for(graph)),
                )
            )
            found = [one async for one in unfit(store, graphs, only=only)]
    except StorageError as error:
        raise StartupError(f"{_where(settings)} cannot be read: {error}") from error
    return len(found), [one for one in found if one is not None]


def _where(settings: Settings) -> str:
    """Where all is kept; of a database, what fails says which."""
    return "the database" if settings.database else f"the data directory {settings.data_dir}"


def _unusable(settings: Settings, error: StorageError, opened: bool) -> str:
    where = _where(settings)
    if not opened:
        return f"{where} cannot be used: {error}"
    return (
        f"the server has stopped, and what happened last could not be stored in {where.removeprefix('the data directory ')}: "
        f"{error}; what ran goes on from its last checkpoint at the next start"
    )


def _databases(folder: Path) -> dict[str, Path]:
    return {"the database": folder / "stepwire.db", "the graphs' memory": folder / MEMORY_FILE}


async def _shielded(close: Callable[[], Awaitable[None]]) -> None:
    with anyio.CancelScope(shield=True):
        await close()


class _locked:
    """Holds the data directory for one server: two would number the same events."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lock = FileLock(folder / "lock", timeout=0)

    def __enter__(self) -> Soundness:
        try:
            # It makes the folder too.
            self.lock.acquire()
        except Timeout as error:
            raise StartupError(
                f"the data directory {self.folder} is in use by another server; stop it, or give this "
                "one its own with --data-dir"
            ) from error
        except OSError as error:
            raise StartupError(
                f"the data directory {self.folder} cannot be written: {error.strerror}; give another "
                "one with --data-dir"
            ) from error
        try:
            placing.finish(self.folder)
        except OSError as error:
            self.lock.release()
            raise StartupError(
                f"a restore into {self.folder} that was cut off cannot be finished: {error}"
            ) from error
        soundness = Soundness(self.folder)
        soundness.keep(self.folder, "the data directory")
        soundness.keep(self.folder / "lock", "the data directory's lock")
        return soundness

    def __exit__(self, *_: object) -> None:
        self.lock.release()
