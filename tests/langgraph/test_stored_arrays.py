"""What LangGraph's serialiser keeps of numpy and pandas, with what is changed in it while a core is open."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy
import pandas
import pytest

from rpc.engine.langgraph.declared_types import serializer
from rpc.engine.langgraph.stored_arrays import arrays_stored

DAYS = pandas.to_datetime(["2026-01-02", None, "2026-03-04"])
FRAMES: dict[str, Any] = {
    "numbers": pandas.DataFrame({"a": [1, 2, 3], "b": [0.5, None, 2.0], "c": [True, False, True]}),
    "texts": pandas.DataFrame({"title": ["ä", "b", None]}, index=["x", "y", "z"]),
    "objects": pandas.DataFrame({"any": [1, "two", [3, {"four": 4}]]}, dtype=object),
    "dates": pandas.DataFrame({"at": DAYS, "took": DAYS - DAYS[0]}),
    "zones": pandas.DataFrame({"at": DAYS.tz_localize("Europe/Berlin")}),
    "categories": pandas.DataFrame({"phase": pandas.Categorical(["II", "I", None], ordered=True)}),
    "nullable": pandas.DataFrame({"n": pandas.array([1, None, 3], dtype="Int64")}),
    "dated labels": pandas.DataFrame(
        {"n": [1, 2]}, index=pandas.DatetimeIndex(DAYS[[0, 2]], name="d")
    ),
    "two levels": pandas.DataFrame(
        {"n": [1, 2]}, index=pandas.MultiIndex.from_tuples([("a", 1), ("b", 2)], names=["x", "y"])
    ),
    "one name twice": pandas.DataFrame([[1, 2.5]], columns=["a", "a"]),
    "numbers as names": pandas.DataFrame([[1, 2], [3, 4]]),
    "nothing": pandas.DataFrame(),
    "no rows": pandas.DataFrame({"a": pandas.Series([], dtype="float32")}),
}
ARRAYS: dict[str, Any] = {
    "objects": numpy.array([1, "two", None, {"three": 3}], dtype=object).reshape(2, 2),
    "dates": numpy.array(["2026-01-02", "NaT"], dtype="datetime64[ns]"),
    "durations": numpy.array([[1], [2]], dtype="timedelta64[s]"),
    "texts": numpy.array(["a", "bcd"]),
    "turned": numpy.arange(6).reshape(2, 3).T,
    "complex": numpy.array([1 + 2j]),
    "none": numpy.empty((0, 2)),
}


@pytest.fixture(autouse=True)
def stored() -> Iterator[None]:
    with arrays_stored():
        yield


def again(value: Any) -> Any:
    serde = serializer()
    return serde.loads_typed(serde.dumps_typed(value))


@pytest.mark.parametrize("name", FRAMES)
def test_a_data_frame_is_the_same_again(name: str) -> None:
    value = FRAMES[name]
    pandas.testing.assert_frame_equal(again({"of": [value]})["of"][0], value)


@pytest.mark.parametrize("name", ["numbers", "texts", "zones", "categories", "nullable"])
def test_so_are_a_series_and_an_index(name: str) -> None:
    value = FRAMES[name].iloc[:, 0]
    pandas.testing.assert_series_equal(again(value), value)
    pandas.testing.assert_index_equal(again(value.index), value.index)


@pytest.mark.parametrize("name", ARRAYS)
def test_an_array_is_the_same_again(name: str) -> None:
    value = ARRAYS[name]
    found = again(value)
    assert (found.dtype, found.shape) == (value.dtype, value.shape)
    numpy.testing.assert_array_equal(found, value)


@pytest.mark.parametrize(
    "value",
    [numpy.int64(3), numpy.float32(0.5), numpy.bool_(True), numpy.datetime64("2026-01-02", "s")],
)
def test_so_is_a_number_of_numpy_s(value: Any) -> None:
    found = again([value])[0]
    assert (found, type(found)) == (value, type(value))


@dataclass
class Held:
    frame: Any


def test_one_within_another_value_too() -> None:
    found = again(Held(FRAMES["numbers"]))
    pandas.testing.assert_frame_equal(found.frame, FRAMES["numbers"])


@pytest.mark.parametrize(
    "value",
    [
        pandas.DataFrame({"a": [object()]}),
        pandas.Series(pandas.interval_range(0, 2)),
        numpy.array([(1, None)], dtype=[("a", "i4"), ("b", "O")]),
    ],
)
def test_what_would_not_be_the_same_is_refused(value: Any) -> None:
    with pytest.raises(TypeError):
        serializer().dumps_typed(value)


def test_nothing_else_of_the_module_can_be_called_by_a_checkpoint() -> None:
    import ormsgpack
    from langgraph.checkpoint.serde import jsonplus

    name = "rpc.engine.langgraph.stored_arrays"
    call = jsonplus._msgpack_enc((name, "arrays_stored", ()))
    data = ormsgpack.packb(ormsgpack.Ext(jsonplus.EXT_CONSTRUCTOR_POS_ARGS, call))
    assert serializer().loads_typed(("msgpack", data)) == []
