"""Python values as JSON: whatever a graph holds can be shown, and showing it never ends a run."""

import dataclasses
import enum
import json
import math
from collections import OrderedDict, UserDict, defaultdict, deque, namedtuple
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Any
from uuid import UUID

import msgspec
import numpy
import pandas
import pydantic
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from langchain_core.messages import AIMessage, AIMessageChunk, HumanMessage, ToolMessage

from rpc.engine.values.cut import cut, page
from rpc.engine.values.pointer import PointerError, at
from rpc.engine.values.to_json import encode, to_json


class Colour(enum.Enum):
    RED = "red"


class Level(enum.IntEnum):
    HIGH = 3


class Model(pydantic.BaseModel):
    name: Any = None
    inner: "Model | None" = None


@dataclasses.dataclass
class Point:
    x: Any
    y: Any = 0


class Record(msgspec.Struct):
    a: Any = None


class Hostile:
    """An object whose every answer is an exception."""

    def __getattr__(self, name: str) -> Any:
        raise RuntimeError(name)

    def __repr__(self) -> str:
        raise RuntimeError("repr")

    def __str__(self) -> str:
        raise RuntimeError("str")

    def __hash__(self) -> int:
        return 1


class HostileClass:
    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        raise RuntimeError("class")


class HostileDict(dict[Any, Any]):
    def items(self) -> Any:
        raise RuntimeError("items")


class HostileModel(pydantic.BaseModel):
    def model_dump(self, **_: Any) -> Any:
        raise RuntimeError("dump")


Pair = namedtuple("Pair", "left right")

# Not `sampled_from`: that asks its elements for their repr.
ODD = [Colour.RED, Level.HIGH, Hostile(), Hostile, HostileModel(), print, object()]

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(min_value=-(2**70), max_value=2**70),
    st.floats(allow_nan=True, allow_infinity=True),
    st.text(st.characters(codec=None, categories=None)),
    st.binary(),
    st.binary().map(bytearray),
    st.binary().map(memoryview),
    st.datetimes(),
    st.dates(),
    st.times(),
    st.timedeltas(),
    st.decimals(),
    st.fractions(),
    st.complex_numbers(),
    st.uuids(),
    st.integers(0, 6).map(lambda index: ODD[index]),
    st.builds(Point, st.integers()),
    st.builds(AIMessage, st.text()),
)
hashable = scalars.filter(lambda value: _hashes(value))


def _hashes(value: Any) -> bool:
    try:
        hash(value)
    except Exception:
        return False
    return True


values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=5),
        st.lists(inner, max_size=5).map(tuple),
        st.lists(inner, max_size=5).map(deque),
        st.sets(hashable, max_size=5),
        st.frozensets(hashable, max_size=5),
        st.dictionaries(hashable, inner, max_size=5),
        st.dictionaries(hashable, inner, max_size=5).map(UserDict),
        st.dictionaries(hashable, inner, max_size=5).map(HostileDict),
        st.builds(Point, inner, inner),
        st.builds(Model, name=inner),
        st.builds(Record, inner),
        st.builds(Pair, inner, inner),
    ),
    max_leaves=20,
)


@settings(max_examples=400, deadline=None)
@given(values)
def test_anything_becomes_json(value: Any) -> None:
    """A node that writes an odd value would otherwise end its run, or the stream of it."""
    shown = to_json(value)
    text = encode(shown)
    assert b"\n" not in text
    assert json.loads(text) == msgspec.json.decode(text)
    strict(shown)


def strict(shown: Any) -> None:
    """Only what JSON has, and no NaN that an encoder would turn into null without a word."""
    assert type(shown) in (dict, list, str, int, float, bool, type(None)), type(shown)
    if isinstance(shown, float):
        assert math.isfinite(shown)
    elif isinstance(shown, dict):
        for key, item in shown.items():
            assert type(key) is str
            strict(item)
    elif isinstance(shown, list):
        for item in shown:
            strict(item)


