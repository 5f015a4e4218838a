"""Two results of one graph as they can be compared: what is generated anew in each run is numbered."""

import re
from collections.abc import Collection
from typing import Any

from rpc.engine.values.to_json import to_json

IDS = re.compile(
    r"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}|\b[0-9a-f]{32}\b"
)
"""Of messages, tasks and checkpoints."""

MOMENTS = re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:\+00:00|Z)?")


def shown(value: Any, varying: Collection[str] = ()) -> Any:
    """`value` as JSON; its generated ids are `<1>`, `<2>` … as they come, moments and the `varying` members `<…>`."""
    numbers: dict[str, str] = {}

    def number(found: re.Match[str]) -> str:
        return numbers.setdefault(found[0].replace("-", ""), f"<{len(numbers) + 1}>")

    def walk(value: Any) -> Any:
        match value:
            case dict():
                return {key: "<…>" if key in varying else walk(value[key]) for key in sorted(value)}
            case list():
                return [walk(item) for item in value]
            case str():
                return MOMENTS.sub("<…>", IDS.sub(number, value))
        return value

    return walk(to_json(value))
