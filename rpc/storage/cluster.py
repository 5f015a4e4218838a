"""What nodes that share a store tell each other, and the line of jobs they take from: the seams of a cluster.

A job is one session that is to be advanced. It is put in line and ended by rows of units (`PutJob`, `EndJob`), in the transactions that
make it so: whichever session is queued or running has a job, or is held back. Methods that are no coroutines may be called from any thread; all
raise `StorageError`.
"""

from collections.abc import Callable, Sequence
from typing import Any, Literal, Protocol

from msgspec import Struct

Role = Literal["all", "api", "worker"]
"""What a node does: answer clients, run graphs, or both."""

BEAT_SECONDS = 2.0
"""How often a node says that it lives."""

DEAD_SECONDS = 8.0
"""After how long without a word it is taken for dead."""

GAP_SECONDS = 5.0
"""Only who has heard the store at least so often takes others for dead: where it was the store that was silent, all others were too, and who
lives has said so, at the latest, so long and one beat before."""


class TakenJob(Struct, frozen=True):
    """A job that was taken out of line. `epoch`: the session's when it was told to go.

    `refused`: nodes whose graph could not go on with it; `until`: as long as others may be asked, in milliseconds since 1970.
    """

    session_id: str
    graph: str
    epoch: int
    asker: str = ""
    recovery: str | None = None
    refused: Sequence[str] = ()
    until: int | None = None


class LeftJob(Struct, frozen=True):
    """A session that is to be advanced and nobody does. `epoch`: the session's now, whatever becomes of it under another one.

    `worker`: who was to, in whose place nobody answers; None: there is no job at all.
    """

    session_id: str
    graph: str
    epoch: int
    asker: str = ""
    worker: int | None = None


class GraphNames(Struct, frozen=True):
    """What a graph's code calls its parts. `nodes`: paths at all depths, calls of functions too. `keys`: of the states, with the
    subgraph's path before."""

    nodes: list[str] = []
    keys: list[str] = []


class NodeRow(Struct, frozen=True):
    """A node as it told of itself. Times are milliseconds since 1970, by the store's clock.

    `names`: by graph, where they are asked for or told.
    """

    id: str
    role: Role
    version: str
    graphs: list[str]
    concurrency: int
    running: int
    started_at: int
    seen_at: int
    names: dict[str, GraphNames] = {}


class Beat(Struct, frozen=True):
    """What a node learns when it says that it lives. `worker`: as what it takes jobs; `known`: whether it was still taken for alive.

    `places`: runs at once, of all nodes that live. `nodes`: how many these are. `started_at`: when the node said it first, in
    milliseconds since 1970 by the store's clock; `heard_at`: now.
    """

    worker: int
    known: bool
    places: int
    nodes: int
    started_at: int
    heard_at: int


class Waiting(Struct, frozen=True):
    """How many jobs wait for their turn: of all, and of one asker."""

    all: int
    own: int


class Jobs(Protocol):
    """The line of jobs."""

    def take(self, graphs: Sequence[str], worker: int) -> TakenJob | None:
        """The next job of these graphs, taken by this worker; None where there is none."""

    def take_refused(self, graphs: Sequence[str], worker: int, node_id: str) -> TakenJob | None:
        """The next job of these graphs that nodes refused, but not this one; or, to be tried for the last time, that all did which live."""

    def others(self, graph: str, refused: Sequence[str]) -> bool:
        """Whether a node lives that runs this graph, and is not among those that refused."""

    def try_again(self, node_id: str) -> None:
        """The node's graphs are others now: what it refused, and nobody has taken, it has not refused any more."""

    def claim(self, session_id: str, worker: int) -> TakenJob | None:
        """That session's job, whatever its graph, if it stands in line."""

    def drop(self, session_id: str, worker: int, epoch: int | None = None) -> None:
        """The worker's job of that session is no more. `epoch`: the newest under which it was put in line; None for any."""

    def waiting(self, asker: str) -> Waiting:
        """How many wait."""

    def let_in(self, most: int, most_of_asker: int | None) -> list[str]:
        """Put in line what was held back, as far as there are places for it, as in `PutJob`; of which graphs there is some now."""

    def left(self) -> list[LeftJob]:
        """Jobs of workers that are dead, as `Roll.bury` left them."""

    def held(self, worker: int) -> list[str]:
        """The sessions whose jobs this worker has taken, or was given."""

    def give_back(self, session_id: str, worker: int) -> None:
        """Put the worker's job of that session back in line, where it holds one and none stands there."""

    def lost(self) -> list[LeftJob]:
        """Sessions that are queued or running, without a job."""

    def unserved(self) -> list[tuple[str, str]]:
        """Jobs in line, whose time has come, of graphs that no living node runs: (session, graph) each."""


class Roll(Protocol):
    """The nodes that there are."""

    def beat(self, node: NodeRow, worker: int | None) -> Beat:
        """Say that the node lives; with its `started_at` as it is told, or 0 for the first time. Where `worker` is None or is taken for dead, it gets a new one. Raises `StorageBroken` for one that stores nothing
        any more, such as one that is too old for the store by now."""

    def bury(self, heard_at: int) -> None:
        """Whoever was not heard for `DEAD_SECONDS` is dead from here on, and learns it when it says that it lives: what it has open in the
        store, and holds there, is let go.

        `heard_at`: of the last beat of who asks. Nobody is dead where that is over `GAP_SECONDS` old by then: the store was silent itself.
        """

    def prune(self) -> None:
        """Forget workers that `bury` took for dead, and hold no job any more."""

    def leave(self, node_id: str, worker: int | None) -> None:
        """The node ends, as it was meant to."""

    def nodes(self) -> list[NodeRow]:
        """All that told of themselves within the last minute, the oldest first."""

    def names(self, graph: str, but: str) -> dict[str, GraphNames]:
        """What the code of that graph has, by node, of all that live and run it; `but` one."""

    def up_seconds(self) -> float:
        """For how long the store has answered, as far as itself knows."""


class Note(Struct, frozen=True, omit_defaults=True):
    """What a node tells the others. It may be lost: all that it says is stored.

    `node`: who tells. `events`: the last event by session. `told`: sessions with something new for who advances them. `gone`: sessions
    that were deleted. `jobs`: there is something in line. `hello`: it has come, or it goes.
    """

    node: str
    events: dict[str, int] = {}
    told: list[str] = []
    gone: list[str] = []
    jobs: bool = False
    hello: bool = False


class Bell(Protocol):
    """Tells the other nodes, and hears them."""

    def open(self, hears: Callable[[Note | None], Any]) -> None:
        """From here on `hears` is called, in a thread of the bell's, with what others tell; None: something may have been missed."""

    def ring(self, note: Note) -> None:
        """Tell the others soon, together with what else there is to tell."""

    def close(self) -> None:
        """Tell what is left, and hear no more."""


class SharedLine(Struct, frozen=True):
    """What nodes share beside their store."""

    jobs: Jobs
    roll: Roll
    bell: Bell
