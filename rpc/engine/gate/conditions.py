"""Conditions and log points: expressions over JSON values, evaluated without Python's `eval`.

The language is simpleeval's: Python's operators, literals, indexing, comprehensions and a few functions. Only JSON
values go in, so no object of the graph can be reached or called; what it may cost is bounded (`expressions.py`).
"""

import ast
from collections.abc import Mapping
from string import Formatter
from typing import Any

from simpleeval import InvalidExpression  # type: ignore[import-untyped]

from rpc.engine.gate.expressions import FUNCTIONS, KEYS, MAX_SOURCE, Evaluator
from rpc.engine.values.errors import error_text, error_type

NAMES = frozenset({"state", "input", "config", "context"})
"""What an expression may name, beside its own comprehensions' variables."""


class ConditionError(Exception):
    """An expression does not compile, or failed with these values; the message says why."""


class Condition:
    """A compiled expression. Raises `ConditionError` when it does not compile."""

    def __init__(self, source: str) -> None:
        self.source = source
        if len(source) > MAX_SOURCE:
            raise ConditionError(
                f"{source[:40]!r}… is longer than {MAX_SOURCE} characters: {len(source)}"
            )
        self.evaluator = Evaluator()
        try:
            # The evaluator's own parser reads statements too, and keeps the first.
            self.tree = ast.parse(source.strip(), mode="eval").body
            _check(self.tree)
        except (SyntaxError, InvalidExpression, ValueError, RecursionError, MemoryError) as error:
            raise ConditionError(f"{source!r} is not an expression: {_reason(error)}") from error

    def value(self, values: Mapping[str, Any]) -> Any:
        """What the expression gives for `values` (`NAMES`). Raises `ConditionError`."""
        try:
            return self.evaluator.evaluated(self.source.strip(), self.tree, values)
        except Exception as error:
            # A border: the expression is a client's, and may fail in any way.
            raise ConditionError(f"{self.source!r} failed: {_reason(error)}") from error


class LogText:
    """A log point's text with its `{expressions}`. Raises `ConditionError` when one does not compile."""

    def __init__(self, source: str) -> None:
        try:
            pieces = list(Formatter().parse(source))
        except ValueError as error:
            raise ConditionError(f"the log text {source!r}: {error}") from error
        self.pieces: list[str | Condition] = []
        for text, expression, _, _ in pieces:
            if text:
                self.pieces.append(text)
            if expression is not None:
                self.pieces.append(Condition(expression))

    def fill(self, values: Mapping[str, Any]) -> str:
        """The text; an expression that fails leaves its reason in its place."""
        return "".join(
            piece if isinstance(piece, str) else _show(piece, values) for piece in self.pieces
        )


def _show(condition: Condition, values: Mapping[str, Any]) -> str:
    try:
        return str(condition.value(values))
    except ConditionError as error:
        return f"<{error}>"


def _check(tree: ast.AST) -> None:
    """Refuse at once what could only fail later: unknown names and functions, assignments."""
    own = {
        name.id
        for node in ast.walk(tree)
        if isinstance(node, ast.comprehension)
        for name in ast.walk(node.target)
        if isinstance(name, ast.Name)
    }
    called = _called(tree)
    for node in ast.walk(tree):
        # Before the names in it, which may be its own.
        if reason := _absent(node):
            raise ValueError(reason)
        if isinstance(node, ast.Name) and node.id not in NAMES | own | FUNCTIONS.keys():
            raise ValueError(f"unknown name {node.id!r}; there are {', '.join(sorted(NAMES))}")
        if isinstance(node, ast.Name) and node.id not in NAMES | own and id(node) not in called:
            raise ValueError(f"{node.id!r} is a function: call it")
        if isinstance(node, ast.Call) and not (
            isinstance(node.func, ast.Name) and node.func.id in FUNCTIONS
        ):
            raise ValueError(f"only these may be called: {', '.join(FUNCTIONS)}")
        if isinstance(node, ast.Attribute) and node.attr.startswith("_"):
            raise ValueError(f"there is no {node.attr!r}; index with brackets")


def _absent(node: ast.AST) -> str | None:
    """Why there is no such thing in the language; None where there is."""
    match node:
        case ast.NamedExpr():
            return "it assigns; compare with =="
        case ast.Lambda():
            return (
                "it makes a function (lambda), and no function is a value here; write a comprehension, "
                f"or as a `key` one of {', '.join(sorted(KEYS))}"
            )
        case ast.Yield() | ast.YieldFrom() | ast.Await():
            return "it waits (yield, await); there are only values"
        case ast.comprehension(is_async=1):
            return "it waits (async for); there are only values"
        case ast.SetComp():
            return "there are no comprehensions of sets; write one of a list"
        case ast.MatMult():
            return "there is no operator @"
        case ast.Call(args=args, keywords=named) if any(
            isinstance(one, ast.Starred) for one in args
        ) or any(one.arg is None for one in named):
            return "a function is given its values one by one, not by * or **"
        case _:
            return None


def _called(tree: ast.AST) -> set[int]:
    """The names that are called, or are a `key`: nowhere else is a function a value."""
    called: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called.add(id(node.func))
            for one in node.keywords:
                if one.arg == "key" and isinstance(one.value, ast.Name) and one.value.id in KEYS:
                    called.add(id(one.value))
    return called


def _reason(error: BaseException) -> str:
    text = error.msg if isinstance(error, SyntaxError) else error_text(error)
    return text or error_type(error)
