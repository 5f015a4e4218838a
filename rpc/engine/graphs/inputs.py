"""What a query gives a graph: its input, and its settings."""

from collections.abc import Mapping, Sequence
from dataclasses import is_dataclass
from types import UnionType
from typing import Annotated, Any, Literal, NotRequired, Required, Union, get_args, get_origin

import msgspec
import pydantic
from langgraph.pregel import Pregel
from msgspec import Struct
from typing_extensions import (
    ReadOnly,
    TypedDict,
    get_type_hints,
    is_typeddict,
)

from protocol.errors import INVALID_PARAMS, ProtocolError
from rpc.engine.langgraph.exits import NodeExitedError, Ordinary
from rpc.engine.langgraph.names import SERVERS_KEYS
from rpc.engine.values.to_json import to_json
from rpc.json_values import json_type
from rpc.masking import masked
from rpc.suggest import did_you_mean

RESERVED = frozenset({"thread_id", "checkpoint_id", "checkpoint_ns", "checkpoint_map"})
"""Keys of `configurable` that are the server's: a client must not steer another session's thread."""

LANGGRAPH_KEYS = frozenset(
    {"recursion_limit", "tags", "metadata", "configurable", "max_concurrency", "run_name"}
)
"""Keys of `query.start`'s `config` that are LangGraph's own."""


LIMIT_KEYS = {"node_timeout_seconds": "node", "run_timeout_seconds": "run"}
"""Keys of `config` that are the server's: seconds for each attempt of a node, and for the run."""


class RunConfig(Struct, frozen=True):
    """`query.start`'s `config`, sorted: LangGraph's own keys, `configurable`, and the graph's context.

    `limits`: seconds by what they limit, `node` or `run`.
    """

    langgraph: dict[str, Any]
    configurable: dict[str, Any]
    context: Any
    limits: dict[str, float] = {}


def graph_input(graph: Pregel[Any, Any, Any, Any], query: str) -> Any:
    """The input that carries `query`: its `query` key, else its `messages` key, else a plain string.

    Raises `ProtocolError` (invalid params) where the graph's input has none of them.
    """
    fields = _input_fields(graph)
    if fields is None:
        return query
    if "query" in fields:
        return {"query": query}
    if "messages" in fields:
        return {"messages": [{"role": "user", "content": query}]}
    raise ProtocolError(
        INVALID_PARAMS,
        "this graph's input has neither a `query` nor a `messages` key; give `input` with some of: "
        + ", ".join(sorted(fields)),
        path="$.query",
    )


def check_input(graph: Pregel[Any, Any, Any, Any], value: Any) -> None:
    """Refuse what no run could take. Raises `ProtocolError` (invalid params)."""
    fields = _input_fields(graph)
    if fields is None:
        return
    if not isinstance(value, dict):
        raise ProtocolError(
            INVALID_PARAMS,
            f"expected an object with some of: {', '.join(sorted(fields))}; got {json_type(value)}",
            path="$.input",
        )
    if not fields.intersection(value):
        raise ProtocolError(
            INVALID_PARAMS,
            f"none of its keys is of the graph's input: {', '.join(sorted(fields))}",
            path="$.input",
        )


