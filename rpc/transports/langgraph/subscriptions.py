"""Which of a thread's events a client of the agent streaming protocol wants, and from where on."""

import re
import uuid
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import Struct

CHANNELS = frozenset(
    {
        "values",
        "updates",
        "messages",
        "tools",
        "custom",
        "lifecycle",
        "input",
        "tasks",
        "checkpoints",
    }
)
"""What can be subscribed to, beside `custom:<name>`."""


class Subscription(Struct, frozen=True):
    """Which events are wanted. `namespaces`: beginnings of theirs; `depth`: how far below. `since`: those behind this `seq`.

    `after`: those behind this event, as `place` has it.
    """

    channels: frozenset[str]
    namespaces: tuple[tuple[str, ...], ...] = ()
    depth: int | None = None
    since: int = -1
    after: tuple[int, int] | None = None

    def wants(self, event: dict[str, Any]) -> bool:
        """Whether the event is one of them."""
        if event["seq"] <= self.since or not self._channel(event):
            return False
        if self.after is not None and place(event["event_id"]) <= self.after:
            return False
        inside = event["params"]["namespace"]
        return not self.namespaces or any(
            begins(inside, one) and (self.depth is None or len(inside) - len(one) <= self.depth)
            for one in self.namespaces
        )

    def _channel(self, event: dict[str, Any]) -> bool:
        method = "input" if event["method"] == "input.requested" else event["method"]
        if method in self.channels:
            return True
        data = event["params"]["data"]
        name = data.get("name") if method == "custom" and isinstance(data, dict) else None
        return name is not None and f"custom:{name}" in self.channels


def place(event_id: str) -> tuple[int, int]:
    """An event's place among a thread's: the number of the session's event, and which of those that it became. Raises `ValueError`."""
    if re.fullmatch(r"[0-9]{1,18}-[0-9]{1,18}", event_id) is None:
        raise ValueError(f"there is no event {event_id!r}")
    seq, index = event_id.split("-")
    return int(seq), int(index)


def named(wanted: Subscription) -> str:
    """An id for it, no two the same. It says what is wanted: any server restores it, also after a restart."""
    fields = {
        "channels": sorted(wanted.channels),
        "namespaces": wanted.namespaces,
        "depth": wanted.depth,
        "since": None if wanted.since < 0 else wanted.since,
    }
    said = {name: value for name, value in fields.items() if value or value == 0}
    return f"{uuid.uuid4()}.{urlsafe_b64encode(msgspec.json.encode(said)).decode().rstrip('=')}"


def restored(name: str) -> Subscription:
    """What an id stands for. Raises `ValueError`: it is none of ours."""
    _, _, said = name.partition(".")
    try:
        fields = msgspec.json.decode(urlsafe_b64decode(said + "=" * (-len(said) % 4)))
    except (ValueError, RecursionError) as error:
        raise ValueError(f"there is no subscription {name!r}") from error
    return subscription(fields)


def subscription(given: Any) -> Subscription:
    """Of a request's fields. Raises `ValueError`."""
    fields = given if isinstance(given, dict) else {}
    channels = fields.get("channels")
    if not isinstance(channels, list) or not channels:
        raise ValueError("channels is required and must be a non-empty array")
    for one in channels:
        custom = isinstance(one, str) and one.startswith("custom:") and len(one) > 7
        if not custom and (not isinstance(one, str) or one not in CHANNELS):
            raise ValueError(
                f"there is no channel {one!r}; there are {', '.join(sorted(CHANNELS))} and custom:<name>"
            )
    places = fields.get("namespaces") or []
    if not isinstance(places, list) or not all(
        isinstance(one, list) and all(isinstance(part, str) for part in one) for one in places
    ):
        raise ValueError("namespaces are arrays of texts")
    depth, since = (_number(fields, name) for name in ("depth", "since"))
    return Subscription(
        frozenset(channels),
        tuple(tuple(one) for one in places),
        depth,
        -1 if since is None else since,
    )


def _number(fields: dict[str, Any], name: str) -> int | None:
    value = fields.get(name)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError(f"{name} is a number from 0 on")
    return value


def begins(place: Sequence[str], prefix: Sequence[str]) -> bool:
    """Whether a namespace begins so; a part without an id is any task of that name."""
    return len(prefix) <= len(place) and all(
        there == one or there.partition(":")[0] == one
        for there, one in zip(place, prefix, strict=False)
    )
