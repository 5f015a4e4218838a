"""The newest events in memory: whatever is pushed and asked for, exactly the right events or none."""

from hypothesis import example, given
from hypothesis import strategies as st

from rpc.events.tail import Chunk, Tail


def chunks_of(sizes: list[int], first: int) -> list[Chunk]:
    chunks = []
    for size in sizes:
        events = [b"%d" % number for number in range(first, first + size)]
        chunks.append(Chunk(first, events, sum(map(len, events))))
        first += size
    return chunks


@given(
    sizes=st.lists(st.integers(1, 9), max_size=30),
    before=st.integers(0, 50),
    limit=st.integers(0, 60),
    behind=st.integers(-5, 40),
    read=st.integers(1, 40),
)
# Near the end, behind chunks that are as much as is read at once.
@example(sizes=[5, 5, 5], before=0, limit=60, behind=2, read=1)
def test_a_read_is_exact_or_sent_to_the_store(
    sizes: list[int], before: int, limit: int, behind: int, read: int
) -> None:
    """A reader that got one event too many, too few or in the wrong place has lost or doubled one."""
    tail = Tail(before, limit)
    for chunk in chunks_of(sizes, before + 1):
        tail.push(chunk)
        assert tail.size <= limit
        assert tail.size == sum(one.size for one in tail.chunks)
    last = before + sum(sizes)
    assert tail.last_seq == last
    after = max(0, last - behind)
    found = tail.read(after, read)
    if after >= last:
        assert found == []
    elif found is None:
        oldest = tail.chunks[0].first_seq if tail.chunks else last + 1
        assert after + 1 < oldest
    else:
        assert found == [b"%d" % number for number in range(after + 1, after + 1 + len(found))]
        assert found
        # About as much as was asked for: the chunk that reaches it is the last one.
        assert sum(map(len, found[: -max(sizes)])) < read


def test_the_newest_chunk_may_be_larger_than_the_tail() -> None:
    """One huge event is read from the store; it does not stay in memory past the bound."""
    tail = Tail(0, 10)
    tail.push(Chunk(1, [b"x" * 100], 100))
    assert (tail.size, tail.last_seq) == (0, 1)
    assert tail.read(0, 1000) is None
    assert tail.read(1, 1000) == []


def test_what_was_dropped_is_read_from_the_store() -> None:
    """A session at rest costs its readers' numbers; whoever lags still gets what came before."""
    tail = Tail(0, 1000)
    tail.push(Chunk(1, [b"one", b"two"], 8))
    tail.drop()
    assert (tail.last_seq, tail.size) == (2, 0)
    assert tail.read(0, 100) is None
    assert tail.read(2, 100) == []
    tail.push(Chunk(3, [b"three"], 6))
    assert tail.read(2, 100) == [b"three"]
    assert tail.read(1, 100) is None


def test_what_others_committed_in_between_is_not_here() -> None:
    """Two processes write one session's events: a tail with a hole would skip what the other one wrote."""
    tail = Tail(0, 1000)
    tail.push(Chunk(1, [b"1"], 1))
    tail.push(Chunk(4, [b"4"], 1))
    assert tail.read(0, 1000) is None
    assert tail.read(1, 1000) is None
    assert tail.read(3, 1000) == [b"4"]


def test_what_was_committed_elsewhere_is_read_from_the_store() -> None:
    """Who is at the end must neither wait on nor get the old end again."""
    tail = Tail(0, 1000)
    tail.push(Chunk(1, [b"1"], 1))
    tail.moved(5)
    assert tail.read(1, 1000) is None
    assert tail.read(5, 1000) == []
