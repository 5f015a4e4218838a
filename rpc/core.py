"""The server's parts, put together and taken apart in order."""

import os
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import (
    AsyncExitStack,
    asynccontextmanager,
)
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

import anyio
import msgspec
from anyio import to_thread
from anyio.abc import TaskGroup

from protocol import langgraph
from protocol.methods import METHODS
from rpc import outgoing
from rpc.auth.rate import rate_limit
from rpc.clock import now_ms
from rpc.engine.checkpoints.saver import Saver
from rpc.engine.gate.gate import Gate
from rpc.engine.graphs.fresh import imported_anew
from rpc.engine.graphs.graph_names import names_of
from rpc.engine.graphs.load_errors import GraphLoadError
from rpc.engine.graphs.memory import FILE as MEMORY_FILE
from rpc.engine.graphs.registry import OpenGraphs, open_graphs
from rpc.engine.graphs.remembered import Remembered
from rpc.engine.langgraph.adapted import adapted
from rpc.engine.langgraph.declared_types import serde_for
from rpc.engine.langgraph.memory_store import Shared
from rpc.engine.running.looks import Looks
from rpc.engine.running.loops import GraphLoops, LoadTimeoutError
from rpc.engine.running.node_threads import NodeThreads
from rpc.events.encoding import ROOM_BYTES
from rpc.events.log import EventLog
from rpc.events.wakeup import WakeUps
from rpc.keeping import databases, open_memory, open_store, place_of, unusable
from rpc.limits import graph_limits, owner_limits
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
from rpc.sessions.quotas import Quotas
from rpc.sessions.recovering import Recovery
from rpc.sessions.results import Results
from rpc.sessions.running.advancing import Advancer, Sizes
from rpc.sessions.running.executor import TaskGroupExecutor
from rpc.sessions.running.fit import report
from rpc.sessions.service import Sessions
from rpc.sessions.starting import Starter
from rpc.sessions.threads import Threads
from rpc.sessions.upkeep import forget_expired, keep_as_said, keep_tidy
from rpc.settings import NODE_THREADS, Settings
from rpc.startup import StartupError, Watched
from rpc.storage.cluster import NodeRow, Role, SharedLine
from rpc.storage.sqlite.quick_check import QuickCheck
from rpc.storage.store import StorageError, Store
from rpc.telemetry import tracing
from rpc.telemetry.metrics import Metrics
from rpc.telemetry.requests import Requests, level_of
from rpc.version import VERSION

__all__ = ["Core", "StartupError", "open_core"]


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
        try:
            # Here, and not where they are imported: a module that does not return must not keep what was there before.
            with imported_anew():
                await self.loops.load(
                    "the graphs, loaded anew,",
                    lambda: self.graphs.load(targets, default),
                    self.settings.reload_timeout_seconds,
                )
        except LoadTimeoutError as error:
            raise GraphLoadError(str(error)) from error
        self.report()
        return self.sessions.executor.reload()