def run_config(graph: Pregel[Any, Any, Any, Any], config: Mapping[str, Any] | None) -> RunConfig:
    """Sort a query's `config`, and make the graph's context of it: that calls the graph's own code, which may take long.

    Raises `ProtocolError` (invalid params), its path the key.
    """
    limits = config_limits(config)
    given = {key: value for key, value in (config or {}).items() if key not in LIMIT_KEYS}
    langgraph = {key: given.pop(key) for key in LANGGRAPH_KEYS & given.keys()}
    explicit = langgraph.pop("configurable", {})
    _check_langgraph(langgraph, explicit)
    configurable = {**given, **explicit}
    for key in configurable:
        if key in RESERVED or key.startswith(SERVERS_KEYS):
            raise ProtocolError(
                INVALID_PARAMS, f"{key!r} is set by the server", path=f"$.config.{key}"
            )
    for key in langgraph.get("metadata", {}):
        if key.startswith(SERVERS_KEYS):
            raise ProtocolError(
                INVALID_PARAMS, f"{key!r} is set by the server", path=f"$.config.metadata.{key}"
            )
    schema = graph.context_schema
    if schema is None:
        return RunConfig(langgraph, configurable, None, limits)
    names = _field_names(schema)
    for key in given.keys() - names:
        raise ProtocolError(
            INVALID_PARAMS,
            f"the graph has no setting {key!r}; {did_you_mean(key, names)}it has {', '.join(sorted(names))}",
            path=f"$.config.{key}",
        )
    return RunConfig(langgraph, configurable, _context(schema, given), limits)


def config_limits(config: Mapping[str, Any] | None) -> dict[str, float]:
    """The seconds that a query's `config` has, by what they limit: `node`, `run`. Raises `ProtocolError` (invalid params)."""
    given = config or {}
    return {LIMIT_KEYS[key]: _limit(key, given[key]) for key in LIMIT_KEYS.keys() & given.keys()}


class Given(Struct, frozen=True):
    """What a run was given beside its input: its `config` and its `context` as JSON, secrets masked.

    `raw_context`: the context as the graph's nodes have it.
    """

    config: Any = {}
    context: Any = None
    raw_context: Any = None

    @property
    def names(self) -> dict[str, Any]:
        """As expressions see it."""
        return {"config": self.config, "context": self.context}


def given_of(graph: Pregel[Any, Any, Any, Any], config: Mapping[str, Any] | None) -> Given:
    """What a query's `config` gives a run; no context where it does not fit the graph any more."""
    given = dict(config or {})
    try:
        context = run_config(graph, given).context
    except ProtocolError:
        context = None
    return given_with(given, context)


def given_with(config: Mapping[str, Any] | None, context: Any) -> Given:
    """The same, where the context was made already."""
    return Given(masked(dict(config or {})), masked(to_json(context)), context)


def _limit(key: str, value: Any) -> float:
    try:
        seconds: float = msgspec.convert(value, Annotated[float, msgspec.Meta(gt=0)])
        return seconds
    except msgspec.ValidationError as error:
        raise ProtocolError(
            INVALID_PARAMS, f"expected seconds: {error}", path=f"$.config.{key}"
        ) from error


def _check_langgraph(langgraph: dict[str, Any], explicit: Any) -> None:
    expected: dict[str, Any] = {
        "recursion_limit": int,
        "max_concurrency": int,
        "tags": list[str],
        "metadata": dict[str, Any],
        "run_name": str,
    }
    for key, value in [*langgraph.items(), ("configurable", explicit)]:
        try:
            msgspec.convert(value, expected.get(key, dict[str, Any]), strict=True)
        except msgspec.ValidationError as error:
            raise ProtocolError(INVALID_PARAMS, str(error), path=f"$.config.{key}") from error
        if isinstance(value, int) and not 1 <= value <= 1_000_000:
            raise ProtocolError(INVALID_PARAMS, "expected 1 to 1000000", path=f"$.config.{key}")


def _context(schema: type[Any], values: dict[str, Any]) -> Any:
    """`values` as the graph's context, checked as far as its schema can check."""
    try:
        with Ordinary():
            if isinstance(schema, type) and issubclass(schema, pydantic.BaseModel):
                return schema(**values)
            try:
                kind = _optional(schema)
                return msgspec.convert(values, kind, strict=False, dec_hook=_field_value)
            except (TypeError, NameError):
                # A field of a type msgspec does not know: the class checks itself, or nothing does.
                return schema(**values) if is_dataclass(schema) else values
    except msgspec.ValidationError as error:
        message, _, where = str(error).partition(" - at ")
        path = where.strip("`").replace("$", "$.config", 1) if where else "$.config"
        raise ProtocolError(INVALID_PARAMS, message, path=path) from error
    except pydantic.ValidationError as error:
        first = error.errors()[0]
        path = ".".join(["$.config", *map(str, first["loc"])])
        raise ProtocolError(INVALID_PARAMS, first["msg"], path=path) from error
    except (TypeError, ValueError, NodeExitedError) as error:
        raise ProtocolError(INVALID_PARAMS, str(error), path="$.config") from error


