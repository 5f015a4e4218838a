"""What the fuzz tests share: how much of it, from which seed, and a server that must be as it was afterwards.

By default they take seconds. `make fuzz` sets how much: STEPWIRE_FUZZ_INPUTS frames and requests, STEPWIRE_FUZZ_SEQUENCES of
the session's state machine. The seed is printed at the end; STEPWIRE_FUZZ_SEED runs the same again.
"""

import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from hypothesis import HealthCheck, Phase, settings

from tests.support.memory import rss_bytes
from tests.support.server_process import ServerProcess
from tests.support.stored_logs import check_logs

INPUTS = int(os.environ.get("STEPWIRE_FUZZ_INPUTS", "600"))
SEQUENCES = int(os.environ.get("STEPWIRE_FUZZ_SEQUENCES", "10"))
SEED = int(os.environ.get("STEPWIRE_FUZZ_SEED", "0")) or random.SystemRandom().randrange(1, 2**32)

LONG = INPUTS >= 20_000
"""Whether there is enough of it for memory to be compared."""

GROWTH = 1.05
"""How much more memory than after the first half of its inputs a server may hold; until then its bounded caches fill."""

LONGEST = 65536
"""Bytes of a message that is read."""

GRAPHS = [f"{name}=tests/support/small_graphs.py:{name}" for name in ("greeter", "asking")]


def often(examples: int, **options: Any) -> settings:
    """The settings of a test of so many examples."""
    return settings(
        max_examples=max(1, examples),
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink),
        print_blob=False,
        **options,
    )


def seeded(test: Callable[..., Any]) -> Callable[..., Any]:
    """The test, made from the seed."""
    return hypothesis.seed(SEED)(test)


@pytest.fixture(autouse=True)
def seed_told(record_property: Callable[[str, object], None]) -> None:
    record_property("seed", SEED)


class Fuzzed:
    """A server that is fuzzed."""

    def __init__(self, process: ServerProcess) -> None:
        self.process = process
        # Sessions that it has, the newest last.
        self.ids: list[str] = []
        self.inputs = 0
        # How many it is to be given.
        self.of = 0
        # What it held once it had seen half of its inputs.
        self.first: int | None = None

    def took(self, inputs: int, of: int) -> None:
        """It was given so many more."""
        self.inputs, self.of = self.inputs + inputs, of
        if self.first is None and self.inputs >= of // 2:
            self.first = rss_bytes(self.process.pid)

    def check(self) -> None:
        """It was given all, and is as it was: nothing was thrown in it, and it holds no more than before."""
        assert self.inputs >= self.of, f"{self.inputs} of {self.of}"
        assert self.process.process is not None
        assert self.process.process.poll() is None, f"it died:\n{self.process.output[-4000:]}"
        lines = self.process.output.splitlines()
        wrong = [number for number, line in enumerate(lines) if _is_fault(line)]
        assert not wrong, "\n".join(lines[wrong[0] : wrong[0] + 40])
        if LONG and self.first is not None:
            held = rss_bytes(self.process.pid)
            assert held <= self.first * GROWTH, f"{self.first} bytes became {held}"


def _is_fault(line: str) -> bool:
    """Whether a line of the log tells of the server's own fault, and not of a graph's."""
    told = "ERROR" in line or "CRITICAL" in line or "Task exception" in line
    return told and "of graph" not in line and "stopped at an error" not in line


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fuzzed]:
    """A server of a graph that answers and one that asks. What was tried on it is checked at the end."""
    process = ServerProcess(
        GRAPHS,
        Path(tmp_path_factory.mktemp("data")),
        settings={"synchronous": "normal", "max_message_bytes": LONGEST},
    )
    process.start()
    yield Fuzzed(process)
    process.close()
    check_logs(process.data_dir)
