"""The figures of `protocol/README.md` are the code's: a client's author plans by them."""

import importlib
import re
from functools import reduce
from typing import Any, get_args

import msgspec
import pytest

from protocol import generate
from protocol.server import Limits
from rpc.limits import owner_limits
from rpc.settings import FIELDS, Settings

README = (generate.FOLDER / "README.md").read_text(encoding="utf-8")

ROW = re.compile(r"^\| (?P<what>[^|]+) \| (?P<figure>[^|]+) \| `(?P<name>[\w.]+)` \| `tests/", re.M)
"""A row of the table of figures."""

MENTION = re.compile(
    r"`(?P<name>[a-z_]+)`, (?P<figure>off|a day|\d[\d,.]*(?: (?:KiB|MiB|GiB|ms|s|days))?)(?= \||,|;)"
)
"""A figure behind its setting's name, in a table's cell."""

OF_OWNERS = {
    "max_sessions_per_owner": "sessions",
    "max_stored_bytes_per_owner": "stored_bytes",
    "max_queries_per_minute": "queries",
    "max_memory_bytes_per_owner": "memory_bytes",
}
"""What holds for who says who they are where it is not set."""


def value_of(name: str) -> Any:
    """A setting's default, or what a dotted name of the code is."""
    if name in OF_OWNERS:
        return getattr(owner_limits(Settings(), "somebody"), OF_OWNERS[name])
    if "." not in name:
        return getattr(Settings(), name)
    module, _, attribute = name.rpartition(".")
    return getattr(importlib.import_module(module), attribute)


def figure_of(name: str) -> str:
    """As the tables say it."""
    value, word = value_of(name), name.rpartition(".")[2].lower()
    if value == 0:
        return "off"
    if "bytes" in word:
        return reduce(
            lambda found, unit: found if found else _in(value, *unit),
            [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")],
            "",
        )
    if "seconds" in word:
        if value % 86400 == 0:
            return "a day" if value == 86400 else f"{value / 86400:g} days"
        return f"{value * 1000:g} ms" if value < 1 else f"{value:g} s"
    return f"{value:,}"


def _in(value: int, size: int, unit: str) -> str:
    return f"{value // size} {unit}" if value % size == 0 else ""


ROWS = [(found["name"], found["figure"]) for found in ROW.finditer(README)]


@pytest.mark.parametrize(("name", "figure"), ROWS, ids=[name for name, _ in ROWS])
def test_a_figure_is_the_codes(name: str, figure: str) -> None:
    assert figure == figure_of(name)


def test_a_figure_that_is_said_elsewhere_is_the_same() -> None:
    said = [
        (found["name"], found["figure"])
        for found in MENTION.finditer(README)
        if found["name"] in FIELDS
    ]
    assert len(said) > 30
    for name, figure in said:
        # Where a setting's name says seconds, the number need not.
        assert figure_of(name) in (figure, f"{figure} s"), f"{name}: {figure}"


def is_number(kind: Any) -> bool:
    """Whether what is of this type is, or may be, a number: those that are not set have a bound all the same."""
    return kind in (int, float) or any(map(is_number, get_args(kind)))


def test_everything_that_is_bounded_is_there() -> None:
    """Each setting with a number, and each limit that `server.info` tells."""
    named = {name for name, _ in ROWS}
    numbers = {
        name
        for name in FIELDS
        if is_number(FIELDS[name].type)
        # An address, not a bound.
        and name != "port"
    }
    assert numbers <= named
    assert {field.name for field in msgspec.structs.fields(Limits)} <= named
    assert len(ROWS) == len(named)
