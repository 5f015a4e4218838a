"""By what members memories are found: as LangGraph's `InMemoryStore` compares them, which `langgraph dev` has, in every memory.

LangGraph's stores on databases compare otherwise, each in its own way: objects only whole or not at all, what is missing with nothing, and PostgreSQL's
numbers as texts.

Borrowed: that those stores ask their `_get_filter_condition` for the SQL of each operator under a name, and have an item in the column `value`.
"""

import operator
import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any

import orjson
from langgraph.store.base import Op, SearchOp

ORDERS: dict[str, Callable[[Any, Any], bool]] = {
    "$gt": operator.gt,
    "$gte": operator.ge,
    "$lt": operator.lt,
    "$lte": operator.le,
}
SIGNS = {"$gt": ">", "$gte": ">=", "$lt": "<", "$lte": "<="}
OPERATORS = ("$eq", "$ne", *ORDERS)
"""By which a member is compared."""

WHOLE = "$matches"
"""As which a whole filter is handed through LangGraph's store, under a name that counts for nothing."""

NUMBER = r"^[-+]?([0-9]{1,200}[.]?[0-9]{0,200}|[.][0-9]{1,200})([eE][-+]?[0-9]{1,2})?$"
"""Texts that are compared as numbers; of a size that every database takes."""


def filtered(ops: Iterable[Op]) -> list[Op]:
    """The operations, a search's filter each as one condition. Raises `ValueError` where one has an operator that is not known."""
    return [_filtered(op) if isinstance(op, SearchOp) and op.filter else op for op in ops]


def _filtered(op: SearchOp) -> SearchOp:
    assert op.filter is not None
    if (name := unknown(op.filter)) is not None:
        raise ValueError(f"Unsupported operator: {name}")
    return op._replace(filter={"value": {WHOLE: op.filter}})


def compares(wanted: Any) -> bool:
    """Whether it is operators with what each compares with, and no object."""
    return isinstance(wanted, dict) and any(name.startswith("$") for name in wanted)


def unknown(filter: dict[str, Any]) -> str | None:
    """An operator in a filter that is not known. Names at the top are members, whatever they are."""
    compared = (one for one in parts(list(filter.values())) if compares(one))
    return next((name for one in compared for name in one if name not in OPERATORS), None)


def parts(wanted: Any) -> Iterator[Any]:
    """It, and all that is in it that is compared by itself."""
    yield wanted
    if isinstance(wanted, dict) and not compares(wanted):
        wanted = list(wanted.values())
    if isinstance(wanted, list | tuple):
        for one in wanted:
            yield from parts(one)


def matches(value: Any, wanted: Any) -> bool:
    """Whether a value is what is wanted of it: of objects the members that are named, of lists each in its place. What is missing is null."""
    if compares(wanted):
        return all(_holds(value, name, other) for name, other in wanted.items())
    if isinstance(wanted, dict):
        return isinstance(value, dict) and all(
            matches(value.get(name), one) for name, one in wanted.items()
        )
    if isinstance(wanted, list):
        return (
            isinstance(value, list)
            and len(value) == len(wanted)
            and all(map(matches, value, wanted))
        )
    return same(value, wanted)


def same(one: Any, other: Any) -> bool:
    """Whether two values are equal as JSON, where true is not 1."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[name], other[name]) for name in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)


def number(value: Any) -> float | int | None:
    """A number, or a text that is one; None for anything else."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    return float(value) if isinstance(value, str) and re.match(NUMBER, value) else None


def _holds(value: Any, name: str, other: Any) -> bool:
    if name not in ORDERS:
        return same(value, other) == (name == "$eq")
    numbers = number(value), number(other)
    if None not in numbers:
        return ORDERS[name](*numbers)
    texts = isinstance(value, str) and isinstance(other, str)
    return texts and ORDERS[name](value, other)


@lru_cache(maxsize=64)
def _read(filter: str) -> Any:
    return orjson.loads(filter)


def item_matches(value: str | bytes, filter: str) -> bool:
    """Whether an item is what a filter wants of its members, of two JSON texts: SQLite's function."""
    item = orjson.loads(value)
    return all(matches(item.get(name), wanted) for name, wanted in _read(filter).items())


def sqlite_condition(filter: dict[str, Any]) -> tuple[str, list[Any]]:
    """The condition in SQLite, with its parameters."""
    return "stepwire_matches(value, ?)", [orjson.dumps(filter).decode()]


def postgres_condition(filter: dict[str, Any]) -> tuple[str, list[Any]]:
    """The condition in PostgreSQL, with its parameters."""
    found = [_at((name,), wanted) for name, wanted in filter.items()]
    return _all(found)


Condition = tuple[str, list[Any]]

VALUE = "COALESCE(value #> %s::text[], 'null'::jsonb)"
"""The value at a path."""


def _all(conditions: list[Condition]) -> Condition:
    said = " AND ".join(sql for sql, _ in conditions)
    return f"({said})" if said else "TRUE", [one for _, given in conditions for one in given]


def _at(path: tuple[str, ...], wanted: Any) -> Condition:
    """As `matches`, of the value at a path."""
    place = list(path)
    if compares(wanted):
        return _all([_compared(place, name, other) for name, other in wanted.items()])
    if isinstance(wanted, dict):
        inside = [_at((*path, name), one) for name, one in wanted.items()]
        return _all([(f"jsonb_typeof({VALUE}) = 'object'", [place]), *inside])
    if isinstance(wanted, list) and any(isinstance(one, dict) for one in parts(wanted)):
        long = (
            f"CASE WHEN jsonb_typeof({VALUE}) = 'array' "
            f"THEN jsonb_array_length({VALUE}) = %s::int ELSE FALSE END"
        )
        inside = [_at((*path, str(index)), one) for index, one in enumerate(wanted)]
        return _all([(long, [place, place, len(wanted)]), *inside])
    return f"{VALUE} = %s::jsonb", [place, orjson.dumps(wanted).decode()]


def _compared(place: list[str], name: str, other: Any) -> Condition:
    if name not in SIGNS:
        sign = "=" if name == "$eq" else "!="
        return f"{VALUE} {sign} %s::jsonb", [place, orjson.dumps(other).decode()]
    cases: list[Condition] = []
    text, kind = f"{VALUE} #>> '{{}}'", f"jsonb_typeof({VALUE})"
    if (count := number(other)) is not None:
        numeric = f"{kind} = 'number' OR ({kind} = 'string' AND {text} ~ %s)"
        then = f"({text})::numeric {SIGNS[name]} %s::numeric"
        cases.append(
            (f"WHEN {numeric} THEN {then}", [place, place, place, NUMBER, place, repr(count)])
        )
    if isinstance(other, str):
        then = f'({text}) COLLATE "C" {SIGNS[name]} %s'
        cases.append((f"WHEN {kind} = 'string' THEN {then}", [place, place, other]))
    said = " ".join(sql for sql, _ in cases)
    given = [one for _, params in cases for one in params]
    return (f"CASE {said} ELSE FALSE END", given) if cases else ("FALSE", [])
