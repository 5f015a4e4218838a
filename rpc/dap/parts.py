"""What belongs to one debuggee, put together."""

from rpc.dap.breakpoints import Breakpoints
from rpc.dap.connection import Body, Connection
from rpc.dap.console import Console
from rpc.dap.debuggee import Debuggee
from rpc.dap.looking import Looking
from rpc.dap.moving import Moving
from rpc.dap.telling import Telling
from rpc.dap.threads import Threads


class Parts:
    """`client`: what it said of itself at `initialize`. `ends`: whether the end of the run is that of the debugging."""

    def __init__(
        self,
        debuggee: Debuggee,
        connection: Connection,
        client: Body,
        breakpoints: Breakpoints,
        *,
        ends: bool,
    ) -> None:
        self.debuggee = debuggee
        self.telling = Telling(connection, Threads(), breakpoints, debuggee.sources, ends=ends)
        self.telling.shows_progress = bool(client.get("supportsProgressReporting"))
        self.telling.refreshes = bool(client.get("supportsInvalidatedEvent"))
        self.telling.files = {
            path: (node.file, node.first_line) for path, node in debuggee.sources.nodes.items()
        }
        self.looking = Looking(debuggee, self.telling)
        self.moving = Moving(debuggee, self.telling, self.looking)
        self.console = Console(debuggee, self.telling, self.looking, self.moving)


class Silent(Connection):
    """Nobody is told any more."""

    def __init__(self) -> None:
        super().__init__(lambda _: None)
