"""An evaluator of expressions over JSON values that ends soon, whatever it is given: strangers write them.

It is simpleeval's, with bounds of its own on source, steps, time and the size of every value on the way, and without
attributes of objects: a dot is a key. No step may cost more than its bound: what Python does in one call (a power, a
sort, a text of a value) is bounded by what goes in.
"""

import ast
import re
import time
from collections.abc import Callable, Mapping
from typing import Any

from simpleeval import (  # type: ignore[import-untyped]
    DEFAULT_OPERATORS,
    EvalWithCompoundTypes,
    InvalidExpression,
)

MAX_SOURCE = 4096
"""Characters of an expression."""
MAX_STEPS = 100_000
MAX_SECONDS = 0.05
"""Of the thread's own time: a busy machine makes no expression fail."""
MAX_BITS = 4096
"""Of an integer: 1,233 digits."""
MAX_ITEMS = 100_000
"""Of what a function is given, and of what is made, nested values counted."""
MAX_TEXT = 1_000_000
"""Characters of the texts in what is made of a value; and items of all that is made on the way."""
MAX_DIGITS = 400
"""Decimal places that a number may be rounded to."""
TIME_EVERY = 16
"""Steps between two looks at the time."""

FORMAT = re.compile(r"(.?[<>=^])?[-+ ]?z?#?0?\d{0,3}[,_]?(\.\d{1,3})?[a-zA-Z%]?", re.DOTALL)
"""Python's format specifications, with widths of at most three digits."""


class TooMuchError(InvalidExpression):  # type: ignore[misc]
    """The expression goes over a bound; the message says over which."""


def _number(value: Any) -> Any:
    if isinstance(value, int) and value.bit_length() > MAX_BITS:
        raise TooMuchError(f"an integer of more than {MAX_BITS} bits")
    return value


def _power(base: Any, exponent: Any) -> Any:
    if isinstance(base, int) and isinstance(exponent, int):
        # 0, 1 and -1 stay as small as they are.
        if abs(base) > 1 and base.bit_length() * abs(exponent) > MAX_BITS:
            raise TooMuchError(f"an integer of more than {MAX_BITS} bits")
        if abs(base) <= 1 and abs(exponent) > MAX_ITEMS:
            exponent = 2 + exponent % 2
    return base**exponent


def _shift(base: Any, by: Any) -> Any:
    if isinstance(base, int) and isinstance(by, int) and base.bit_length() + by > MAX_BITS:
        raise TooMuchError(f"an integer of more than {MAX_BITS} bits")
    return base << by


def _modulo(left: Any, right: Any) -> Any:
    if isinstance(left, str | bytes):
        raise InvalidExpression("texts are not formatted by %; write f'{…}'")
    return left % right


OPERATORS: dict[type[ast.AST], Callable[..., Any]] = {
    **DEFAULT_OPERATORS,
    ast.Pow: _power,
    ast.LShift: _shift,
    ast.RShift: lambda value, by: value >> by,
    ast.Mod: _modulo,
}
"""simpleeval's bound lists and texts; these bound numbers."""


def _round(number: Any, ndigits: Any = None) -> Any:
    if isinstance(ndigits, int) and abs(ndigits) > MAX_DIGITS:
        raise TooMuchError(f"more than {MAX_DIGITS} decimal places")
    return round(number, ndigits)


def _sum(values: Any, start: Any = 0) -> Any:
    if not isinstance(start, int | float):
        raise InvalidExpression("sum() is of numbers")
    total = start
    for value in values:
        if not isinstance(value, int | float):
            raise InvalidExpression("sum() is of numbers")
        total = _number(total + value)
    return total


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "abs": abs,
    "all": all,
    "any": any,
    "bool": bool,
    "float": float,
    "int": int,
    "len": len,
    "max": max,
    "min": min,
    "round": _round,
    "sorted": sorted,
    "str": str,
    "sum": _sum,
}
"""What an expression may call."""

KEYS = frozenset({"abs", "bool", "float", "int", "len", "str"})
"""What may be a `key` of the others."""

_FREE = frozenset({"len", "bool"})
"""Whose cost does not grow with what they are given."""

