"""What is known of one graph: what it is asked, what it asks, and what is changed in it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Edit:
    """One value of the state, changed before a node.

    `before`: the node, of the top graph. `path`: the value's JSON Pointer into the state. `value`: what it becomes.
    `update`: the same for LangGraph's `update_state`, made of the state's values. `seen`: text that is in the
    result for it, and not without it. `as_node`: of `update_state`, where LangGraph takes another node to have run last.
    """

    before: str
    path: str
    value: Any
    update: Callable[[Mapping[str, Any]], Any]
    seen: str
    as_node: str | None = None


@dataclass(frozen=True)
class Example:
    """A graph and its trial.

    `target`: as `stepwire serve` takes it, without a name. `package`: whose graph it is on PyPI; '' for a small one of
    the same shape as a public one. `input`: of the run. `nodes`: paths that its description has, with those
    of its subgraphs. `answers`: what a person says to a question. `inside`: paths at which a step into it stands.
    `closed`: nodes that call graphs which keep no checkpoints: these are run through.
    `edit`, `rewind`: the value that is changed, the node before which it goes back; None where plain LangGraph has no such thing for it. `varying`:
    keys whose values no two runs share, such as times.
    """

    name: str
    package: str
    target: str
    input: Any
    nodes: tuple[str, ...]
    inside: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    answers: Callable[[Any], Any] | None = None
    edit: Edit | None = None
    rewind: str | None = None
    varying: tuple[str, ...] = ()
