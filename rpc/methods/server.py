"""`server.info` and `rpc.discover`: what this server is and speaks."""

import platform
import secrets
import time
from importlib.metadata import version
from typing import Any

from protocol import PROTOCOL_VERSION, openrpc
from protocol.events import EVENTS
from protocol.methods import METHODS
from protocol.server import Limits, NoParams, ServerInfoResult
from rpc.events.encoding import now_ms, timestamp
from rpc.methods.call import Call
from rpc.sessions.service import Sessions
from rpc.settings import Settings
from rpc.version import VERSION


class ServerMethods:
    """The handlers of `server.*` and `rpc.*`."""

    def __init__(self, settings: Settings, sessions: Sessions) -> None:
        self.settings = settings
        self.sessions = sessions
        self.started = time.monotonic()
        self.instance_id = secrets.token_hex(8)

    async def info(self, call: Call, __: NoParams) -> ServerInfoResult:
        settings = self.settings
        return ServerInfoResult(
            name="stepwire",
            version=VERSION,
            protocol_version=PROTOCOL_VERSION,
            langgraph_version=version("langgraph"),
            python_version=platform.python_version(),
            instance_id=self.instance_id,
            time=timestamp(now_ms()),
            uptime_ms=round((time.monotonic() - self.started) * 1000, 3),
            active_sessions=self.sessions.active(call.owner),
            limits=Limits(**{name: getattr(settings, name) for name in Limits.__struct_fields__}),
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

    async def discover(self, _: Call, __: NoParams) -> Any:
        return openrpc.build()