_MAKES = (
    ast.Constant,
    ast.BinOp,
    ast.Call,
    ast.JoinedStr,
    ast.FormattedValue,
    ast.List,
    ast.Tuple,
    ast.Set,
    ast.Dict,
    ast.ListComp,
    ast.GeneratorExp,
    ast.DictComp,
    ast.Subscript,
)
"""What makes new values."""


class Evaluator(EvalWithCompoundTypes):  # type: ignore[misc]
    """See the module. For one expression at a time."""

    def __init__(self) -> None:
        super().__init__(operators=OPERATORS, functions=dict(FUNCTIONS))
        self.steps = 0
        self.made = 0
        # Processor seconds spent, and on which the clock of that stood when it was looked at last.
        self.spent = 0.0
        self.looked = 0.0

    def evaluated(self, source: str, tree: ast.AST, names: Mapping[str, Any]) -> Any:
        """What it gives. Raises whatever it fails with; `TooMuchError` past a bound."""
        self.names = dict(names)
        self.steps = self.made = 0
        self.spent = 0.0
        self.looked = time.thread_time()
        return self.eval(source, previously_parsed=tree)

    def _eval(self, node: ast.AST) -> Any:
        self.steps += 1
        if self.steps > MAX_STEPS:
            raise TooMuchError(f"more than {MAX_STEPS} steps")
        if self.steps % TIME_EVERY == 0:
            self._look()
        value = super()._eval(node)
        if isinstance(node, _MAKES):
            self._made(value)
        return value

    def _look(self) -> None:
        now = time.thread_time()
        # A collection of garbage is on this clock too, and is not the expression's.
        self.spent += min(now - self.looked, MAX_SECONDS / 2)
        self.looked = now
        if self.spent > MAX_SECONDS:
            raise TooMuchError(f"it takes longer than {MAX_SECONDS * 1000:.0f} ms")

    def _made(self, value: Any) -> None:
        if isinstance(value, int):
            _number(value)
        elif isinstance(value, str | list | tuple | set | dict):
            self.made += len(value)
            if self.made > MAX_TEXT:
                raise TooMuchError("what it makes on the way is too large")

    def _check_disallowed_items(self, item: object) -> None:
        """Only JSON values are in it, and nothing else can be got at: they need not be searched."""

    def _eval_attribute(self, node: ast.Attribute) -> Any:
        value = self._eval(node.value)
        if not isinstance(value, dict):
            raise InvalidExpression(f"there is no {node.attr!r} in a {_kind(value)}")
        if node.attr not in value:
            raise InvalidExpression(f"there is no {node.attr!r}; there are {_some(value)}")
        return value[node.attr]

    def _eval_call(self, node: ast.Call) -> Any:
        assert isinstance(node.func, ast.Name)
        name = node.func.id
        given = [self._eval(one) for one in node.args]
        named = dict(self._eval(one) for one in node.keywords)
        if name not in _FREE:
            for value in (*given, *named.values()):
                check_size(value)
        return self.functions[name](*given, **named)

    def _eval_formattedvalue(self, node: ast.FormattedValue) -> Any:
        value = self._eval(node.value)
        check_size(value)
        if node.conversion == ord("r"):
            value = repr(value)
        elif node.conversion == ord("s"):
            value = str(value)
        elif node.conversion == ord("a"):
            value = ascii(value)
        specification = self._eval(node.format_spec) if node.format_spec else ""
        if not FORMAT.fullmatch(specification):
            raise InvalidExpression(f"the format {specification!r} is not known, or wider than 999")
        return format(value, specification)


def check_size(value: Any) -> None:
    """Raises `TooMuchError` where a value is too large to be looked at as a whole."""
    items = text = 0
    left = [value]
    while left:
        one = left.pop()
        items += 1
        if isinstance(one, str):
            text += len(one)
        elif isinstance(one, dict):
            left += one.keys()
            left += one.values()
        elif isinstance(one, list | tuple | set):
            left += one
        if items + len(left) > MAX_ITEMS or text > MAX_TEXT:
            raise TooMuchError(
                f"a value of more than {MAX_ITEMS} items or {MAX_TEXT} characters; take a part of it"
            )


def _kind(value: Any) -> str:
    return "null" if value is None else type(value).__name__


def _some(value: dict[Any, Any]) -> str:
    names = [repr(name) for name in list(value)[:8]]
    return ", ".join(names + ["…"] * (len(value) > len(names))) or "none"
