"""What of a question's time each part of it may have, and how long a node ran."""

from __future__ import annotations

import sys
import time
from typing import Any

from .options import SOURCES
from .state import State

READING_SHARE = 0.2
"""Of a whole question's time, where a model has a part in it; what is left is the answer's."""


def shared_ms(options: dict[str, Any], share: float) -> int:
    """A part of the whole question's time, in milliseconds; without a model no bound."""
    if "whole_budget_ms" not in options:
        return sys.maxsize
    return int(options["whole_budget_ms"] * share)


def left_ms(state: State) -> int:
    """What is left of it for the answer. Time spent stopped does not count."""
    spent = state.get("latencies_ms", {})
    slowest = max((spent.get(source, 0) for source in SOURCES), default=0)
    used = spent.get("parse", 0) + spent.get("route", 0) + slowest
    return max(1, int(shared_ms(state["options"], 1.0) - used))


def ran(node: str, started: float) -> dict[str, Any]:
    """That a node ran, and for how long since ``started``."""
    elapsed_ms = round((time.perf_counter() - started) * 1000, 2)
    return {"nodes_run": [node], "latencies_ms": {node: elapsed_ms}}
