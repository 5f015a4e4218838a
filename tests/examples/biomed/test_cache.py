"""Cached answers: valid for their time, bounded in number, never in the way."""

from __future__ import annotations

from pathlib import Path

import pytest

from examples.biomed.services.cache import Cache, key_of


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def _cache(tmp_path: Path, clock: Clock, **options: float) -> Cache:
    wanted = {"ttl_s": 60, "max_entries": 3, **options}
    return Cache(tmp_path / "answers.sqlite3", clock=clock, **wanted)  # type: ignore[arg-type]


async def test_an_answer_is_kept_until_its_time_is_over(tmp_path: Path, clock: Clock) -> None:
    cache = _cache(tmp_path, clock)
    assert await cache.put("a", {"records": [1]})
    clock.now += 59
    assert await cache.get("a") == {"records": [1]}
    clock.now += 1
    assert await cache.get("a") is None


async def test_it_outlives_the_process(tmp_path: Path, clock: Clock) -> None:
    await _cache(tmp_path, clock).put("a", {"x": "é"})
    assert await _cache(tmp_path, clock).get("a") == {"x": "é"}


async def test_the_oldest_answers_go_first(tmp_path: Path, clock: Clock) -> None:
    cache = _cache(tmp_path, clock)
    for name in "abcd":
        clock.now += 1
        await cache.put(name, {"name": name})
    assert [await cache.get(name) is not None for name in "abcd"] == [False, True, True, True]


async def test_no_lifetime_is_no_cache(tmp_path: Path, clock: Clock) -> None:
    cache = _cache(tmp_path, clock, ttl_s=0)
    assert not await cache.put("a", {})
    assert await cache.get("a") is None
    assert not (tmp_path / "answers.sqlite3").exists()


async def test_a_place_that_cannot_be_written_is_a_miss(tmp_path: Path, clock: Clock) -> None:
    (tmp_path / "file").write_text("in the way")
    cache = Cache(tmp_path / "file" / "x.sqlite3", ttl_s=60, max_entries=3, clock=clock)
    assert not await cache.put("a", {})
    assert await cache.get("a") is None


async def test_a_broken_file_heals(tmp_path: Path, clock: Clock) -> None:
    (tmp_path / "answers.sqlite3").write_bytes(b"this is not a database" * 100)
    cache = _cache(tmp_path, clock)
    assert await cache.get("a") is None
    assert await cache.put("a", {"x": 1})
    assert await cache.get("a") == {"x": 1}


def test_keys_tell_servers_tools_and_arguments_apart() -> None:
    base = key_of("s", "t", {"a": 1, "b": [2]})
    assert base == key_of("s", "t", {"b": [2], "a": 1})
    others = [key_of("x", "t", {"a": 1, "b": [2]}), key_of("s", "x", {"a": 1, "b": [2]})]
    assert base not in [*others, key_of("s", "t", {"a": 1, "b": [3]})]
