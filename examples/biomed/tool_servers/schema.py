"""What a tool's input schema says of a parameter (JSON Schema, 2020-12): its types, choices and bounds. Without I/O."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

Path = tuple[str, ...]
"""Where a parameter stands, from the outside in."""


def letters_of(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def form_at(schema: Mapping[str, Any], path: Path) -> dict[str, Any]:
    form: Any = schema
    for name in path:
        inside = [form, *(form.get("anyOf") or ())]
        form = next(
            (one["properties"][name] for one in inside if name in (one.get("properties") or {})), {}
        )
    return form if isinstance(form, dict) else {}


def types_of(form: Mapping[str, Any]) -> set[str]:
    found = set()
    for one in (form, *(form.get("anyOf") or ()), *(form.get("oneOf") or ())):
        kind = one.get("type")
        found |= set(kind) if isinstance(kind, list) else {kind} if kind else set()
    return found


def bound_of(form: Mapping[str, Any], name: str, default: int) -> float:
    for one in (form, *(form.get("anyOf") or ())):
        if isinstance(one.get(name), int | float):
            return float(one[name])
    return default


def choices_of(form: Mapping[str, Any]) -> list[Any]:
    items = form.get("items") if isinstance(form.get("items"), dict) else {}
    for one in (form, items, *(form.get("anyOf") or ())):
        if not isinstance(one, dict):
            continue
        if isinstance(one.get("enum"), list):
            return list(one["enum"])
        inner = one.get("items")
        if isinstance(inner, dict) and isinstance(inner.get("enum"), list):
            return list(inner["enum"])
    return []
