"""The README's executable blocks: what they say, and whether a message is what they say. Without I/O.

A block is fenced as `stepwire`; with `continued` it goes on where the one before ended, with `post` it is
sent by HTTP, with `debug` it needs a server that debugs. Its lines are `--> ` (the client sends), `<-- ` (the server sends), `<-- …` (any
number of events) and `--- ` (the connection breaks, another is opened); indented lines continue a message.
"""

import json
import re
from typing import Any, Literal

from msgspec import Struct

ANY = "…"

_FENCE = re.compile(r"(?ms)^```stepwire ?(continued|debug|post)?\n(.*?)^```$")
_NAME = re.compile(r"<[a-z0-9 ]+>")


class Step(Struct, frozen=True):
    """One thing that happens. `line`: where it stands in the document, for the failure's message."""

    kind: Literal["send", "expect", "skip", "break"]
    message: Any
    line: int


class Scenario(Struct, frozen=True):
    """Blocks that belong together, from a new connection on."""

    steps: list[Step]
    line: int
    kind: str


def scenarios(text: str) -> list[Scenario]:
    """The document's scenarios. Raises `ValueError` with the line for what is not in the format."""
    found: list[Scenario] = []
    for fence in _FENCE.finditer(text):
        line = text.count("\n", 0, fence.start()) + 1
        steps = _steps(fence[2], line + 1)
        if fence[1] == "continued":
            found[-1].steps.extend(steps)
        else:
            found.append(Scenario(steps, line, fence[1] or "socket"))
    return found


def _steps(block: str, first_line: int) -> list[Step]:
    whole: list[tuple[int, str]] = []
    for line, text in enumerate(block.splitlines(), first_line):
        if text.startswith(" ") and whole:
            whole[-1] = (whole[-1][0], f"{whole[-1][1]} {text.strip()}")
        elif text.strip():
            whole.append((line, text))
    return [_step(line, text) for line, text in whole]


def _step(line: int, text: str) -> Step:
    mark, _, rest = text.partition(" ")
    if mark == "---":
        return Step("break", None, line)
    if mark == "<--" and rest == ANY:
        return Step("skip", None, line)
    try:
        kind: Literal["send", "expect"] = {"-->": "send", "<--": "expect"}[mark]  # type: ignore[assignment]
        return Step(kind, json.loads(rest), line)
    except (KeyError, json.JSONDecodeError) as error:
        raise ValueError(f"line {line}: {error}: {text}") from error


def is_event(message: Any) -> bool:
    """Whether a message is a notification, or an array of them."""
    return "method" in (message[0] if isinstance(message, list) else message)


def filled(value: Any, names: dict[str, Any]) -> Any:
    """`value` with what the placeholders stand for."""
    if isinstance(value, list):
        return [filled(item, names) for item in value]
    if isinstance(value, dict):
        return {key: filled(item, names) for key, item in value.items()}
    return names[value] if isinstance(value, str) and _NAME.fullmatch(value) else value


def difference(expected: Any, actual: Any, names: dict[str, Any], at: str = "$") -> str | None:
    """How `actual` is not what the document says, or None. Learns `names` from placeholders."""
    if expected == ANY:
        return None
    if isinstance(expected, str) and _NAME.fullmatch(expected):
        expected = names.setdefault(expected, actual)
    if isinstance(expected, dict) and isinstance(actual, dict):
        return _difference_of_objects(expected, actual, names, at)
    if isinstance(expected, list) and isinstance(actual, list):
        if len(expected) != len(actual):
            return f"{at}: {len(actual)} items instead of {len(expected)}"
        differences = (
            difference(one, other, names, f"{at}[{index}]")
            for index, (one, other) in enumerate(zip(expected, actual, strict=True))
        )
        return next(filter(None, differences), None)
    if type(expected) is not type(actual) or expected != actual:
        return f"{at}: {json.dumps(actual)} instead of {json.dumps(expected)}"
    return None


def _difference_of_objects(
    expected: dict[str, Any], actual: dict[str, Any], names: dict[str, Any], at: str
) -> str | None:
    members = expected.keys() - {ANY}
    if missing := members - actual.keys():
        return f"{at}: no {', '.join(sorted(missing))}"
    if ANY not in expected and (surplus := actual.keys() - members):
        return f"{at}: also {', '.join(sorted(surplus))}"
    differences = (
        difference(expected[key], actual[key], names, f"{at}.{key}")
        for key in expected
        if key != ANY
    )
    return next(filter(None, differences), None)