@asynccontextmanager
async def open_core(
    settings: Settings,
    targets: Mapping[str, Any],
    watched: Watched | None = None,
    guard: Guard | None = None,
    calls: Policy | None = None,
    descriptions: Mapping[str, str] = MappingProxyType({}),
) -> AsyncIterator[Core]:
    """Everything but the transports, running, but for the runs that were left unfinished: `Core.recover` lets those go
    on. On exit runs stop between two supersteps, to be resumed.

    `targets`: graphs by name, see `open_graphs`. `watched`: what a supervisor saw of the server before. `guard`: a project's rules for LangGraph's API.
    `calls`: its rules for webhooks. `descriptions`: what it says of its graphs, by name. Raises `StartupError`, `GraphLoadError`.
    """
    folder = Path(settings.data_dir)
    raised: Exception | None = None
    opened = False
    node_id = secrets.token_hex(8)
    with place_of(settings, folder) as soundness, adapted(Gate.__name__):
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
                store, line = open_store(settings, folder, soundness, node_id)
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
                        lambda: open_memory(settings, folder, soundness, node_id),
                        apart=True,
                    )
                )
                memory.expiring(
                    settings.memory_max_age_minutes, on_read=settings.memory_refresh_on_read
                )
                memory.most_bytes = lambda owner: owner_limits(settings, owner).memory_bytes
                graphs = await stack.enter_async_context(
                    loops.inside(
                        "the server's graphs",
                        lambda: open_graphs(
                            targets,
                            settings.default_graph,
                            lambda graph: Saver(store, events.line, serde=serde_for(graph)),
                            memory,
                            descriptions,
                        ),
                    )
                )
                node_wakeups = None if line is None else NodeWakeUps(_untold)
                wakeups = WakeUps() if node_wakeups is None else node_wakeups
                results = Results(store, graphs)
                limits = graph_limits(settings)
                quotas = Quotas(store, partial(owner_limits, settings))
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
                    executor = _executor(
                        settings, group, advancer, wakeups, events, line, graphs, node_id
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
                    starter = Starter(sessions, settings.max_queued, limits, looks)
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
                            {name: names_of(one) for name, one in graphs.loaded.items()},
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
                    sessions.names_elsewhere = nodes.names
                    group.start_soon(forget_expired, memory, settings.cleanup_interval_seconds)
                    group.start_soon(keep_as_said, sessions, settings.cleanup_interval_seconds)
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
                        webhooks.told(langgraph_threads, policy.fields),
                        node_id,
                        alone=node is None,
                    )
                    advancer.ended = aftermath.ended
                    group.start_soon(aftermath.look)
                    langgraph_methods = _langgraph_methods(
                        store, events, graphs, langgraph_threads, memory, policy, guard
                    )
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
                        whole = QuickCheck({} if line else databases(folder), soundness)
                        group.start_soon(checked, whole)
                        opened = True
                        health = HealthCheck(
                            sessions,
                            [] if line else [lambda: probe_memory(folder / MEMORY_FILE, soundness)],
                            lambda: whole.found,
                        )
                        _count(health, settings, executor, threads, looks, loops, store)
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
            raise StartupError(unusable(settings, error, opened)) from error
        finally:
            # A node that does not return keeps its thread, and its loop where it blocks that.
            threads.shutdown(wait=False, cancel_futures=True)
            loops.close()
        if isinstance(raised, StorageError):
            raise StartupError(unusable(settings, raised, opened)) from raised
        if raised is not None:
            raise raised


def _executor(
    settings: Settings,
    group: TaskGroup,
    advancer: Advancer,
    wakeups: WakeUps,
    events: EventLog,
    line: SharedLine | None,
    graphs: OpenGraphs,
    node_id: str,
) -> TaskGroupExecutor | NodeExecutor:
    """What lets runs go on: in a line of this process's own, or in that which nodes share."""
    if line is None:
        return TaskGroupExecutor(
            group,
            advancer.advance,
            advancer.asked_to_end,
            wakeups,
            events.put,
            settings.max_running,
            settings.max_running_per_owner,
        )
    executor = NodeExecutor(
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
    advancer.passes_on = executor.pass_on
    return executor


def _langgraph_methods(
    store: Store,
    events: EventLog,
    graphs: OpenGraphs,
    threads: Threads,
    memory: Shared,
    policy: Policy,
    guard: Guard | None,
) -> Mapping[str, Any]:
    """What answers LangGraph's clients; under a project's own rules, where it has some."""
    assistants = Assistants(store, events, graphs)
    methods = langgraph_handlers(threads, assistants, Remembered(memory), policy)
    return methods if guard is None else guarded(methods, guard, store, assistants)


def _count(
    health: HealthCheck,
    settings: Settings,
    executor: TaskGroupExecutor | NodeExecutor,
    threads: NodeThreads,
    looks: Looks,
    loops: GraphLoops,
    store: Store,
) -> None:
    """Let the health tell these numbers."""
    health.count("max_running", lambda: settings.max_running)
    health.count("runs_running", lambda: executor.executing)
    health.count("runs_queued", lambda: executor.queued)
    health.count("oldest_run_seconds", lambda: executor.oldest_seconds)
    health.count("node_threads_busy", lambda: threads.busy)
    health.count("node_threads_abandoned", lambda: threads.abandoned)
    health.count("look_threads_abandoned", lambda: looks.left)
    health.count("graph_loops_blocked", lambda: loops.blocked)
    health.count("unreadable", lambda: store.unreadable.count)


def _role(settings: Settings) -> Role:
    return "api" if settings.role == "api" else "worker" if settings.role == "worker" else "all"


def _untold(_: str) -> None:
    """Before there is anybody to tell."""


async def _shielded(close: Callable[[], Awaitable[None]]) -> None:
    with anyio.CancelScope(shield=True):
        await close()
