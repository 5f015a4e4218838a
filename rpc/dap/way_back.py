"""The breakpoint before: at which checkpoint on the way to a stop the session would have stopped."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from rpc.client import RpcError
from rpc.dap.breakpoints import Breakpoints
from rpc.dap.debuggee import Debuggee
from rpc.dap.set_breakpoints import Key
from rpc.json_values import pointed

HISTORY = 1000
"""Checkpoints of a graph that are looked through."""

Checkpoint = Mapping[str, Any]


class Found(NamedTuple):
    """Where a breakpoint was passed: a checkpoint, and the reason of a stop there."""

    checkpoint_id: str
    reason: str


class WayBack:
    """Looks back in one session. Raises `ClientError`."""

    def __init__(self, debuggee: Debuggee, breakpoints: Breakpoints) -> None:
        self.debuggee = debuggee
        self.breakpoints = breakpoints
        # What was read of each graph, once a look back.
        self._histories: dict[str, list[Checkpoint]] = {}

    async def chain(self, place: str, checkpoint_id: str | None = None) -> list[Checkpoint]:
        """The checkpoints of a graph from one of them, or from where it stands, back to its first, the newest first.

        The input, and copies of it, are left out. Where it went back to one, its copy stands in its place.
        """
        known = {one["checkpoint_id"]: one for one in await self._history(place)}
        at = next((one for one in known.values() if one["current"]), None)
        if checkpoint_id is not None:
            at = known.get(checkpoint_id)
        found: list[Checkpoint] = []
        while at is not None:
            if at["current"] or at["next"]:
                found.append(at)
            at = known.get(at["parent_checkpoint_id"])
        return found

    async def before(self, place: str, chain: list[Checkpoint]) -> Found | None:
        """The newest of a graph's checkpoints behind the first at which it would have stopped; None where there is none."""
        stopping = self.breakpoints.stopping()
        for at in range(1, len(chain)):
            for key, fields in stopping.items():
                if await self._stops(place, chain, at, key, fields):
                    reason = "breakpoint" if key[1] is None else "data breakpoint"
                    return Found(chain[at]["checkpoint_id"], reason)
        return None

    def stops_at(self, path: str) -> bool:
        """Whether a node that holds a graph has a breakpoint of its own."""
        return (path, None) in self.breakpoints.stopping()

    async def _stops(
        self, place: str, chain: list[Checkpoint], at: int, key: Key, fields: Mapping[str, Any]
    ) -> bool:
        """Whether one of a graph's checkpoints met a breakpoint, its condition, and its hit count."""
        if not await self._met(place, chain, at, key, fields):
            return False
        hits = 1
        for earlier in range(at + 1, len(chain)):
            if hits >= (fields["hit_count"] or 1):
                break
            hits += await self._met(place, chain, earlier, key, fields)
        return hits >= (fields["hit_count"] or 1)

    async def _met(
        self, place: str, chain: list[Checkpoint], at: int, key: Key, fields: Mapping[str, Any]
    ) -> bool:
        here = chain[at]
        path, channel = key
        if channel is not None:
            passed = path == place and await self._changed(here, channel)
        else:
            names = self.debuggee.sources.names(path)
            graph = names[-2] if len(names) > 1 else ""
            if graph == place:
                passed = _name(path, place) in here["next"]
            else:
                # In a graph that has ended: what can be gone back to is before the node that held it.
                holding = [one for one in names[:-1] if _name(one, place) in here["next"]]
                passed = bool(holding) and await self._inside(
                    graph, _name(path, graph), here, chain[at - 1]
                )
        return passed and await self._holds(fields["condition"], here)

    async def _inside(self, graph: str, name: str, since: Checkpoint, until: Checkpoint) -> bool:
        """Whether a node of a graph came next there between two checkpoints of one around it."""
        return any(
            name in one["next"] and since["created_at"] <= one["created_at"] <= until["created_at"]
            for one in await self._history(graph)
        )

    async def _changed(self, here: Checkpoint, channel: str) -> bool:
        """Whether a channel is another one than in the checkpoint before."""
        diff = await self.debuggee.call("debug.diff", checkpoint_id=here["checkpoint_id"])
        place = pointed("", channel)
        return any(f"{one['path']}/".startswith(f"{place}/") for one in diff["differences"])

    async def _holds(self, condition: str | None, here: Checkpoint) -> bool:
        if condition is None:
            return True
        checkpoint_id = here["checkpoint_id"]
        try:
            found = await self.debuggee.call(
                "debug.evaluate", expression=condition, checkpoint_id=checkpoint_id
            )
        except RpcError as error:
            if error.type != "invalid_params":
                raise
            # It has no value there.
            return False
        return bool(found["value"])

    async def _history(self, place: str) -> list[Checkpoint]:
        if place not in self._histories:
            found = await self.debuggee.call("debug.history", limit=HISTORY, path=place)
            self._histories[place] = found["checkpoints"]
        return self._histories[place]


def _name(path: str, place: str) -> str:
    """What a node in a graph is called there; '' of one that is not in it."""
    if not place:
        return path
    return path[len(place) + 1 :] if path.startswith(f"{place}/") else ""
