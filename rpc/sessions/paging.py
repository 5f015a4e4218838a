"""`session.list`'s cursor: the place of a page's last row, as an opaque text."""

import base64
import binascii

from protocol.errors import INVALID_PARAMS, ProtocolError


def write_cursor(place: int) -> str:
    return base64.urlsafe_b64encode(f"before:{place}".encode()).decode()


def read_cursor(text: str) -> int:
    try:
        kind, _, place = base64.urlsafe_b64decode(text.encode()).decode().partition(":")
        if kind != "before" or not place.isascii() or not place.isdigit() or len(place) > 15:
            raise ValueError(text)
        return int(place)
    except (ValueError, binascii.Error) as error:
        raise ProtocolError(
            INVALID_PARAMS, "not a `next_cursor` of `session.list`", path="$.cursor"
        ) from error
