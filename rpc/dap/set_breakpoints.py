"""What a session has of one client's breakpoints, beside those of other debuggers at it."""

from collections.abc import Mapping
from typing import Any

from rpc.client import RpcError
from rpc.dap.debuggee import Debuggee

Key = tuple[str, str | None]
"""A node's path and None, or that of a (sub)graph and a channel of its state."""

Fields = dict[str, Any]
"""Condition, hit count and log text."""

NAMES = ("enabled", "condition", "hit_count", "log")


class SetBreakpoints:
    """Sets and removes them. What another debugger has changed since is that one's, and left alone."""

    def __init__(self) -> None:
        # What the session has of ours, and what stood there before: None where nothing did.
        self._set: dict[Key, Fields] = {}
        self._before: dict[Key, Fields | None] = {}
        # What the session was asked for, and has not told yet.
        self._asked: dict[Key, list[Fields | None]] = {}
        # What another has changed or removed: what we wanted there, and what is to be said of it.
        self._lost: dict[Key, tuple[Fields, str, bool]] = {}

    def started(self, fields: Mapping[Key, Fields]) -> None:
        """A session of our own has these, and no others."""
        for one in (self._before, self._asked, self._lost):
            one.clear()
        self._set = dict(fields)

    def again(self) -> None:
        """All are to be set again, in a graph that was loaded anew."""
        self._set.clear()
        self._asked.clear()

    def lost(self, key: Key) -> tuple[str, bool] | None:
        """What another has made of it, for a person, and whether it is there at all; None where it is as it was set."""
        found = self._lost.get(key)
        return None if found is None else found[1:]

    async def apply(self, debuggee: Debuggee, wanted: Mapping[Key, Fields]) -> dict[Key, str]:
        """Let the session have these and no others of ours; why it does not take some. Raises `ClientError`."""
        for key in [one for one, (fields, *_) in self._lost.items() if wanted.get(one) != fields]:
            del self._lost[key]
            self._before.pop(key, None)
        for key in [one for one in self._set if one not in wanted]:
            del self._set[key]
            await self._put(debuggee, key, self._before.pop(key, None))
        new = {
            key: fields
            for key, fields in wanted.items()
            if key not in self._lost and self._set.get(key) != fields
        }
        if any(key not in self._before for key in new if key not in self._set):
            standing = await _standing(debuggee)
            for key in new:
                if key not in self._set:
                    self._before.setdefault(key, standing.get(key))
        failed = {}
        for key, fields in new.items():
            earlier = self._set.get(key)
            self._set[key] = fields
            try:
                await self._put(debuggee, key, _whole(fields))
            except RpcError as error:
                del self._set[key]
                if earlier is not None:
                    self._set[key] = earlier
                if error.type not in ("invalid_params", "node_not_found"):
                    raise
                failed[key] = error.detail
        return failed

    async def _put(self, debuggee: Debuggee, key: Key, fields: Fields | None) -> None:
        """Its event comes before or after the answer."""
        asked = self._asked.setdefault(key, [])
        asked.append(fields)
        session = debuggee.session.session_id
        try:
            if fields is not None:
                await debuggee.client.call(
                    "debug.setBreakpoint", session_id=session, **named(key), **fields
                )
                return
            answer = await debuggee.call("debug.removeBreakpoint", **named(key))
            if not answer["removed"]:
                asked.remove(fields)
        except RpcError:
            asked.remove(fields)
            raise

    def take(self, data: Mapping[str, Any], wanted: Mapping[Key, Fields]) -> Key | None:
        """A `debug.breakpoint` of the session: the key, where another debugger has made something else of ours."""
        key = data["node_name"], data["channel"]
        if data["channel"] is None and data["when"] != "before":
            return None
        now = None if data["change"] == "removed" else {name: data[name] for name in NAMES}
        asked = self._asked.get(key)
        if asked and asked[0] == now:
            asked.pop(0)
            return None
        fields = wanted.get(key)
        if fields is None or (key not in self._set and key not in self._lost):
            return None
        if now == _whole(fields):
            # It is again what it was.
            self._set[key] = fields
            return None if self._lost.pop(key, None) is None else key
        self._set.pop(key, None)
        self._lost[key] = fields, _said(now), now is not None
        return key


async def _standing(debuggee: Debuggee) -> dict[Key, Fields]:
    """What the session has, whoever has set it."""
    found = await debuggee.call("debug.breakpoints")
    return {
        (one["node_name"], one["channel"]): {name: one[name] for name in NAMES}
        for one in found["breakpoints"]
        if one["channel"] is not None or one["when"] == "before"
    }


def named(key: Key) -> dict[str, Any]:
    """As the protocol names it."""
    node, channel = key
    if channel is None:
        return {"node_name": node}
    return {"channel": channel, **({"node_name": node} if node else {})}


def _whole(fields: Mapping[str, Any]) -> Fields:
    return {"enabled": True, **fields}


def _said(now: Mapping[str, Any] | None) -> str:
    if now is None:
        return "another debugger has removed it"
    parts = [] if now["enabled"] else ["disabled"]
    if now["condition"] is not None:
        parts.append(f"condition {now['condition']}")
    if now["hit_count"] is not None:
        parts.append(f"hit count {now['hit_count']}")
    if now["log"] is not None:
        parts.append(f"log message {now['log']}")
    return f"another debugger has changed it: {', '.join(parts) or 'it always stops'}"
