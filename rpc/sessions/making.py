"""Making a run of what is asked: checked against its graph, and with a guess of how long it takes."""

import statistics
import time

import msgspec
from msgspec import UnsetType

from protocol.errors import INVALID_PARAMS, ProtocolError
from protocol.queries import DEFAULT_DURATION_MS, QueryStartParams
from rpc.clock import now_ms
from rpc.engine.graphs.inputs import RunConfig, check_input, graph_input, run_config
from rpc.engine.graphs.loading import LoadedGraph
from rpc.engine.running.looks import Looks
from rpc.sessions.asked import Asker, Beside, request_of
from rpc.sessions.graph_code import in_time
from rpc.sessions.new_ids import new_id
from rpc.sessions.running.time_limits import GraphLimits, TimeLimits
from rpc.sessions.service import Sessions
from rpc.storage.records import RunRecord
from rpc.telemetry import ids

ESTIMATED_FROM = 50
"""How many of a graph's newest runs say how long the next may take."""

ESTIMATE_SECONDS = 1.0
"""How long an estimate is good."""

ESTIMATES = 1024
"""How many are remembered."""


class Making:
    """Of one server."""

    def __init__(self, sessions: Sessions, limits: GraphLimits, looks: Looks) -> None:
        self.graphs = sessions.graphs
        self.store = sessions.store
        self.limits = limits
        # Where a graph's own code checks what it is given as settings.
        self.looks = looks
        # What the last runs of an owner's and a graph's took, and when that was read.
        self.estimates: dict[tuple[str, str], tuple[float, int]] = {}

    async def run(
        self,
        params: QueryStartParams,
        asker: Asker,
        graph: str | None,
        debug_mode: bool,
        beside: Beside,
    ) -> tuple[LoadedGraph, RunRecord]:
        """The new run, its session left open. Raises `ProtocolError`."""
        loaded = self.graphs.get(graph)
        if params.query is not None:
            value = graph_input(loaded.graph, params.query)
        elif params.input is None:
            value = None
        else:
            check_input(loaded.graph, value := params.input)
        config = await self._config(loaded, params)
        self.limits.check(loaded.name, TimeLimits(**config.limits))
        if params.stop_on_entry and not debug_mode:
            raise ProtocolError(INVALID_PARAMS, "a stop needs `debug_mode`", path="$.stop_on_entry")
        for field in ("break_on_error", "break_on_raised"):
            if not isinstance(getattr(params, field), UnsetType) and not debug_mode:
                raise ProtocolError(INVALID_PARAMS, "a stop needs `debug_mode`", path=f"$.{field}")
        if params.debugger_id is not None and not debug_mode:
            raise ProtocolError(
                INVALID_PARAMS, "a debugger needs `debug_mode`", path="$.debugger_id"
            )
        if params.breakpoints and not debug_mode:
            raise ProtocolError(
                INVALID_PARAMS, "breakpoints need `debug_mode`", path="$.breakpoints"
            )
        return loaded, RunRecord(
            id=beside.run_id or new_id(),
            session_id="",
            graph=loaded.name,
            query=params.query,
            input=value,
            config=params.config,
            idempotency_key=params.idempotency_key,
            created_at=now_ms(),
            after=0,
            estimated_duration_ms=await self._estimate(asker.owner, loaded.name),
            owner=asker.owner,
            caller=asker.caller,
            trace=ids.current().trace,
            metadata=beside.metadata,
            request=None if params.idempotency_key is None else request_of(params),
            options=msgspec.structs.replace(
                beside.options, callbacks=beside.options.callbacks or params.callbacks
            ),
        )

    async def _config(self, loaded: LoadedGraph, params: QueryStartParams) -> RunConfig:
        """Raises `ProtocolError` (invalid params, graph timeout)."""

        async def checked() -> RunConfig:
            return run_config(loaded.graph, params.config)

        if loaded.graph.context_schema is None:
            return await checked()
        return await in_time(self.looks, f"the settings of a run of graph {loaded.name!r}", checked)

    async def _estimate(self, owner: str, graph: str) -> int:
        """Milliseconds that a run of the graph may take, from the owner's before."""
        key = (owner, graph)
        at, estimate = self.estimates.get(key, (0.0, 0))
        if not at or time.monotonic() - at > ESTIMATE_SECONDS:
            took = await self.store.read(self.store.durations, owner, graph, ESTIMATED_FROM)
            estimate = statistics.median_low(took) if took else DEFAULT_DURATION_MS
            self.estimates.pop(key, None)
            if len(self.estimates) >= ESTIMATES:
                # The one that was read longest ago.
                del self.estimates[next(iter(self.estimates))]
            self.estimates[key] = (time.monotonic(), estimate)
        return estimate
