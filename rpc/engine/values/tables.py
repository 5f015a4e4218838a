"""Arrays, tensors, series and data frames as JSON, whatever library they are of: by what they offer, without its import."""

import math
from collections.abc import Callable
from typing import Any

from rpc.engine.values.classes import full_name_of
from rpc.engine.values.path import Path

Walk = Callable[[Any, Path], Any]


def conversion(kind: type[Any], walk: Walk) -> Callable[[Any, Path], Any] | None:
    """How values of a class are shown; None where it is none of these. `walk`: shows what is in them."""
    if hasattr(kind, "columns") and (hasattr(kind, "itertuples") or hasattr(kind, "rows")):
        return lambda value, path: _frame(value, path, walk)
    if hasattr(kind, "column_names") and hasattr(kind, "to_pydict"):
        return lambda value, path: _columns(value, path, walk)
    if kind.__module__.startswith("pyarrow"):
        if hasattr(kind, "as_py"):
            return lambda value, path: walk(value.as_py(), path)
        return (lambda value, path: _arrow(value, path, walk)) if _has_list(kind) else None
    if not hasattr(kind, "dtype") or not _has_list(kind):
        return None
    if hasattr(kind, "shape"):
        return lambda value, path: _array(value, path, walk)
    return None


def is_missing(kind: type[Any]) -> bool:
    """Whether it is of what pandas has in the place of a value that is missing."""
    return kind.__module__.startswith("pandas") and kind.__name__ in ("NAType", "NaTType")


def _has_list(kind: type[Any]) -> bool:
    return any(callable(getattr(kind, name, None)) for name in _LISTS)


_LISTS = ("tolist", "to_list", "to_pylist")
"""What libraries call the method that gives all values: numpy, pandas and torch, polars, pyarrow."""


def _listed(value: Any) -> Any:
    name = next(name for name in _LISTS if callable(getattr(value, name, None)))
    return getattr(value, name)()


def _frame(value: Any, path: Path, walk: Walk) -> Any:
    """`$table`: pandas gives its rows by `itertuples`, polars by `rows`."""
    indexed = hasattr(value, "itertuples")
    rows = value.itertuples(index=False, name=None) if indexed else value.rows()
    return {
        "$table": {
            "type": _name(value),
            "shape": [int(one) for one in value.shape],
            "columns": [walk(one, path) for one in value.columns],
            "dtypes": [str(one) for one in value.dtypes],
            **({"index": [walk(one, path) for one in value.index]} if indexed else {}),
            "rows": [[walk(cell, path) for cell in row] for row in rows],
        }
    }


def _columns(value: Any, path: Path, walk: Walk) -> Any:
    """`$table` of what keeps its columns only: pyarrow."""
    rows = zip(*(one.to_pylist() for one in value.columns), strict=True)
    return {
        "$table": {
            "type": _name(value),
            "shape": [int(one) for one in value.shape],
            "columns": [walk(one, path) for one in value.column_names],
            "dtypes": [str(one) for one in value.schema.types],
            "rows": [[walk(cell, path) for cell in row] for row in rows],
        }
    }


def _arrow(value: Any, path: Path, walk: Walk) -> Any:
    return {
        "$array": {
            "type": _name(value),
            "dtype": str(value.type),
            "shape": [len(value)],
            "data": walk(_listed(value), path),
        }
    }


def _array(value: Any, path: Path, walk: Walk) -> Any:
    shape = [int(one) for one in value.shape]
    found = _dated(value) if getattr(value.dtype, "kind", "") in ("M", "m") else _listed(value)
    if not shape:
        # A scalar; one that Python has no type for gives itself.
        return str(value) if type(found) is type(value) else walk(found, path)
    # A pandas series says what its values belong to.
    index = {"index": [walk(one, path) for one in value.index]} if hasattr(value, "iloc") else {}
    return {
        "$array": {
            "type": _name(value),
            "dtype": str(value.dtype),
            "shape": shape,
            **index,
            "data": found if _is_plain(value) else walk(found, path),
        }
    }


def _dated(value: Any) -> Any:
    """Dates and durations, which an array as fine as nanoseconds lists as bare numbers."""
    found = _listed(value)
    if not _is_number(found) or not hasattr(value, "astype"):
        return found
    if value.dtype.kind == "m":
        # In seconds; one that is missing is then no number.
        return _nulled((value / value.dtype.type(1, "s")).tolist(), lambda one: one != one)
    return _nulled(value.astype("U").tolist(), lambda one: one == "NaT")


def _is_number(found: Any) -> bool:
    while isinstance(found, list) and found:
        found = found[0]
    return isinstance(found, int)


def _nulled(found: Any, is_missing: Callable[[Any], bool]) -> Any:
    if isinstance(found, list):
        return [_nulled(one, is_missing) for one in found]
    return None if is_missing(found) else found


def _is_plain(value: Any) -> bool:
    """Whether all that is in an array is JSON as it is: then it need not be walked, which takes long.

    Of the libraries that keep nothing else in an array of numbers: in pandas' own a value can be missing.
    """
    if type(value).__module__ not in ("numpy", "torch"):
        return False
    kind = getattr(value.dtype, "kind", "") or _TORCH_KINDS.get(str(value.dtype), "")
    if kind in ("b", "i", "u"):
        return True
    # A sum is finite where all it is made of is; the rest is walked.
    return kind == "f" and not str(value.dtype).startswith(_LONG) and math.isfinite(value.sum())


_LONG = ("float96", "float128", "longdouble")
"""Floats that are longer than JSON's."""

_TORCH_KINDS = {
    **{f"torch.{name}": "i" for name in ("bool", "uint8", "int8", "int16", "int32", "int64")},
    **{f"torch.{name}": "f" for name in ("float16", "bfloat16", "float32", "float64")},
}


def _name(value: Any) -> str:
    return full_name_of(type(value))
