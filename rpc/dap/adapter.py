"""The adapter: the requests of one client, and what each does."""

import asyncio
from contextlib import suppress
from pathlib import Path

from protocol.sessions import ENDED
from rpc.client import RpcError
from rpc.client.token import checked
from rpc.dap.attributes import ATTACH, LAUNCH, mistyped
from rpc.dap.breakpoint_requests import BreakpointRequests
from rpc.dap.breakpoints import Breakpoints
from rpc.dap.capabilities import CAPABILITIES
from rpc.dap.connection import Body, Connection, DapError, Handler, Later
from rpc.dap.debuggee import Debuggee
from rpc.dap.launching import Server
from rpc.dap.move_requests import MoveRequests
from rpc.dap.parts import Parts, Silent
from rpc.dap.stop_requests import StopRequests


class Adapter:
    """Serves one client."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.breakpoints = Breakpoints()
        self._client: Body = {}
        self._server: Server | None = None
        self._launch: Body | None = None
        self._attach: Body | None = None
        self._configured = asyncio.Event()
        self._parts: Parts | None = None
        # Sees the server go for good.
        self._watch: asyncio.Task[None] | None = None
        begun = self._begun
        self.stops = BreakpointRequests(connection, self._inside, begun, self.breakpoints)
        self.handlers: dict[str, Handler] = {
            "initialize": self._initialize,
            "launch": self._launched,
            "attach": self._attached,
            "configurationDone": self._configuration_done,
            "disconnect": self._disconnect,
            "terminate": self._terminate,
            "restart": self._restart,
            **self.stops.handlers,
            **StopRequests(self._inside, begun).handlers,
            **MoveRequests(self._inside, self.breakpoints).handlers,
        }

    async def close(self) -> None:
        """The client has gone: end the server where it is the adapter's own; a joined session stays as it is."""
        await self._leave()

    # Beginning and end

    async def _initialize(self, given: Body) -> Body:
        self._client = given
        return dict(CAPABILITIES)

    async def _launched(self, given: Body) -> Body | None:
        self._launch = given
        self._warn(given, LAUNCH)
        # One that came before counts for nothing: `initialized` asks for the configuration.
        self._configured.clear()
        raise Later(self._begin())

    async def _attached(self, given: Body) -> Body | None:
        if not given.get("url"):
            raise DapError("`url` is missing: the server's address, such as http://127.0.0.1:8000")
        self._attach = given
        self._warn(given, ATTACH)
        self._configured.clear()
        raise Later(self._begin())

    def _warn(self, given: Body, known: tuple[str, ...]) -> None:
        for said in mistyped(given, known):
            self.connection.output(f"! {said}\n", "important")

    async def _begin(self, *, again: bool = False) -> Body | None:
        """The answer to `launch` or `attach`: when the session is there. `again`: what was configured stays so."""
        given = self._launch or self._attach or {}
        try:
            debuggee = await self._reach(given)
            starts = self._launch is not None or "query" in given or "input" in given
            self._parts = Parts(
                debuggee, self.connection, self._client, self.breakpoints, ends=starts
            )
            if again:
                self.stops.told(self.breakpoints.resolved(debuggee.sources), debuggee)
            else:
                self.connection.event("initialized")
                await self._configured.wait()
            await self._go(debuggee, given, starts=starts)
            self._watch = asyncio.create_task(self._until_lost(self._inside()))
        except BaseException:
            await self._leave()
            self.connection.event("terminated")
            raise
        return None

    async def _reach(self, given: Body) -> Debuggee:
        if self._launch is not None:
            self._server = await Server.started(given, self.connection.output)
            return await Debuggee.opened(self._server.url, given.get("graph"), None, None)
        url, token = str(given["url"]), _token(given)
        session_id = given.get("sessionId")
        seconds = given.get("reconnectSeconds")
        debuggee = await Debuggee.opened(url, given.get("graph"), session_id, token, seconds)
        if session_id is None and "query" not in given and "input" not in given:
            newest = await debuggee.newest()
            await debuggee.close()
            self._attach = {**given, "sessionId": newest}
            return await Debuggee.opened(url, None, newest, token, seconds)
        return debuggee

    async def _go(self, debuggee: Debuggee, given: Body, *, starts: bool) -> None:
        parts = self._inside()
        if not starts:
            session_id = (self._attach or {})["sessionId"]
            await debuggee.join(session_id, parts.telling.take)
            for task in await debuggee.running():
                parts.telling.threads.begin(*task)
            await self.stops.apply(debuggee)
            await self.stops.break_on_errors(debuggee)
            await debuggee.session.look()
            if debuggee.session.status in ("paused", "waiting"):
                parts.telling.stand(debuggee.session.tasks)
            return
        while True:
            try:
                await debuggee.start(
                    given,
                    self.breakpoints.at_start(),
                    parts.telling.take,
                    break_on_error=self.stops.errors,
                    break_on_raised=self.stops.raised,
                )
                break
            except RpcError as error:
                # One of them is wrong: the editor is told, and the others are set.
                name, _, rest = (error.path or "").partition("[")
                index = rest.partition("]")[0]
                if name != "$.breakpoints" or not index.isdigit():
                    raise
                self.stops.told(self.breakpoints.refused(int(index), error.detail), debuggee)
        self.breakpoints.started()

    async def _configuration_done(self, _: Body) -> None:
        self._configured.set()

    async def _disconnect(self, given: Body) -> None:
        terminates = given.get("terminateDebuggee", self._launch is not None)
        parts = self._parts
        if parts is not None and parts.debuggee.has_session:
            if terminates:
                await parts.debuggee.cancel()
            elif not given.get("suspendDebuggee") and self._attach is not None:
                await self.breakpoints.clear(parts.debuggee)
                if parts.debuggee.session.status not in ENDED:
                    await parts.debuggee.session.detach()
        await self._leave()
        asyncio.get_running_loop().call_soon(self.connection.ended.set)

    async def _terminate(self, _: Body) -> None:
        await self._inside().debuggee.cancel()

    async def _restart(self, given: Body) -> None:
        """The same again, with the code as it is now."""
        again = given.get("arguments")
        parts = self._parts
        if parts is not None:
            parts.telling.connection = Silent()
            await parts.debuggee.cancel()
            for name, body in parts.telling.threads.clear():
                self.connection.event(name, body)
        await self._leave()
        if self._launch is not None:
            self._launch = {**self._launch, **(again or {})}
        elif self._attach is not None:
            self._attach = {**self._attach, **(again or {})}
        raise Later(self._begin(again=True))

    async def _leave(self) -> None:
        watch, self._watch = self._watch, None
        if watch is not None:
            watch.cancel()
            with suppress(asyncio.CancelledError):
                await watch
        parts, self._parts = self._parts, None
        if parts is not None:
            parts.telling.connection = Silent()
            await parts.debuggee.close()
        server, self._server = self._server, None
        if server is not None:
            await server.end()

    async def _until_lost(self, parts: Parts) -> None:
        """Until the server has gone for good; then the debugging has ended, and why is said."""
        lost = asyncio.create_task(parts.debuggee.until_lost())
        waited = {lost}
        if self._server is not None:
            waited.add(asyncio.create_task(self._server.until_ended()))
        try:
            done, _ = await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
            said = done.pop().result()
        finally:
            for one in waited:
                one.cancel()
        if said is not None:
            self.connection.output(f"! {said}\n", "important")
            parts.telling.over(1)

    def _begun(self) -> bool:
        return self._parts is not None

    def _inside(self) -> Parts:
        if self._parts is None:
            raise DapError("nothing is debugged: `launch` or `attach` comes first")
        return self._parts


def _token(given: Body) -> str | None:
    """What `attach` says of who calls: None where the environment says it. Raises `DapError`, which does not show it."""
    token, file = given.get("token"), given.get("tokenFile")
    if file is not None:
        try:
            token = Path(str(file)).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise DapError(f"`tokenFile` cannot be read: {error}") from error
    if token is None or not str(token).strip():
        return None
    try:
        return checked(str(token))
    except ValueError as error:
        raise DapError(f"{'`token`' if file is None else file}: {error}") from error
