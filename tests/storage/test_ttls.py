"""How long sessions are kept of which that is said. A user would lose: what was to stay, or room that what expired still takes."""

from rpc.storage.records import Ttl
from rpc.storage.store import Store
from rpc.storage.units import DeleteSession, PutTtl, Unit
from tests.storage.conftest import Stores
from tests.storage.made import made, one, reason, written


async def test_what_was_said_last_holds(stores: Stores) -> None:
    """Also after a restart; of others nothing was said."""
    store = stores.open()
    store.write([made("a", PutTtl("a", Ttl("delete", 1.5, 90_000))), made("b")])
    written(one(store, Unit("a", [], [PutTtl("a", Ttl("keep_latest", 0.25, 20_000))])))
    for again in stores.now_and_again():
        assert again.ttl("a") == Ttl("keep_latest", 0.25, 20_000)
        assert again.ttl("b") is None
        assert again.ttl("nowhere") is None


async def test_those_whose_time_is_over_are_found(store: Store) -> None:
    """One that runs is not among them: it is removed when it rests."""
    for name, status, at in (
        ("a", "completed", 10),
        ("b", "running", 10),
        ("c", "waiting", 10),
        ("d", "idle", 11),
        ("e", "queued", 10),
    ):
        store.write([made(name, PutTtl(name, Ttl("delete", 1, at)), status=status)])
    store.write([made("kept", status="completed")])
    assert await store.expired(9, 10) == []
    assert await store.expired(10, 10) == ["a", "c"]
    assert await store.expired(11, 10) == ["a", "c", "d"]
    assert await store.expired(11, 1, "a") == ["c"]


async def test_it_goes_with_its_session(store: Store) -> None:
    """One of the same id that is made later is kept as its own maker says; nobody can say it of one that is gone."""
    store.write([made("a", PutTtl("a", Ttl("delete", 1, 10)))])
    store.write([Unit("a", [], [DeleteSession("a")])])
    assert store.ttl("a") is None
    assert reason(one(store, Unit("a", [], [PutTtl("a", Ttl("delete", 1, 10))]))) == "gone"
    both = [made("b", PutTtl("b", Ttl("delete", 1, 10))), Unit("b", [], [DeleteSession("b")])]
    store.write(both)
    for name in ("a", "b"):
        store.write([made(name, status="completed")])
        assert store.ttl(name) is None
    assert await store.expired(10, 10) == []
