"""Cursors of lists and feeds: the place of a page's last row, as a text that nobody reads anything off.

A place is a number over all owners' sessions: read, it would tell how many others have. So it is hidden by a key of the
store's, and a cursor is its owner's only. The same place of the same list is the same text.
"""

import base64
import binascii
import hashlib
import hmac

from msgspec import Struct

from protocol.errors import INVALID_PARAMS, ProtocolError

NONCE_BYTES = 8
TAG_BYTES = 8


class Kind(Struct, frozen=True):
    """What a cursor is of: `size` bytes hold its places, which no two kinds share. `name`: for a person."""

    size: int
    name: str


LIST = Kind(8, "`next_cursor` of `session.list`")
FEED = Kind(16, "`cursor` of `session.watch` or `session.changed`")


def write_cursor(place: int, secret: bytes, owner: str | None, kind: Kind = LIST) -> str:
    """`secret`: the store's. `owner`: whose list it is of; None for everybody's."""
    # Of the place itself (a synthetic one, as in RFC 5297): two places never share one.
    nonce = _keyed(b"once" + place.to_bytes(kind.size), secret, owner, NONCE_BYTES)
    hidden = _masked(place.to_bytes(kind.size), nonce, secret, owner)
    text = nonce + hidden + _tag(nonce + hidden, secret, owner)
    return base64.urlsafe_b64encode(text).decode()


def read_cursor(text: str, secret: bytes, owner: str | None, kind: Kind = LIST) -> int:
    """The place. Raises `ProtocolError` (invalid params) for what is no cursor of this list."""
    try:
        given = base64.b64decode(text.encode(), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        given = b""
    nonce, hidden = given[:NONCE_BYTES], given[NONCE_BYTES : NONCE_BYTES + kind.size]
    tag = given[NONCE_BYTES + kind.size :]
    if len(hidden) < kind.size or not hmac.compare_digest(tag, _tag(nonce + hidden, secret, owner)):
        raise ProtocolError(INVALID_PARAMS, f"not a {kind.name}", path="$.cursor")
    return int.from_bytes(_masked(hidden, nonce, secret, owner))


def _masked(value: bytes, nonce: bytes, secret: bytes, owner: str | None) -> bytes:
    mask = _keyed(b"mask" + nonce, secret, owner, len(value))
    return bytes(one ^ other for one, other in zip(value, mask, strict=True))


def _tag(text: bytes, secret: bytes, owner: str | None) -> bytes:
    return _keyed(b"tag." + text, secret, owner, TAG_BYTES)


def _keyed(text: bytes, secret: bytes, owner: str | None, size: int) -> bytes:
    # No owner's name has a control character.
    whose = b"\0" if owner is None else owner.encode()
    return hashlib.blake2b(
        text + whose, key=secret, digest_size=size, person=b"stepwire.cursor"
    ).digest()
