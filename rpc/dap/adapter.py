"""The adapter: the requests of one client, and what each does."""

import asyncio
import uuid
from collections.abc import Awaitable
from contextlib import suppress
from typing import Any, TypeVar

from protocol.sessions import ENDED
from rpc.client import RpcError
from rpc.client.errors import ClientError
from rpc.dap.arguments import mistake
from rpc.dap.attributes import ATTACH, LAUNCH, mistyped
from rpc.dap.breakpoint_requests import BreakpointRequests
from rpc.dap.breakpoints import Breakpoints
from rpc.dap.capabilities import CAPABILITIES
from rpc.dap.connection import Body, Connection, DapError, Handler, Later
from rpc.dap.debuggee import Debuggee
from rpc.dap.launching import Server
from rpc.dap.move_requests import MoveRequests
from rpc.dap.parts import Parts, Silent
from rpc.dap.reaching import own, starts, there
from rpc.dap.stop_requests import StopRequests

END_SECONDS = 5.0
"""How long a server may take to be told that its session is left or ended: an editor that stops waits for it."""


class Adapter:
    """Serves one client."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.breakpoints = Breakpoints()
        self._client: Body = {}
        self._server: Server | None = None
        # What is debugged, as the client gave it; None before, and after it could not begin.
        self._given: Body | None = None
        self._launches = False
        # It was ended by the client, who may still ask what it wanted to know before.
        self._parted = False
        self._beginning: asyncio.Task[None] | None = None
        self._configured = asyncio.Event()
        self._parts: Parts | None = None
        # What tells it from the others who debug the same session, for as long as it is there.
        self._number = uuid.uuid4().hex[:8]
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
            **MoveRequests(self._inside).handlers,
        }

    async def close(self) -> None:
        """The client has gone: end the server where it is the adapter's own; a joined session stays as it is."""
        await self._leave()

    # Beginning and end

    async def _initialize(self, given: Body) -> Body:
        if given.get("pathFormat") not in (None, "path"):
            raise DapError(
                f"files are named by paths here: `pathFormat` {given['pathFormat']!r} is not served"
            )
        self._client = given
        return dict(CAPABILITIES)

    async def _launched(self, given: Body) -> Body | None:
        self._take(given, launch=True)
        raise Later(self._begin())

    async def _attached(self, given: Body) -> Body | None:
        if not given.get("url"):
            raise DapError("`url` is missing: the server's address, such as http://127.0.0.1:8000")
        self._take(given, launch=False)
        raise Later(self._begin())

    def _take(self, given: Body, *, launch: bool) -> None:
        if self._given is not None:
            raise DapError(
                "this adapter debugs already: `restart` begins that anew, `disconnect` ends it"
            )
        # Clients give null for what they leave out.
        self._given = {name: value for name, value in given.items() if value is not None}
        self._launches = launch
        for said in mistyped(given, LAUNCH if launch else ATTACH):
            self.connection.output(f"! {said}\n", "important")
        # One that came before counts for nothing: `initialized` asks for the configuration.
        self._configured.clear()

    async def _begin(self, *, again: bool = False) -> Body | None:
        """The answer to `launch` or `attach`: when the session is there. `again`: what was configured stays so."""
        self._beginning = asyncio.create_task(self._session(again=again))
        try:
            await self._beginning
        except BaseException as error:
            told = self._given is not None
            self._given = None
            await self._leave()
            if told:
                self.connection.event("terminated")
            task = asyncio.current_task()
            if isinstance(error, asyncio.CancelledError) and task and not task.cancelling():
                raise DapError("it was ended before it had begun") from error
            raise
        return None

    async def _session(self, *, again: bool) -> None:
        given = _there(self._given)
        self.stops.off = bool(given.get("noDebug"))
        session_id = None
        if self._launches:
            server = self._server = await Server.started(given, self.connection.output)
            debuggee = await own(server, given, self._on_connection)
        else:
            debuggee, session_id = await there(given, self._on_connection)
        ends = session_id is None
        self._parts = Parts(debuggee, self.connection, self._client, self.breakpoints, ends=ends)
        if again:
            self.stops.told(self.breakpoints.resolved(debuggee.sources), debuggee)
        else:
            self.connection.event("initialized")
            await self._while_alive(self._configured.wait())
        if session_id is None:
            await self._while_alive(self._start(debuggee, given))
        else:
            # A restart is of this one, though there may be a newer one by then.
            given["sessionId"] = session_id
            await self._join(debuggee, session_id)
        self._watch = asyncio.create_task(self._until_lost(self._inside()))

    async def _while_alive(self, work: Awaitable[Any]) -> None:
        """As long as the server is there, where it is the adapter's own. Raises `DapError` where it ends."""
        await (work if self._server is None else self._server.while_alive(work))

    async def _join(self, debuggee: Debuggee, session_id: str) -> None:
        telling = self._inside().telling
        debugs = not self.stops.off
        before, others = await debuggee.join(
            session_id, telling.take, self._debugger_id, debugs=debugs
        )
        if others:
            self.connection.output(
                f"this session is debugged by {_named(others)} too, and let go when the last has left\n"
            )
            await self.stops.joined(debuggee)
        for task in await debuggee.running():
            telling.runs(*task)
        await self.stops.apply(debuggee)
        await self.stops.break_on_errors(debuggee)
        await debuggee.session.look()
        if debuggee.session.status in ("paused", "waiting"):
            telling.found(debuggee.session.tasks, before.interrupts)

    async def _start(self, debuggee: Debuggee, given: Body) -> None:
        telling = self._inside().telling
        while True:
            try:
                await debuggee.start(
                    given,
                    self.breakpoints.at_start(),
                    telling.take,
                    self._debugger_id,
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
        if not self.stops.off:
            self.breakpoints.started()
        self.stops.started()

    async def _configuration_done(self, _: Body) -> None:
        self._configured.set()

    async def _disconnect(self, given: Body) -> None:
        """It ends in any case: an editor that stops is not kept by a server that does not answer."""
        terminates = given.get("terminateDebuggee")
        # The end of this is told by the answer.
        self._given = None
        self._parted = True
        self._give_up()
        parts = self._parts
        if parts is not None and parts.debuggee.has_session:
            if self._launches if terminates is None else terminates:
                await self._told(self._end(parts.debuggee), "ended")
            elif not (given.get("suspendDebuggee") or self._launches or self.stops.off):
                await self._told(self._detach(parts.debuggee), "left")
        await self._leave()
        asyncio.get_running_loop().call_soon(self.connection.ended.set)

    @property
    def _debugger_id(self) -> str:
        """As whom it debugs sessions: the same where it comes back, or begins anew."""
        name = self._client.get("clientName") or self._client.get("clientID") or "dap"
        return f"{str(name)[:100]} {self._number}"

    async def _detach(self, debuggee: Debuggee) -> None:
        """Take back what this has set; who else debugs the session goes on with it as it stands."""
        await self.stops.leave(debuggee)
        left = await debuggee.detach()
        if left is not None and left.status not in ENDED:
            self.connection.output(
                f"the session is left to {_named(left.debuggers)}, as it stands\n"
                if left.debuggers
                else "nobody debugs the session any more: it is let go\n"
            )

    async def _end(self, debuggee: Debuggee) -> None:
        """End the run, and debug its session no more, where that lasts longer than this."""
        await debuggee.cancel()
        if debuggee.has_session and not (self._launches or self.stops.off):
            await debuggee.detach()

    async def _told(self, work: Awaitable[None], what: str) -> None:
        """Carry out what the server is told at the end, where it can be told."""
        if self._server is not None:
            self._server.wake()
        try:
            async with asyncio.timeout(END_SECONDS):
                await work
        except (TimeoutError, ClientError) as error:
            why = str(error) or f"no answer in {END_SECONDS:g} s"
            if self._server is not None:
                self._server.hangs = True
            said = f"! the server could not be told that the session is {what}: {why}\n"
            self.connection.output(said, "important")

    async def _terminate(self, _: Body) -> None:
        if self._give_up():
            return
        parts = self._inside()
        parts.telling.ends = True
        if parts.debuggee.session.status in ENDED:
            parts.telling.over(0)
            return
        if self._server is not None:
            self._server.wake()
        try:
            async with asyncio.timeout(END_SECONDS):
                await parts.debuggee.cancel()
        except TimeoutError as error:
            raise DapError(
                f"no answer from the server in {END_SECONDS:g} s; `disconnect` ends the debugging without it"
            ) from error

    def _give_up(self) -> bool:
        """End a beginning that is under way; whether there was one."""
        if self._beginning is None or self._beginning.done():
            return False
        self._beginning.cancel()
        return True

    async def _restart(self, given: Body) -> None:
        """The same again, with the code as it is now; a session that was joined is joined anew."""
        before = _there(self._given)
        if self._beginning is not None and not self._beginning.done():
            raise DapError("it has not begun yet: `terminate` ends that")
        again = {**before, **(given.get("arguments") or {})}
        if (wrong := mistake("launch" if self._launches else "attach", again)) is not None:
            raise DapError(wrong)
        parts = self._parts
        if parts is not None:
            parts.telling.connection = Silent()
            if starts(before, launch=self._launches):
                await self._told(self._end(parts.debuggee), "ended")
            elif not self.stops.off and (
                starts(again, launch=False) or again.get("sessionId") != before.get("sessionId")
            ):
                await self._told(self._detach(parts.debuggee), "left")
            for name, body in parts.telling.threads.clear():
                self.connection.event(name, body)
        await self._leave()
        self._given = {name: value for name, value in again.items() if value is not None}
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
        if self._server is not None:
            # Known until it has ended: who is cut off here leaves the rest to the next one.
            await self._server.end()
            self._server = None

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

    def _on_connection(self, why: str | None) -> None:
        if self._parts is None or self._parts.telling.is_over:
            return
        said = (
            "the server is there again"
            if why is None
            else "the connection is lost, and tried again"
        )
        self.connection.output(f"! {said}{'' if why is None else f': {why}'}\n", "important")

    def _begun(self) -> bool:
        return self._parts is not None

    def _inside(self) -> Parts:
        if self._parts is None and self._parted:
            raise DapError("the debugging has ended", shown=False)
        return _there(self._parts)


def _named(debuggers: list[str]) -> str:
    """Who debugs a session, for a person."""
    return ", ".join(one or "a client that gave no name" for one in debuggers)


T = TypeVar("T")


def _there(one: T | None) -> T:
    if one is None:
        raise DapError("nothing is debugged: `launch` or `attach` comes first")
    return one
