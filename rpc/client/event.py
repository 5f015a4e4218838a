"""An event as the client's user gets it."""

from typing import Any

import msgspec

HEADER_FIELDS = ("session_id", "run_id", "seq", "at")


class Event:
    """One event of a session; the protocol's table of events says what each type's `data` holds.

    `type`: such as `node.started`. `session_id`, `run_id`: whose. `seq`: its number in the session.
    `at`: UTC, RFC 3339. `data`: its own fields, decoded when first asked for.
    """

    __slots__ = ("_data", "_params", "at", "run_id", "seq", "session_id", "type")

    def __init__(
        self,
        type: str,
        session_id: str,
        run_id: str,
        seq: int,
        at: str,
        params: "bytes | msgspec.Raw",
    ) -> None:
        self.type = type
        self.session_id = session_id
        self.run_id = run_id
        self.seq = seq
        self.at = at
        # The encoded params, until `data` is asked for.
        self._params: bytes | msgspec.Raw | None = params
        self._data: dict[str, Any] = {}

    @property
    def data(self) -> dict[str, Any]:
        """The fields after the header."""
        if self._params is not None:
            self._data = msgspec.json.decode(self._params)
            for name in HEADER_FIELDS:
                del self._data[name]
            self._params = None
        return self._data

    def as_dict(self) -> dict[str, Any]:
        """All of it, `type` first, its own fields under `data`."""
        header = {name: getattr(self, name) for name in HEADER_FIELDS}
        return {"type": self.type, **header, "data": self.data}

    def __repr__(self) -> str:
        return f"<Event {self.seq} {self.type} of {self.session_id}>"
