"""The agent's tools."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from langgraph.types import interrupt


async def find_trial(condition: str) -> str:
    """Find a trial for a condition."""
    return f"a trial of {condition} in {os.environ['CLINIC']}"


async def book_visit(day: str) -> str:
    """Book a visit, if a person approves."""
    request = {
        "action_requests": [{"name": "book_visit", "args": {"day": day}}],
        "review_configs": [
            {"action_name": "book_visit", "allowed_decisions": ["approve", "reject"]}
        ],
    }
    decision = interrupt(request)["decisions"][0]["type"]
    return f"the visit on {day} is {'booked' if decision == 'approve' else 'not booked'}"


TOOLS: list[Callable[..., Any]] = [find_trial, book_visit]
