"""What a server is given: calls as the examples show them, changed at random, and what is no call at all."""

import copy
import json
from typing import Any

from hypothesis import strategies as st

from protocol.examples import METHOD_EXAMPLES

TEXTS = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        [
            "",
            "x",
            "\x00",
            "\x1b]52;c;x\x07",
            "../../etc/passwd",
            "%00",
            "' OR 1=1 --",
            "${x}",
            "a" * 5000,
            "ä" * 300,
            "\u202e",
            "hello",
            "ask",
            "greeter",
            "asking",
            "completed",
            "before",
            "9**9**9",
            "len('%2000000000d' % 1)",
            "state.said",
            "/said/0",
            "/-",
            "event-1/status",
        ]
    ),
)

NUMBERS = st.one_of(
    st.integers(-3, 3),
    st.integers(-(2**80), 2**80),
    st.sampled_from([2**31, 2**53, 2**63, -(2**63) - 1, 10**300]),
    st.floats(allow_nan=False, allow_infinity=False),
)

SCALARS = st.one_of(st.none(), st.booleans(), NUMBERS, TEXTS)

VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXTS, inner, max_size=4)),
    max_leaves=8,
)

METHODS = sorted(METHOD_EXAMPLES)

SESSION = "@session"
"""Stands for the id of a session that is there."""


@st.composite
def params(draw: st.DrawFn, method: str) -> Any:
    """Params of a method: its example's, some of them changed, removed or added."""
    found: Any = copy.deepcopy(METHOD_EXAMPLES[method][0])
    if "session_id" in found and draw(st.integers(0, 9)):
        found["session_id"] = SESSION
    for name in list(found):
        what = draw(st.integers(0, 9))
        if what == 0:
            del found[name]
        elif what <= 2 and name != "session_id":
            found[name] = draw(VALUES)
    if not draw(st.integers(0, 5)):
        found[draw(TEXTS)] = draw(VALUES)
    shape = draw(st.integers(0, 19))
    if shape == 0:
        return list(found.values())
    return draw(VALUES) if shape == 1 else found


@st.composite
def calls(draw: st.DrawFn) -> dict[str, Any]:
    """A call without its id."""
    method = draw(st.sampled_from(METHODS))
    found = {"jsonrpc": "2.0", "method": method, "params": draw(params(method))}
    odd = draw(st.integers(0, 19))
    if odd == 0:
        found["method"] = draw(TEXTS)
    elif odd == 1:
        found["jsonrpc"] = draw(SCALARS)
    elif odd == 2:
        found[draw(TEXTS)] = draw(VALUES)
    return found


ODD_TEXTS = st.one_of(
    st.integers(1, 100_000).map(lambda depth: "[" * depth),
    st.integers(1, 600).map(lambda depth: '{"a":' * depth + "1" + "}" * depth),
    st.integers(1, 20_000).map(lambda digits: "9" * digits),
    st.sampled_from(
        [
            "",
            " ",
            "NaN",
            "-Infinity",
            "1e999999",
            "-",
            '"\\ud800"',
            '{"jsonrpc":"2.0","id":1,"method":"server.info","id":2}',
            '{"jsonrpc":"2.0","id":1e400,"method":"server.info"}',
            '{"jsonrpc":"2.0","id":{},"method":"server.info"}',
            '{"jsonrpc":"2.0","id":"\\ud800","method":"server.info"}',
            "[]",
            "[[]]",
            "\ufeff{}",
            "[" + ",".join(["1"] * 200) + "]",
            '{"jsonrpc":"2.0","result":1,"id":1}',
            "x" * 70_000,
            "\x00" * 10,
        ]
    ),
    st.text(max_size=60),
    VALUES.map(lambda value: json.dumps(value)),
)
"""Text messages that are no calls."""


def filled(value: Any, session_id: str) -> Any:
    """With the id of a session."""
    if value == SESSION:
        return session_id
    if isinstance(value, list):
        return [filled(one, session_id) for one in value]
    if isinstance(value, dict):
        return {key: filled(one, session_id) for key, one in value.items()}
    return value
