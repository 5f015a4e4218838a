"""The tables of `README.md` that the code knows, written between markers.

A marker pair is `<!-- table: name -->` and `<!-- end -->`, each alone on its line.
"""

import re
from collections.abc import Callable, Iterable

from protocol import schema
from protocol.errors import ERRORS, GENERAL
from protocol.events import EVENTS
from protocol.feeds import FEEDS
from protocol.methods import METHODS
from protocol.rest import PROBES, REST_ROWS
from protocol.sessions import TRANSITIONS

_MARKED = re.compile(r"(?ms)^<!-- table: ([a-z]+) -->\n.*?^<!-- end -->$")


def fill(text: str) -> str:
    """`text` with every marked table as the code has it. Raises `KeyError` for an unknown name."""
    return _MARKED.sub(
        lambda found: f"<!-- table: {found[1]} -->\n\n{TABLES[found[1]]()}\n\n<!-- end -->", text
    )


def _table(head: str, rows: Iterable[Iterable[str]]) -> str:
    lines = [head, "|" + "---|" * (head.count("|") - 1)]
    lines += ["| " + " | ".join(map(_cell, row)) + " |" for row in rows]
    return "\n".join(lines)


def _cell(text: str) -> str:
    """A text on one line: a line break would end the table."""
    return " ".join(text.replace("|", "\\|").split())


def _code(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _methods() -> str:
    return _table(
        "| method | params, in their order | result | errors of its own |",
        (
            (
                f"`{method.name}`<br>{method.summary}",
                _code(
                    name if required else f"{name}?"
                    for name, _, required in schema.fields(method.params)
                ),
                _code(name for name, _, _ in schema.fields(method.result))
                if method.result
                else "an OpenRPC document",
                _code(error.type for error in method.errors if error not in GENERAL),
            )
            for method in METHODS.values()
        ),
    )


def _events() -> str:
    return _table(
        "| event | when | its own fields |",
        (
            (
                f"`{event.name}`",
                event.description,
                _code(name for name, _, _ in schema.fields(event.body)),
            )
            for event in EVENTS.values()
        ),
    )


def _feeds() -> str:
    return _table(
        "| notification | when | its params |",
        (
            (
                f"`{feed.name}`",
                feed.description,
                _code(name for name, _, _ in schema.fields(feed.params)),
            )
            for feed in FEEDS.values()
        ),
    )


def _errors() -> str:
    return _table(
        "| code | `data.type` | message | HTTP | when |",
        (
            (
                str(error.code),
                f"`{error.type}`",
                error.message,
                str(error.http_status),
                error.description,
            )
            for error in ERRORS
        ),
    )


def _transitions() -> str:
    return _table(
        "| from | to |",
        (
            (f"`{status}`", _code(after for after in TRANSITIONS if after in following))
            for status, following in TRANSITIONS.items()
        ),
    )


def _rest() -> str:
    rows = [(f"`{row.verb} {row.path}`", f"`{row.method}`", _code(row.query)) for row in REST_ROWS]
    rows += [(f"`GET {probe.path}`", probe.summary, "") for probe in PROBES]
    return _table("| request | method | query string |", rows)


TABLES: dict[str, Callable[[], str]] = {
    "methods": _methods,
    "events": _events,
    "feeds": _feeds,
    "errors": _errors,
    "transitions": _transitions,
    "rest": _rest,
}
"""Every table's maker, by its name in the markers."""
