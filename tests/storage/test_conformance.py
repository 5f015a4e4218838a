"""LangGraph's own suite for checkpoint savers, all of it, on the real store.

A user would lose: graphs that behave with Stepwire as with any other saver of LangGraph's.
"""

import importlib
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.checkpoint.conformance.capabilities import (
    ALL_CAPABILITIES,
    Capability,
    DetectedCapabilities,
)

from rpc.engine.checkpoints.saver import Saver
from tests.storage.stores import STORES, Open
from tests.support.storing import open_line

Test = Callable[[BaseCheckpointSaver[Any]], Awaitable[None]]


def suite(capability: Capability) -> list[Test]:
    """The suite's tests of a capability."""
    module = importlib.import_module(
        f"langgraph.checkpoint.conformance.spec.test_{capability.value}"
    )
    found: list[Test] = getattr(module, f"ALL_{capability.value.upper()}_TESTS")
    return found


@pytest.mark.parametrize(
    "test",
    [
        pytest.param(test, id=f"{capability.value}-{getattr(test, '__name__', '')}")
        for capability in Capability
        for test in suite(capability)
    ],
)
@pytest.mark.parametrize("open_store", STORES)
async def test_suite(test: Test, open_store: Open, tmp_path: Path) -> None:
    async with open_line(tmp_path, open_store) as line:
        await test(Saver(line.store, line))


async def test_it_has_every_capability_that_the_suite_knows(tmp_path: Path) -> None:
    async with open_line(tmp_path) as line:
        detected = DetectedCapabilities.from_instance(Saver(line.store, line))
    assert detected.detected == ALL_CAPABILITIES
    assert all(suite(capability) for capability in Capability)
