"""`session.list`'s cursor: the place of a page's last row, as an opaque text."""

import base64

from protocol.errors import INVALID_PARAMS, ProtocolError
from rpc.storage.records import SessionRecord


def write_cursor(record: SessionRecord) -> str:
    return base64.urlsafe_b64encode(f"{record.created_at}:{record.id}".encode()).decode()


def read_cursor(text: str) -> tuple[int, str]:
    try:
        at, _, session_id = base64.urlsafe_b64decode(text.encode()).decode().partition(":")
        if not 0 <= int(at) < 2**53:
            raise ValueError(at)
        return int(at), session_id
    except ValueError as error:
        raise ProtocolError(
            INVALID_PARAMS, "not a `next_cursor` of `session.list`", path="$.cursor"
        ) from error