@settings(max_examples=100, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.text() | st.floats(-1, 1),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=20,
    )
)
def test_plain_json_is_unchanged(value: Any) -> None:
    """What is JSON already arrives as it was written."""
    assert to_json(value) == value


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (math.nan, {"$float": "NaN"}),
        (-math.inf, {"$float": "-Infinity"}),
        (b"\x00\xff", {"$bytes": "AP8="}),
        (datetime(2026, 1, 2, 3, 4, 5, 6000, UTC), "2026-01-02T03:04:05.006000+00:00"),
        (date(2026, 1, 2), "2026-01-02"),
        (timedelta(minutes=1.5), 90.0),
        (Decimal("1.10"), "1.10"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (PurePosixPath("/a/b"), "/a/b"),
        (Colour.RED, "red"),
        (Level.HIGH, 3),
        ({3, 1, 2}, [1, 2, 3]),
        ((1, (2,)), [1, [2]]),
        (Pair(1, 2), [1, 2]),
        (deque([1, 2]), [1, 2]),
        (OrderedDict(b=1, a=2), {"b": 1, "a": 2}),
        (defaultdict(list, a=[1]), {"a": [1]}),
        ({1: "a", None: "b", (1, 2): "c", Colour.RED: "d"}, {"1": "a", "None": "b", "(1, 2)": "c", "red": "d"}),
        (Point(1, {2}), {"x": 1, "y": [2]}),
        (Model(name=b"x", inner=Model(name=1)), {"name": {"$bytes": "eA=="}, "inner": {"name": 1, "inner": None}}),
        (Record(math.inf), {"a": {"$float": "Infinity"}}),
        (2**64, {"$object": {"type": "builtins.int", "repr": "18446744073709551616"}}),
        (True, True),
        ("\ud800x", "?x"),
        ("\u2028 ü ☃ 𝄞", "\u2028 ü ☃ 𝄞"),
    ],
    ids=repr,
)  # fmt: skip
def test_how_each_kind_is_shown(value: Any, shown: Any) -> None:
    """The tagged forms are a part of the protocol: clients read them."""
    assert to_json(value) == shown


def array(dtype: str, shape: list[int], data: list[Any]) -> Any:
    return {"$array": {"type": "numpy.ndarray", "dtype": dtype, "shape": shape, "data": data}}


def test_no_key_is_lost_where_two_read_the_same() -> None:
    """One of them would be gone from what a person sees, and nothing would say so."""
    value = {1: "int", "1": "text", 1.5: "float", None: "none", "None": "word", "1 (int)": "taken"}
    assert to_json(value) == {
        "1": "text", "1 (int)": "taken", "1 (int) 2": "int",
        "1.5": "float", "None": "word", "None (NoneType)": "none",
    }  # fmt: skip
    odd = {"\ud800": 1, "?": 2, Colour.RED: 3, "red": 4, Hostile(): 5, Hostile(): 6}
    assert sorted(to_json(odd).values()) == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (numpy.int64(3), 3),
        (numpy.float32(1.5), 1.5),
        (numpy.bool_(True), True),
        (numpy.datetime64("2026-01-02"), "2026-01-02"),
        (numpy.array(5), 5),
        (numpy.longdouble(1.5), "1.5"),
        ([numpy.float64(math.nan)], [{"$float": "NaN"}]),
        (numpy.zeros((0, 2)), array("float64", [0, 2], [])),
        (numpy.array([1.5, math.inf]), array("float64", [2], [1.5, {"$float": "Infinity"}])),
        (numpy.array([1, "a", {2}], dtype=object), array("object", [3], [1, "a", [2]])),
        (numpy.array([[1, 2], [3, 4]], dtype="int8"), array("int8", [2, 2], [[1, 2], [3, 4]])),
        (
            pandas.DataFrame({"a": [1, 2], "b": ["x", None]}),
            {
                "$table": {
                    "type": "pandas.DataFrame",
                    "shape": [2, 2],
                    "columns": ["a", "b"],
                    "dtypes": ["int64", "str"],
                    "index": [0, 1],
                    "rows": [[1, "x"], [2, {"$float": "NaN"}]],
                }
            },
        ),
        (
            pandas.Series([1, 2], index=["x", "y"]),
            {
                "$array": {
                    "type": "pandas.Series",
                    "dtype": "int64",
                    "shape": [2],
                    "index": ["x", "y"],
                    "data": [1, 2],
                }
            },
        ),
        (pandas.Timestamp("2026-01-02"), "2026-01-02T00:00:00"),
    ],
)  # fmt: skip
def test_arrays_and_tables_can_be_read(value: Any, shown: Any) -> None:
    """Their repr leaves out the middle."""
    assert to_json(value) == shown
    strict(to_json(value))


def test_what_is_cut_says_what_it_was() -> None:
    """A person sees the beginning, and how much there is; a program finds all of it by pages."""
    long, wide = "é" * 10_000, {f"k{number}": number for number in range(5_000)}
    shown = cut({"long": long, "wide": wide, "short": [1]}, 2_000)
    assert shown["short"] == [1]
    assert shown["long"]["$cut"] == {
        "type": "string", "length": 10_000, "bytes": 20_002, "beginning": "é" * 160,
    }  # fmt: skip
    told = shown["wide"]["$cut"]
    assert (told["type"], told["length"], told["bytes"]) == ("object", 5_000, len(encode(wide)))
    assert told["beginning"].items() <= wide.items()
    assert len(told["beginning"]) > 5
    assert len(encode(shown)) < 4_000


