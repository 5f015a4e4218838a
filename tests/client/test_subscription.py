"""A subscription's decisions: what is handed over, what is dropped, when the server is asked again."""

from hypothesis import given, settings
from hypothesis import strategies as st

from rpc.client.event import Event
from rpc.client.subscription import State, Subscription


def event(seq: int) -> Event:
    return Event("progress", "s", "r", seq, "", b'{"session_id":"s"}')


def attached(
    after: int = 0, buffer_bytes: int = 1000, types: list[str] | None = None
) -> Subscription:
    subscription = Subscription("s", after, types, buffer_bytes)
    subscription.attaching()
    subscription.attached()
    return subscription


async def taken(subscription: Subscription) -> list[int]:
    return [each.seq for each in await subscription.take()]


async def test_what_came_before_is_dropped() -> None:
    subscription = attached(after=2)
    subscription.offer([event(1), event(2), event(3)], 10)
    subscription.offer([event(3), event(4)], 10)
    assert await taken(subscription) == [3, 4]


async def test_a_gap_asks_the_server_again_and_hands_over_only_what_is_before_it() -> None:
    subscription = attached()
    subscription.offer([event(1), event(3)], 10)
    assert subscription.state is State.DETACHED
    assert subscription.queued == 1
    assert await taken(subscription) == [1]


async def test_leftovers_of_an_earlier_subscription_do_not_ask_again() -> None:
    subscription = Subscription("s", 0, None, 1000)
    subscription.attaching()
    subscription.offer([event(9)], 10)
    assert subscription.state is State.ATTACHING
    subscription.offer([event(1)], 10)
    subscription.attached()
    assert await taken(subscription) == [1]


async def test_with_types_numbers_may_be_missing() -> None:
    subscription = attached(types=["progress"])
    subscription.offer([event(2), event(5)], 10)
    assert await taken(subscription) == [2, 5]
    assert subscription.state is State.ATTACHED


async def test_a_full_buffer_takes_nothing_until_its_reader_has_caught_up() -> None:
    subscription = attached(buffer_bytes=15)
    subscription.offer([event(1)], 10)
    subscription.offer([event(2)], 10)
    assert subscription.state is State.FULL
    subscription.offer([event(3)], 10)
    subscription.parked()
    assert subscription.state is State.PARKED
    assert not subscription.caught_up()
    assert await taken(subscription) == [1, 2]
    assert subscription.caught_up()
    assert subscription.state is State.DETACHED
    assert subscription.queued == 2


def test_a_full_one_stays_parked_when_the_connection_breaks() -> None:
    subscription = attached(buffer_bytes=5)
    subscription.offer([event(1)], 10)
    subscription.disconnected()
    assert subscription.state is State.PARKED


@settings(deadline=None)
@given(st.data())
async def test_every_event_is_handed_over_once_in_order(data: st.DataObject) -> None:
    """Against a server that sends any slices from any place: what is taken is 1, 2, 3 …"""
    subscription = Subscription("s", 0, None, 50)
    seen: list[int] = []
    for _ in range(data.draw(st.integers(1, 30))):
        if subscription.state is State.FULL:
            subscription.parked()
        if subscription.state is State.PARKED:
            seen += await taken(subscription)
            assert subscription.caught_up()
        if subscription.state is State.DETACHED:
            subscription.attaching()
            start = subscription.queued + 1
        else:
            start = data.draw(st.integers(1, subscription.queued + 3))
        subscription.offer([event(start + n) for n in range(data.draw(st.integers(1, 5)))], 10)
        if data.draw(st.booleans()):
            subscription.attached()
        if data.draw(st.integers(0, 9)) == 0:
            subscription.disconnected()
    assert subscription._bytes <= subscription.buffer_bytes + 10
    if subscription._events:
        seen += await taken(subscription)
    assert seen == list(range(1, len(seen) + 1))
    assert len(seen) == subscription.queued
