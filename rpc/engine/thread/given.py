"""What a client gives for a state, as the state's channels take it."""

from collections.abc import Mapping
from itertools import repeat
from typing import Annotated, Any, NotRequired, Required, get_args, get_origin

import pydantic
from langgraph.channels.binop import BinaryOperatorAggregate
from langgraph.channels.delta import DeltaChannel
from langgraph.types import Overwrite
from typing_extensions import ReadOnly, get_type_hints

from protocol.errors import INVALID_PARAMS, ProtocolError
from rpc.engine.langgraph.exits import Ordinary
from rpc.engine.langgraph.names import OVERWRITE, is_internal
from rpc.engine.thread.config import Graph
from rpc.engine.thread.messages import as_messages, as_shown, holds_messages, of_instances
from rpc.engine.thread.subgraphs import subgraph
from rpc.engine.thread.trial import refusal
from rpc.engine.values.from_json import PlaceholderError, from_json
from rpc.engine.values.to_json import encode, to_json
from rpc.suggest import did_you_mean


def checked(graph: Graph, path: tuple[str, ...], values: Mapping[str, Any]) -> dict[str, Any]:
    """`values` as the schema of the (sub)graph's state takes them.

    `path`: node names from the top graph. Raises `ProtocolError` (invalid params), its path the channel's.
    """
    found = subgraph(graph, path)
    channels = [name for name in found.channels if not is_internal(name)]
    for name in values:
        if name not in channels:
            raise ProtocolError(
                INVALID_PARAMS,
                f"the state has no {name!r}; {did_you_mean(name, channels)}it has "
                + ", ".join(sorted(channels)),
                path=f"$.values.{name}",
            )
    hints = _hints(found)
    taken: dict[str, Any] = {}
    for name, value in values.items():
        try:
            taken[name] = _taken(name, value, hints.get(name, Any), found.channels[name])
        except PlaceholderError as error:
            path_ = ".".join([f"$.values.{name}", *map(str, error.path)])
            raise ProtocolError(INVALID_PARAMS, f"{error} - at `{path_}`", path=path_) from error
    return taken


def known(graph: Graph, path: tuple[str, ...], values: Mapping[str, Any]) -> dict[str, Any]:
    """Those of `values` that the (sub)graph's state has; LangGraph passes over others."""
    channels = subgraph(graph, path).channels
    return {
        name: value for name, value in values.items() if name in channels and not is_internal(name)
    }


def with_messages(graph: Graph, name: str, before: Any, value: Any) -> Any:
    """A channel's whole value, in which a client may have put messages as objects, with those as messages.

    Where what was there `before` has objects in place of messages, as a graph without a reducer may keep them, they stay what they are.
    Raises `ProtocolError` (invalid params) where one is none.
    """
    hint = _hints(graph).get(name, Any)
    if not holds_messages(hint):
        return value
    try:
        with Ordinary():
            return _filled(value, hint, before)
    except Exception as error:
        # LangChain's, of what is no message.
        raise refusal(error, (), (), "$.value") from error


def _filled(value: Any, hint: Any, before: Any) -> Any:
    origin = get_origin(hint)
    if isinstance(value, list | tuple):
        old = list(before) if isinstance(before, list | tuple) else []
        # What is added is as the others are.
        added: Any = {} if old and all(isinstance(one, dict) for one in old) else None
        old += [added] * (len(value) - len(old))
        return type(value)([_filled(*pair) for pair in zip(value, repeat(Any), old, strict=False)])
    if not isinstance(value, dict):
        return value
    if isinstance(origin, type) and issubclass(origin, Mapping):
        was: Any = before if isinstance(before, Mapping) else {}
        return {key: _filled(one, get_args(hint)[1], was.get(key)) for key, one in value.items()}
    return value if isinstance(before, dict) else as_messages(as_shown(value))


