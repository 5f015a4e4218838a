"""Arrays, tensors, series and data frames as JSON, whatever library they are of: by what they offer, without its import."""

import math
from collections.abc import Callable
from typing import Any

Path = list[int]
Walk = Callable[[Any, Path], Any]


def conversion(kind: type[Any], walk: Walk) -> Callable[[Any, Path], Any] | None:
    """How values of a class are shown; None where it is none of these. `walk`: shows what is in them."""
    if hasattr(kind, "columns") and (hasattr(kind, "itertuples") or hasattr(kind, "rows")):
        return lambda value, path: _frame(value, path, walk)
    if not (hasattr(kind, "dtype") and callable(getattr(kind, "tolist", None))):
        return None
    if hasattr(kind, "iloc"):
        return lambda value, path: _series(value, path, walk)
    return lambda value, path: _array(value, path, walk) if hasattr(kind, "shape") else None


def _frame(value: Any, path: Path, walk: Walk) -> Any:
    """`$table`: pandas gives its rows by `itertuples`, polars by `rows`."""
    indexed = hasattr(value, "itertuples")
    rows = value.itertuples(index=False, name=None) if indexed else value.rows()
    return {
        "$table": {
            "type": _name(value),
            "columns": [walk(one, path) for one in value.columns],
            **({"index": [walk(one, path) for one in value.index]} if indexed else {}),
            "rows": [[walk(cell, path) for cell in row] for row in rows],
        }
    }


def _series(value: Any, path: Path, walk: Walk) -> Any:
    return {
        "$array": {
            "type": _name(value),
            "dtype": str(value.dtype),
            "shape": [len(value)],
            "index": [walk(one, path) for one in value.index],
            "data": [walk(one, path) for one in value.tolist()],
        }
    }


def _array(value: Any, path: Path, walk: Walk) -> Any:
    shape = [int(one) for one in value.shape]
    found = value.tolist()
    if not shape:
        # A scalar; one that Python has no type for gives itself.
        return str(value) if type(found) is type(value) else walk(found, path)
    return {
        "$array": {
            "type": _name(value),
            "dtype": str(value.dtype),
            "shape": shape,
            "data": found if _is_plain(value, found) else walk(found, path),
        }
    }


def _is_plain(value: Any, found: Any) -> bool:
    """Whether all that is in an array is JSON as it is: then it need not be walked, which takes long."""
    kind = getattr(value.dtype, "kind", "")
    if kind in ("b", "i", "u"):
        return True
    # A sum is finite where all it is made of is; the rest is walked.
    return kind == "f" and len(str(value.dtype)) <= len("float64") and math.isfinite(value.sum())


def _name(value: Any) -> str:
    kind = type(value)
    return f"{kind.__module__}.{kind.__qualname__}"
