"""Arrays and data frames in checkpoints: what LangGraph's serialiser refuses of numpy and pandas, or loses.

Borrowed: `_msgpack_default` (`langgraph.checkpoint.serde.jsonplus`), by which the serialiser encodes what msgpack does not
know, at any depth; and the form of a call, `EXT_CONSTRUCTOR_POS_ARGS`, which names a module, a function and its arguments, and is
made only where the name is allowed (`declared_types.py` allows `MAKERS`, and nothing else of this module is ever called).

LangGraph itself keeps numpy's arrays of numbers and of texts. Of an array of objects it would keep addresses, and read them
back as None; dates, durations, scalars, and all of pandas it refuses. A series or a frame is kept as its columns, and only
if what is made of them again is the same.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import ormsgpack
from langgraph.checkpoint.serde import jsonplus

MAKERS = frozenset(
    (__name__, name) for name in ("objects", "timed", "scalar", "index", "series", "frame")
)
"""What checkpoints may call here, as the serialiser's list of allowed types has it."""

Default = Callable[[Any], Any]


@contextmanager
def arrays_stored() -> Iterator[None]:
    """Such values can be stored, while this is open."""
    before = jsonplus._msgpack_default
    vars(jsonplus)["_msgpack_default"] = _default(before)
    try:
        yield
    finally:
        vars(jsonplus)["_msgpack_default"] = before


def _default(before: Default) -> Default:
    def default(value: Any) -> Any:
        numpy, pandas = sys.modules.get("numpy"), sys.modules.get("pandas")
        if numpy is not None and isinstance(value, numpy.ndarray | numpy.generic):
            called = _of_numpy(value, numpy)
        elif pandas is not None and isinstance(
            value, pandas.DataFrame | pandas.Series | pandas.Index
        ):
            called = _of_pandas(value, pandas)
        else:
            return before(value)
        if called is None:
            return before(value)
        maker, *arguments = called
        call = (__name__, maker, tuple(arguments))
        return ormsgpack.Ext(jsonplus.EXT_CONSTRUCTOR_POS_ARGS, jsonplus._msgpack_enc(call))

    return default


def _of_numpy(value: Any, numpy: Any) -> tuple[Any, ...] | None:
    kind = value.dtype.kind
    if value.dtype.hasobject and kind != "O":
        raise TypeError(f"numpy's {value.dtype} has objects in its fields")
    if kind == "O" and isinstance(value, numpy.ndarray):
        return "objects", value.shape, value.ravel().tolist()
    if isinstance(value, numpy.generic):
        return "scalar", value.dtype.str, value.tobytes()
    if kind in "Mm":
        return (
            "timed",
            value.dtype.str,
            value.view("int64") if value.ndim else value.astype("int64"),
        )
    return None


def objects(shape: tuple[int, ...], items: list[Any]) -> Any:
    """An array of objects."""
    import numpy

    made = numpy.empty(len(items), dtype=object)
    for place, item in enumerate(items):
        made[place] = item
    return made.reshape(shape)


def timed(dtype: str, numbers: Any) -> Any:
    """An array of dates or durations."""
    return numbers.astype("int64").view(dtype)


def scalar(dtype: str, data: bytes) -> Any:
    """One of numpy's own numbers, dates or texts."""
    import numpy

    return numpy.frombuffer(data, dtype=numpy.dtype(dtype))[0]


def _of_pandas(value: Any, pandas: Any) -> tuple[Any, ...]:
    if isinstance(value, pandas.DataFrame):
        columns = [_values(value.iloc[:, place], pandas) for place in range(value.shape[1])]
        called: tuple[Any, ...] = ("frame", value.columns, value.index, columns)
        made = frame(value.columns, value.index, columns)
        same = made.equals(value) and list(made.dtypes) == list(value.dtypes)
    elif isinstance(value, pandas.Series):
        called = ("series", _values(value, pandas), value.index, value.name)
        made = series(*called[1:])
        same = made.equals(value) and made.dtype == value.dtype
    else:
        called = ("index", *_labels(value, pandas))
        made = index(*called[1:])
        same = (
            made.equals(value)
            and type(made) is type(value)
            and list(made.names) == list(value.names)
        )
    if type(made) is not type(value) or not same:
        raise TypeError(
            f"this {type(value).__qualname__} would not be the same when it is read again"
        )
    return called


def _values(column: Any, pandas: Any) -> tuple[Any, ...]:
    """The values of a series as what can be stored, and what makes them again: see `_column`."""
    dtype = column.dtype
    if isinstance(dtype, pandas.CategoricalDtype):
        return "category", column.cat.categories, column.cat.codes.to_numpy(), bool(dtype.ordered)
    if isinstance(dtype, pandas.DatetimeTZDtype):
        return "zoned", str(dtype), column.astype("int64").to_numpy()
    if getattr(dtype, "kind", "O") in "biufcMm" and not hasattr(dtype, "na_value"):
        # A copy, since a column of a frame need not lie in one piece.
        return "plain", column.to_numpy(copy=True)
    absent = column.isna().tolist()
    items = [None if gone else one for one, gone in zip(column.tolist(), absent, strict=True)]
    return "items", str(dtype), items


def _column(kind: str, *given: Any) -> Any:
    """What `_values` gave, as a series gets its data."""
    import pandas

    match kind:
        case "category":
            categories, codes, ordered = given
            return pandas.Categorical.from_codes(codes, categories=categories, ordered=ordered)
        case "zoned":
            return pandas.Series(given[1]).astype(given[0]).array
        case "items":
            return pandas.Series(given[1], dtype=given[0]).array
    return given[0]


def series(values: tuple[Any, ...], labels: Any, name: Any) -> Any:
    """A series of pandas."""
    import pandas

    return pandas.Series(_column(*values), index=labels, name=name)


def frame(columns: Any, labels: Any, values: list[tuple[Any, ...]]) -> Any:
    """A data frame of pandas; several of its columns may have one name."""
    import pandas

    made = pandas.DataFrame(
        {place: pandas.Series(_column(*one), index=labels) for place, one in enumerate(values)},
        index=labels,
    )
    made.columns = columns
    return made


def _labels(value: Any, pandas: Any) -> tuple[Any, ...]:
    names = list(value.names)
    if isinstance(value, pandas.RangeIndex):
        return "range", (value.start, value.stop, value.step), names
    if isinstance(value, pandas.MultiIndex):
        levels = [value.get_level_values(place) for place in range(value.nlevels)]
        return "levels", [_labels(one, pandas)[1] for one in levels], names
    return "values", _values(value.to_series(), pandas), names


def index(kind: str, given: Any, names: list[Any]) -> Any:
    """Labels of pandas."""
    import pandas

    match kind:
        case "range":
            return pandas.RangeIndex(*given, name=names[0])
        case "levels":
            return pandas.MultiIndex.from_arrays([_column(*one) for one in given], names=names)
    return pandas.Index(_column(*given), name=names[0])