@settings(max_examples=200, deadline=None)
@given(values, st.integers(64, 5_000))
def test_whatever_is_cut_stays_small(value: Any, limit: int) -> None:
    """A frame that is larger than its reader takes would end the connection."""
    shown = to_json(value)
    small = cut(shown, limit)
    assert len(encode(small)) <= max(2 * limit, 1_200)
    strict(small)


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(
        st.text(max_size=300),
        st.lists(st.text(max_size=30), max_size=60),
        st.dictionaries(st.text(max_size=30), st.text(max_size=30), max_size=60),
    ),
    st.integers(200, 400),
)
def test_pages_are_the_whole(value: Any, limit: int) -> None:
    """Nothing between two pages may be left out, or be in both."""
    pieces, start = [], 0
    while start < len(value):
        part, end = page(value, start, None, limit)
        assert end > start
        assert len(encode(part)) <= 2 * limit
        pieces.append(part)
        start = end
    if isinstance(value, dict):
        assert {key: item for piece in pieces for key, item in piece.items()} == value
    elif isinstance(value, str):
        assert "".join(pieces) == value
    else:
        assert [item for piece in pieces for item in piece] == value


@pytest.mark.parametrize(
    ("pointer", "found"),
    [
        ("", "all"),
        ("/list/1", "two"),
        ("/tuple/0", datetime(2026, 1, 2)),
        ("/set/2", 3),
        ("/point/y", {1}),
        ("/model/name", b"x"),
        ("/record/a", 7),
        ("/message/content", "hi"),
        ("/array/$array/shape/0", 2),
        ("/keys/1", "text"),
        ("/keys/1 (int)", "int"),
        ("/odd~1key/~0", "escaped"),
    ],
)
def test_pointers_lead_to_the_values_themselves(pointer: str, found: Any) -> None:
    """As they are shown, and as they are: what is edited beside one of them keeps its type."""
    value = {
        "list": ["one", "two"],
        "tuple": (datetime(2026, 1, 2),),
        "set": {3, 1, 2},
        "point": Point(1, {1}),
        "model": Model(name=b"x"),
        "record": Record(7),
        "message": HumanMessage("hi"),
        "array": numpy.arange(2),
        "keys": {1: "int", "1": "text"},
        "odd/key": {"~": "escaped"},
    }
    assert at(value, pointer) == (value if found == "all" else found)


@pytest.mark.parametrize(
    "pointer", ["list", "/list/2", "/list/-1", "/list/x", "/none", "/none/x", "/text/0", "/list/"]
)
def test_pointers_to_nothing_are_refused(pointer: str) -> None:
    with pytest.raises(PointerError):
        at({"list": [1, 2], "text": "x"}, pointer)


def test_messages_are_shown_whole() -> None:
    """A chat client needs the type, the text, the id and the tool calls of a message."""
    call = {"name": "search", "args": {"q": "x"}, "id": "1", "type": "tool_call"}
    shown = to_json([HumanMessage("hi", id="m"), AIMessage("", tool_calls=[call])])
    assert (shown[0]["type"], shown[0]["content"], shown[0]["id"]) == ("human", "hi", "m")
    assert shown[1]["tool_calls"] == [call]
    assert to_json(ToolMessage("done", tool_call_id="1"))["tool_call_id"] == "1"
    assert to_json(AIMessageChunk("pie"))["content"] == "pie"


class Nameless(type):
    """Of classes that keep their names to themselves."""

    def __getattribute__(cls, name: str) -> Any:
        if name in ("__name__", "__qualname__", "__module__"):
            raise RuntimeError("no name")
        return super().__getattribute__(name)


def test_hostile_objects_are_named() -> None:
    """An object that answers every question with an exception still has a type."""
    nameless = Nameless("Hostile", (), {})
    for value in (
        Hostile(), HostileDict(a=1), HostileModel(), HostileClass(), {Hostile(): 1}, nameless(), nameless,
    ):  # fmt: skip
        text = encode(to_json(value)).decode()
        assert "Hostile" in text


AGAIN = {"$object": {"type": "builtins.list", "repr": "[...]"}}


def test_values_that_contain_themselves() -> None:
    """A parent that knows its children, who know their parent: shown once, and not as often as there are ways to it."""
    ring: list[Any] = [1]
    ring += [ring, ring, {"again": ring}]
    parent = Point("parent", [])
    parent.y = [Point("child", parent) for _ in range(10)]
    knot: dict[str, Any] = {}
    knot["a"] = knot["b"] = knot
    model = Model()
    model.inner = model
    model.name = [model, model]
    for value in (ring, parent, knot, model):
        text = encode(to_json(value))
        assert len(text) < 50_000
        assert b"$object" in text


