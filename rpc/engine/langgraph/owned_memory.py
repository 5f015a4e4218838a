"""The long-term memory of one owner's runs: a part of a store that is shared, and to them all that there is of it.

Borrowed: that every method of `BaseStore` is a `batch` or an `abatch` of its operations; and of the SQLite store that a
search finds namespaces which begin with a text. So an owner's first label is of one length, and made of hexadecimal
digits: none is the beginning of another's, and none has what a pattern reads as something else.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal

from langgraph.store.base import (
    BaseStore,
    GetOp,
    Item,
    ListNamespacesOp,
    MatchCondition,
    Op,
    PutOp,
    Result,
    SearchItem,
    SearchOp,
    validate_op_namespace,
)

Namespace = tuple[str, ...]

LISTED = 1000
"""Namespaces that are read at once."""


ROOT_LENGTH = len("owner") + 64
"""Characters of an owner's label."""


def label(owner: str) -> str:
    """The first label of all that an owner's runs remember."""
    return f"owner{hashlib.sha256(owner.encode()).hexdigest()}"


class OwnedMemory(BaseStore):
    """`store` as an owner sees it: nothing of another's can be named, found or listed."""

    def __init__(self, store: BaseStore, owner: str) -> None:
        self.store = store
        self.root = label(owner)
        self.supports_ttl = store.supports_ttl
        self.ttl_config = store.ttl_config

    def batch(self, ops: Iterable[Op]) -> list[Result]:
        """As `BaseStore.batch`."""
        given = _checked(ops)
        results: list[Any] = self.store.batch([self._inside(op) for op in given])
        for index, op in enumerate(given):
            results[index] = self._outside(results[index])
            if isinstance(op, ListNamespacesOp):
                found: list[Namespace] = results[index]
                page = found
                while len(page) == LISTED:
                    (more,) = self.store.batch([self._list(len(found))])
                    page = self._outside(more)
                    found = [*found, *page]
                results[index] = listed(found, op)
        return results

    async def abatch(self, ops: Iterable[Op]) -> list[Result]:
        """As `BaseStore.abatch`."""
        given = _checked(ops)
        results: list[Any] = await self.store.abatch([self._inside(op) for op in given])
        for index, op in enumerate(given):
            results[index] = self._outside(results[index])
            if isinstance(op, ListNamespacesOp):
                found: list[Namespace] = results[index]
                page = found
                while len(page) == LISTED:
                    (more,) = await self.store.abatch([self._list(len(found))])
                    page = self._outside(more)
                    found = [*found, *page]
                results[index] = listed(found, op)
        return results

    def _inside(self, op: Op) -> Op:
        """The operation on the shared store."""
        match op:
            case GetOp() | PutOp():
                return op._replace(namespace=(self.root, *op.namespace))
            case SearchOp():
                return op._replace(namespace_prefix=(self.root, *op.namespace_prefix))
            case _:
                return self._list(0)

    def _list(self, offset: int) -> ListNamespacesOp:
        """All of the owner's: which of them are asked for is found out here, without the label before them."""
        return ListNamespacesOp((MatchCondition("prefix", (self.root,)),), None, LISTED, offset)

    def _outside(self, result: Any) -> Any:
        """What it gave, as the owner sees it."""
        if isinstance(result, Item):
            result.namespace = result.namespace[1:]
        elif isinstance(result, list):
            return [
                self._outside(one) if isinstance(one, SearchItem) else tuple(one)[1:]
                for one in result
            ]
        return result


def _checked(ops: Iterable[Op]) -> list[Op]:
    """Raises `InvalidNamespaceError`."""
    given = list(ops)
    for op in given:
        validate_op_namespace(op)
    return given


def listed(namespaces: Sequence[Namespace], op: ListNamespacesOp) -> list[Namespace]:
    """Those of an owner's namespaces that are asked for: cut to a depth, each once, in order, by page."""
    conditions = op.match_conditions or ()
    found = [
        one
        for one in namespaces
        if all(_matches(one, condition.match_type, condition.path) for condition in conditions)
    ]
    if op.max_depth is not None:
        found = [one[: op.max_depth] for one in found]
    return sorted(set(found))[op.offset : op.offset + op.limit]


def _matches(namespace: Namespace, where: Literal["prefix", "suffix"], path: Sequence[str]) -> bool:
    if len(path) > len(namespace):
        return False
    pairs: Iterator[tuple[str, str]] = (
        zip(namespace, path, strict=False)
        if where == "prefix"
        else zip(reversed(namespace), reversed(path), strict=False)
    )
    return all(wanted in ("*", name) for name, wanted in pairs)
