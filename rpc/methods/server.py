"""`server.info` and `rpc.discover`: what this server is and speaks."""

import platform
import secrets
import time
from importlib.metadata import version
from typing import Any

from protocol import PROTOCOL_VERSION, openrpc
from protocol.events import EVENTS
from protocol.methods import METHODS
from protocol.server import Limits, NoParams, ServerInfoResult, ServerNode, ServerNodesResult
from rpc.auth.principals import EVERYBODY
from rpc.clock import now_ms
from rpc.events.encoding import timestamp
from rpc.methods.call import Call
from rpc.sessions.nodes import Nodes
from rpc.sessions.quotas import BYTES, MEMORY, QUERIES, SESSIONS, Quotas
from rpc.sessions.service import Sessions
from rpc.settings import Settings
from rpc.version import VERSION


class ServerMethods:
    """The handlers of `server.*` and `rpc.*`."""

    def __init__(
        self, settings: Settings, sessions: Sessions, quotas: Quotas, nodes: Nodes
    ) -> None:
        self.quotas = quotas
        self.nodes_there = nodes
        self.settings = settings
        self.sessions = sessions
        self.started = time.monotonic()
        self.instance_id = secrets.token_hex(8)

    async def info(self, call: Call, __: NoParams) -> ServerInfoResult:
        return ServerInfoResult(
            name="stepwire",
            version=VERSION,
            protocol_version=PROTOCOL_VERSION,
            langgraph_version=version("langgraph"),
            python_version=platform.python_version(),
            instance_id=self.instance_id,
            time=timestamp(now_ms()),
            uptime_ms=round((time.monotonic() - self.started) * 1000, 3),
            active_sessions=await self.sessions.active(call.owner),
            limits=Limits(**self._limits(call.owner)),
            capabilities={
                "batch_events": True,
                "debug": True,
                "idempotency": True,
                "recovery": True,
                "rest": True,
                "sse": True,
            },
            methods=list(METHODS),
            events=list(EVENTS),
        )

    def _limits(self, owner: str | None) -> dict[str, Any]:
        """Those of an owner's are his own; of everybody's, those of who says who they are."""
        own = self.quotas.limits(EVERYBODY if owner is None else owner)
        limits = {name: getattr(self.settings, name) for name in Limits.__struct_fields__}
        return limits | {
            SESSIONS: own.sessions,
            BYTES: own.stored_bytes,
            MEMORY: own.memory_bytes,
            QUERIES: own.queries,
        }

    async def nodes(self, _: Call, __: NoParams) -> ServerNodesResult:
        found = await self.nodes_there.all()
        return ServerNodesResult(
            [
                ServerNode(
                    one.id,
                    one.role,
                    one.version,
                    one.graphs,
                    one.concurrency,
                    one.running,
                    timestamp(one.started_at),
                    timestamp(one.seen_at),
                )
                for one in found
            ]
        )

    async def discover(self, _: Call, __: NoParams) -> Any:
        return openrpc.build()