def test_values_that_all_know_each_other_are_shown_once_each() -> None:
    """There are more ways through thirty that know all others than could ever be written."""
    people = [Point(f"p{number}", []) for number in range(30)]
    for one in people:
        one.y = [*people]
    text = encode(to_json(people)).decode()
    assert all(text.count(f'"{one.x}"') == 1 for one in people)
    assert '.Point","repr":"Point(...)"}}' in text
    named: list[dict[str, Any]] = [{"name": number} for number in range(30)]
    for one in named:
        one["knows"] = named
    assert to_json(named)[1] == {"name": 1, "knows": AGAIN}


def test_many_that_know_the_whole_cost_no_more_than_the_whole() -> None:
    """Each shows where it points, and not what stands there once more."""
    whole: list[Any] = []
    whole += [{"whole": whole} for _ in range(100_000)]
    assert to_json(whole)[99_999] == {"whole": AGAIN}


class Made:
    """What it dumps is made anew each time that somebody looks."""

    def __init__(self, number: int, whole: Any) -> None:
        self.number = number
        self.whole = whole

    def model_dump(self) -> dict[str, Any]:
        return {"number": self.number, "whole": self.whole}


def test_what_is_made_to_be_shown_is_not_taken_for_what_was() -> None:
    """Python gives the place of what is gone to the next one."""
    whole: list[Any] = []
    whole += [Made(number, whole) for number in range(50)]
    assert [one["number"] for one in to_json(whole)] == list(range(50))


def test_a_value_that_is_twice_in_another_is_shown_twice() -> None:
    """Only what contains itself is cut: the same list in two places is two lists."""
    shared = [1, {"a": 2}]
    assert to_json({"x": shared, "y": [shared, shared]}) == {
        "x": shared,
        "y": [shared, shared],
    }


def test_very_deep_values_are_cut() -> None:
    """A list a thousand deep would exhaust the stack of whoever reads it."""
    deep: Any = "bottom"
    for _ in range(1000):
        deep = [deep]
    text = encode(to_json(deep))
    assert b"$object" in text
    assert text.count(b"[") <= 1000


def test_large_objects_show_the_beginning_and_keep_the_rest() -> None:
    """What a person is shown of an object of a megabyte is short; nothing of it is out of reach."""

    class Large:
        def __repr__(self) -> str:
            return "x" * 1_000_000

    value = {"large": Large()}
    shown = cut(to_json(value))["large"]["$object"]["repr"]["$cut"]
    assert (shown["type"], shown["length"]) == ("string", 1_000_000)
    assert at(value, "/large/$object/repr") == "x" * 1_000_000
    assert to_json(10**5000)["$object"]["repr"] == hex(10**5000)


@pytest.mark.parametrize(
    ("value", "data"),
    [
        (pandas.array([1, None], dtype="Int64"), [1, None]),
        (pandas.array([True, None], dtype="boolean"), [True, None]),
        (pandas.array([1.5, None], dtype="Float64"), [1.5, None]),
        (pandas.Series(["x", None], dtype="string"), ["x", None]),
        (pandas.Series([pandas.NaT, pandas.Timestamp("2026-01-02")]), [None, "2026-01-02T00:00:00"]),
        (numpy.ma.array([1.5, 2.5], mask=[False, True]), [1.5, None]),
        (numpy.array(["2026-01-02", "NaT"], "M8[ns]"), ["2026-01-02T00:00:00.000000000", None]),
        (numpy.array([1500, "NaT"], "m8[ns]"), [1.5e-06, None]),
    ],
)  # fmt: skip
def test_what_is_missing_in_an_array_is_null_and_dates_are_dates(value: Any, data: Any) -> None:
    shown = to_json(value)
    assert shown["$array"]["data"] == data
    strict(shown)
    assert to_json([pandas.NA, pandas.NaT]) == [None, None]


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"a": 1},
        {"long": "x" * 20_000, "short": [1, 2], "é": {"k": "y" * 9_000}},
        {str(number): "z" * 300 for number in range(200)},
        {"$array": {"data": list(range(20_000))}},
    ],
)
def test_a_cut_with_known_sizes_is_the_same(value: dict[str, Any]) -> None:
    sizes = {name: len(encode(item)) for name, item in value.items()}
    for limit in (2, 300, 16_384, 1_000_000):
        assert cut(value, limit, sizes) == cut(value, limit)
        for start in (0, 1):
            assert page(value, start, None, limit, sizes) == page(value, start, None, limit)
