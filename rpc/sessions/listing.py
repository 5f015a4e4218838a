"""Which sessions a list is of: from params to what the store is asked. A decision without I/O."""

from datetime import UTC, datetime

from protocol.errors import INVALID_PARAMS, ProtocolError
from protocol.sessions import SessionListParams
from rpc.storage.store import Which


def which(params: SessionListParams) -> Which | None:
    """What is asked beside one status and a text; None if nothing is. Raises `ProtocolError` (invalid params)."""
    found = Which(
        tuple(params.status) if isinstance(params.status, list) else (),
        params.graph,
        _time(params.created_after, "created_after"),
        _time(params.created_before, "created_before"),
        params.id_prefix or None,
        tuple(dict.fromkeys(params.tags or ())),
    )
    return None if found == Which() else found


def _time(text: str | None, name: str) -> int | None:
    """Milliseconds since 1970, of a time as RFC 3339 has it."""
    if text is None:
        return None
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        time = None
    if time is None or "T" not in text.upper():
        raise ProtocolError(
            INVALID_PARAMS, f"{text!r} is no time such as 2026-11-23T09:48:24Z", path=f"$.{name}"
        )
    if time.tzinfo is None:
        time = time.replace(tzinfo=UTC)
    return round(time.timestamp() * 1000)
