"""What a client asks for that comes back to a thread over another socket, and what it is told of the graphs meanwhile."""

import uuid
from typing import Any

from msgspec import Struct, structs

from rpc.transports.langgraph.subscriptions import Subscription, place, restored, subscription

Made = dict[str, Any]


class Wanted(Struct, frozen=True):
    """Subscriptions that are to go on. `subscriptions`: by their ids; None where one of the ids is unknown.

    `run_id`: a run of the thread, where the client names one. `seen`: the number of the last of the session's events of which it
    has seen something; 0 for none. `behind`: its `since`, where it named what it wants in place of ids, as LangGraph's server takes it.
    """

    subscriptions: dict[str, Subscription] | None
    run_id: str | None
    seen: int
    behind: int | None = None


def wanted(given: Any, room: int) -> Wanted:
    """Of a `subscription.reconnect`. `room`: how many `seq` each of the session's events has. Raises `ValueError`."""
    params = given if isinstance(given, dict) else {}
    if "channels" in params:
        return _described(params, room)
    run_id, last = params.get("run_id"), params.get("last_event_id")
    names = params.get("subscriptions")
    names = [] if names is None else names
    if not isinstance(run_id, str):
        raise ValueError(
            "subscription.reconnect requires a run_id with subscriptions, or channels with since"
        )
    if not isinstance(names, list) or not all(isinstance(one, str) for one in names):
        raise ValueError("subscriptions are ids, texts")
    if last is not None and not isinstance(last, str):
        raise ValueError("a last_event_id is a text")
    after = None if last is None else place(last)
    seen = 0 if after is None else after[0]
    found: dict[str, Subscription] = {}
    for name in names:
        try:
            found[name] = structs.replace(restored(name), after=after)
        except ValueError:
            return Wanted(None, run_id, seen)
    return Wanted(found, run_id, seen)


def _described(params: Made, room: int) -> Wanted:
    described = subscription(params)
    if described.since < 0:
        raise ValueError("subscription.reconnect with channels requires since, a number from 0 on")
    name = params.get("subscription_id")
    name = name if isinstance(name, str) and name else str(uuid.uuid4())
    return Wanted({name: described}, None, described.since // room, described.since)


class Namespaces:
    """Which graphs there are, and how each is, as a thread's events tell it."""

    def __init__(self) -> None:
        self.root: str | None = None
        # Those that are not over, by namespace.
        self.inside: dict[tuple[str, ...], str] = {}

    def take(self, event: Made) -> None:
        """The next of the thread's events."""
        if event["method"] != "lifecycle":
            return
        status, where = event["params"]["data"]["event"], tuple(event["params"]["namespace"])
        if where:
            self.inside[where] = status
            if status in ("completed", "failed"):
                del self.inside[where]
            return
        self.root = status
        if status in ("completed", "failed"):
            self.inside.clear()
        # What stands in it stands, and goes on, with it.
        self.inside = dict.fromkeys(self.inside, status)

    @property
    def told(self) -> list[Made]:
        """As the protocol has them."""
        entries: dict[tuple[str, ...], str] = {} if self.root is None else {(): self.root}
        entries |= self.inside
        return [{"namespace": list(where), "status": status} for where, status in entries.items()]