def check_part(graph: Graph, name: str, before: Any, after: Any) -> None:
    """Raises `ProtocolError` (invalid params) where a channel's value was of its declared type, and is not any more."""
    hint = _hints(graph).get(name, Any)
    try:
        with Ordinary():
            adapter = pydantic.TypeAdapter(hint)
            adapter.validate_python(before, strict=True)
    except Exception:
        # It was not of its type, or that cannot be checked: a validator of the graph's may raise anything.
        return
    try:
        with Ordinary():
            adapter.validate_python(after, strict=True)
    except pydantic.ValidationError as error:
        text = error.errors()[0]["msg"]
        raise ProtocolError(INVALID_PARAMS, text, path="$.value") from error
    except Exception as error:
        raise refusal(error, (), (), "$.value") from error


def _hints(graph: Graph) -> dict[str, Any]:
    """What each channel's updates are of. What is said inside a type of how to check it stays, as of messages."""
    schema = getattr(getattr(graph, "builder", None), "state_schema", None)
    try:
        hints = get_type_hints(schema, include_extras=True) if schema is not None else {}
    except (NameError, TypeError):
        return {}
    return {name: _bare(hint) for name, hint in hints.items()}


def _bare(hint: Any) -> Any:
    """Without the reducer that a channel is annotated with, and without whether it is required."""
    while get_origin(hint) in (Annotated, Required, NotRequired, ReadOnly):
        hint = get_args(hint)[0]
    return hint


def _taken(name: str, value: Any, hint: Any, channel: object) -> Any:
    """A client's value as the channel takes it; `{"__overwrite__": …}` replaces, past the reducer."""
    # A channel without a reducer is replaced by any value, and knows no `Overwrite`.
    reduces = isinstance(channel, BinaryOperatorAggregate | DeltaChannel)
    if not (isinstance(value, dict) and value.keys() == {OVERWRITE}):
        return _checked(name, value, hint, whole=not reduces)
    whole = _checked(name, value[OVERWRITE], hint, whole=True)
    return Overwrite(whole) if reduces else whole


def _checked(name: str, value: Any, hint: Any, *, whole: bool) -> Any:
    """One value by its channel's type; where pydantic cannot check the type, the value as it is.

    `whole`: it becomes the channel's value as it is, and no reducer makes anything of it.
    """
    read = from_json(value)
    try:
        if holds_messages(hint):
            return _messages(read, hint, whole=whole)
        with Ordinary():
            adapter = pydantic.TypeAdapter(hint)
            # JSON has no bytes, and no NaN: these were read already, and the rest is as JSON says it.
            if to_json(read) == read:
                return adapter.validate_json(encode(read), strict=True)
            return adapter.validate_python(read)
    except pydantic.errors.PydanticUserError:
        return read
    except pydantic.ValidationError as error:
        first = error.errors()[0]
        where = [*map(str, first["loc"])]
        if holds_messages(hint):
            # A place is followed by which class was asked for, as pydantic names that.
            where = [one for one in where if not one.endswith("]")]
        path = ".".join([f"$.values.{name}", *where])
        raise ProtocolError(INVALID_PARAMS, f"{first['msg']} - at `{path}`", path=path) from error
    except Exception as error:
        # LangChain's, of what is no message; a validator of the graph's may raise anything.
        raise refusal(error, (name,), (name,)) from error


def _messages(read: Any, hint: Any, *, whole: bool) -> Any:
    """Messages in any form, as what a reducer takes; or, as a `whole`, as what nodes are given.

    Raises `pydantic.ValidationError` where that is not of the channel's type, as one message where it has a list.
    """
    if not whole:
        # Reducers take messages in LangChain's short form, and give them their class.
        return as_shown(read)
    origin = get_origin(hint)
    if isinstance(read, dict) and isinstance(origin, type) and issubclass(origin, Mapping):
        return {key: _messages(one, get_args(hint)[1], whole=True) for key, one in read.items()}
    found: Any = as_messages(as_shown(read)) if read is not None else None
    if origin is tuple and isinstance(found, list):
        found = tuple(found)
    with Ordinary():
        pydantic.TypeAdapter(of_instances(hint)).validate_python(found, strict=True)
    return found
