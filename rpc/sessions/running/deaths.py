"""Which of the runs that were under way when the server died may have killed it. Decisions without I/O.

A run that comes no further between two deaths is a suspect. Suspects go on one after another, each alone, so that the
next death has one run that was there: only by such a death is a run convicted.
"""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from msgspec import Struct

from protocol.events import EVENT_NAMES, NodeFinished, NodeStarted, StateCheckpoint
from rpc.storage.records import Deaths, RunRecord, SessionRecord

SUSPECT_AFTER = 2
"""Deaths without progress between them that make a suspect: by the first one, all are alike."""

PATIENCE_SECONDS = 10.0
"""How long a suspect of two deaths is left alone; one of three twice as long, and so on."""

_CHECKPOINT = EVENT_NAMES[StateCheckpoint].encode()
_FINISHED = EVENT_NAMES[NodeFinished].encode()
_STARTED = EVENT_NAMES[NodeStarted].encode()


class _Params(Struct):
    at: str = ""
    path: str = ""
    step: int | None = None
    task_id: str = ""
    next: list[str] = []


class _Told(Struct):
    params: _Params


_decoder: msgspec.json.Decoder[_Told] = msgspec.json.Decoder(_Told)


class Way:
    """How far a run came, read off its events: by the last death, and since. `died_at`: the last event before that."""

    def __init__(self, died_at: int) -> None:
        self.died_at = died_at
        self._reached: set[tuple[str, object]] = set()
        # Whether it reached since then what it had not before.
        self.further = False
        self._began = ""
        # The nodes that were to run, as the last superstep of the top graph and what is inside it have them.
        self._open: set[str] = set()

    def take(self, seq: int, kind: bytes, event: bytes) -> None:
        """An event of the run, in their order."""
        if kind not in (_CHECKPOINT, _FINISHED, _STARTED):
            return
        told = _decoder.decode(event).params
        if kind == _STARTED:
            self._began = told.at
            return
        if kind == _CHECKPOINT:
            if told.path == "":
                self._open.clear()
            if told.next:
                # That a node began may not have been committed when it ended the server.
                self._began = told.at
            inside = f"{told.path}/" if told.path else ""
            self._open.difference_update(
                [one for one in self._open if one.startswith(inside) and inside]
            )
            self._open.update(inside + one for one in told.next)
        else:
            self._open.discard(told.path)
        # A graph that a node calls begins anew when that node does, and its tasks get other names: what counts of it is
        # its superstep.
        if kind == _FINISHED and "/" in told.path:
            return
        place = (told.path, told.step) if kind == _CHECKPOINT else ("", told.task_id)
        if place not in self._reached:
            self._reached.add(place)
            self.further = self.further or seq > self.died_at

    @property
    def nodes(self) -> list[str]:
        """Paths of the nodes that ran, or were to: the innermost that are known."""
        return sorted(
            one
            for one in self._open
            if not any(other.startswith(f"{one}/") for other in self._open)
        )

    @property
    def began_ms(self) -> int:
        """When a node began last, or was to, in milliseconds since 1970; 0 where none did."""
        return round(datetime.fromisoformat(self._began).timestamp() * 1000) if self._began else 0


class Found(Struct, frozen=True):
    """A session that a process before this one left queued or running, and its run."""

    session: SessionRecord
    run: RunRecord
    # Paths of the nodes that ran, as far as events tell.
    nodes: Sequence[str] = ()

    @property
    def there(self) -> bool:
        """Whether it ran when that process ended."""
        deaths = self.run.deaths
        return self.session.status == "running" and not (deaths is not None and deaths.held)

    @property
    def count(self) -> int:
        """The deaths while it ran, since it came further last."""
        return 0 if self.run.deaths is None else self.run.deaths.count

    def with_deaths(self, deaths: Deaths | None) -> "Found":
        """The same, with that in its run."""
        return msgspec.structs.replace(self, run=msgspec.structs.replace(self.run, deaths=deaths))


def after_end(found: Found, way: Way, *, died: bool) -> Found:
    """What the end of the process makes of it. `died`: nobody had meant to end that."""
    deaths = None if way.further else found.run.deaths
    if died and found.there:
        count = 1 if deaths is None else deaths.count + 1
        # Later they all begin together.
        began = way.began_ms or found.run.started_at or found.run.created_at
        tried = began if deaths is None or deaths.tried == 0 else deaths.tried
        deaths = Deaths(count, found.session.seq, tried=tried)
    return msgspec.structs.replace(found.with_deaths(deaths), nodes=way.nodes)


class Plan(Struct, frozen=True):
    """Whom not to let go on any more, who goes on alone, in this order, and who when those have."""

    convicted: list[Found]
    suspects: list[Found]
    others: list[Found]


def plan(found: Sequence[Found], limit: int, *, alone: str | None) -> Plan:
    """`limit`: deaths that convict; 0 for none. `alone`: the session that alone was there at a death just now."""
    made = Plan([], [], [])
    for one in found:
        if 0 < limit <= one.count and one.session.id == alone:
            made.convicted.append(one)
        elif one.count >= min(SUSPECT_AFTER, limit or SUSPECT_AFTER):
            made.suspects.append(one)
        else:
            made.others.append(one)
    # Who began last before the death is the likeliest.
    made.suspects.sort(key=lambda one: one.run.deaths.tried if one.run.deaths else 0, reverse=True)
    return made


def patience(count: int) -> float:
    """How many seconds a suspect of so many deaths is left alone."""
    return PATIENCE_SECONDS * 2.0 ** min(max(0, count - SUSPECT_AFTER), 10)
