"""The cursor of a list: of its list only, and nobody reads off it how many sessions others have."""

import base64

import pytest

from protocol.errors import ProtocolError
from rpc.sessions.paging import read_cursor, write_cursor

SECRET, OTHER = b"a" * 32, b"b" * 32


@pytest.mark.parametrize("place", [0, 1, 255, 10**12, 2**63 - 1])
@pytest.mark.parametrize("owner", ["alice", "local", None])
def test_it_comes_back(place: int, owner: str | None) -> None:
    assert read_cursor(write_cursor(place, SECRET, owner), SECRET, owner) == place


def test_it_tells_nothing() -> None:
    """Neighbours have nothing in common, nor have two owners' of one place. Of one place and owner it is the same."""
    places = [*range(100), *range(100)]
    found = [base64.urlsafe_b64decode(write_cursor(n, SECRET, "alice")) for n in places]
    others = [base64.urlsafe_b64decode(write_cursor(n, SECRET, "bob")) for n in range(100)]
    assert found[:100] == found[100:]
    assert len({len(one) for one in [*found, *others]}) == 1
    for part in (slice(0, 8), slice(8, 16), slice(16, 24)):
        assert len({one[part] for one in [*found[:100], *others]}) == 200


def test_it_is_its_owners_and_its_servers() -> None:
    cursor = write_cursor(7, SECRET, "alice")
    for secret, owner in ((SECRET, "bob"), (SECRET, None), (OTHER, "alice")):
        with pytest.raises(ProtocolError):
            read_cursor(cursor, secret, owner)
    for wrong in ("", "x", cursor[:-4], cursor + "AAAA", "é", "YmVmb3JlOjc=", cursor.lower()):
        with pytest.raises(ProtocolError):
            read_cursor(wrong, SECRET, "alice")
