"""Ids are made of bytes that were given to nobody before: two sessions of one id would be one."""

import multiprocessing
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection

from rpc.randomness import random_bytes


def some(_: int = 0) -> list[bytes]:
    return [random_bytes() for _ in range(2_000)]


def send(connection: Connection) -> None:
    connection.send(some())


def test_no_thread_gets_what_another_got() -> None:
    with ThreadPoolExecutor(8) as threads:
        made = [one for part in threads.map(some, range(16)) for one in part]
    assert len(made) == len(set(made)) == 32_000
    assert {len(one) for one in made} == {16}


def test_no_process_gets_what_the_one_that_forked_it_has() -> None:
    here = some()
    mine, theirs = multiprocessing.Pipe()
    child = multiprocessing.get_context("fork").Process(target=send, args=(theirs,))
    child.start()
    there = mine.recv()
    child.join(60)
    assert not set(there) & {*here, *some()}