def _field_value(kind: Any, value: Any) -> Any:
    """A context's field of a type that msgspec does not know: a model of Pydantic, or as it was given."""
    if not (isinstance(kind, type) and issubclass(kind, pydantic.BaseModel)):
        return value
    try:
        return kind.model_validate(value)
    except pydantic.ValidationError as error:
        first = error.errors()[0]
        raise ValueError(": ".join([*map(str, first["loc"]), first["msg"]])) from error


def _optional(hint: Any, seen: tuple[Any, ...] = ()) -> Any:
    """The type with every field of every TypedDict in it optional: LangGraph requires none of a context."""
    if hint in seen:
        # It contains itself.
        return Any
    if is_typeddict(hint):
        seen = (*seen, hint)
        fields = {name: _optional(kind, seen) for name, kind in get_type_hints(hint).items()}
        return TypedDict(hint.__name__, fields, total=False)  # type: ignore[operator]
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Required, NotRequired, ReadOnly):
        return _optional(args[0], seen)
    if origin is Annotated:
        return Annotated[(_optional(args[0], seen), *args[1:])]
    if origin is None or origin is Literal or not args:
        return hint
    made = tuple(
        _optional(one, seen) if not isinstance(one, list) and one is not ... else one
        for one in args
    )
    return Union[made] if origin in (Union, UnionType) else origin[made]  # noqa: UP007


def _field_names(schema: type[Any]) -> set[str]:
    try:
        return set(get_type_hints(schema))
    except (NameError, TypeError):
        return set(getattr(schema, "__annotations__", {}))


def _input_fields(graph: Pregel[Any, Any, Any, Any]) -> set[str] | None:
    """The keys of the graph's input; None where it is one value, as of a function's `@entrypoint`."""
    builder = getattr(graph, "builder", None)
    if builder is None:
        return None if isinstance(graph.input_channels, str) else set(graph.input_channels)
    return set(builder.schemas.get(builder.input_schema, {})) - {"__root__"} or None


def given_config(
    graph: Pregel[Any, Any, Any, Any],
    configs: Sequence[Mapping[str, Any]],
    context: Mapping[str, Any],
) -> dict[str, Any]:
    """LangGraph's configs, the later before the earlier, and a context, as `run_config` takes them.

    What the server sets is left out, and so is of the context what the graph has no field for, as LangGraph's server does it.
    """
    made: dict[str, Any] = {}
    configurable: dict[str, Any] = {}
    for config in configs:
        metadata = {**made.get("metadata", {}), **(config.get("metadata") or {})}
        made.update({key: value for key, value in config.items() if key in LANGGRAPH_KEYS})
        made["metadata"] = metadata
        configurable.update(config.get("configurable") or {})
    made.pop("configurable", None)
    for key in ("tags", "metadata", "recursion_limit", "max_concurrency", "run_name"):
        if made.get(key) is None:
            made.pop(key, None)
    if "metadata" in made:
        made["metadata"] = {
            key: value
            for key, value in made["metadata"].items()
            if not key.startswith(SERVERS_KEYS)
        }
    given = {**configurable, **context}
    given = {
        key: value
        for key, value in given.items()
        if key not in RESERVED and not key.startswith(SERVERS_KEYS)
    }
    if given:
        made["configurable"] = given
    if graph.context_schema is not None:
        names = _field_names(graph.context_schema)
        source = context or configurable
        made.update({key: value for key, value in source.items() if key in names})
    return made
