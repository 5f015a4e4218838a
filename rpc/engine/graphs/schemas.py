"""JSON Schemas (2020-12) of what a graph takes, keeps and gives."""

import dataclasses
import inspect
import types
import typing
import warnings
from collections.abc import Collection, Mapping
from typing import Annotated, Any, Union, get_args, get_origin

import typing_extensions
from langgraph.graph.state import CompiledStateGraph
from langgraph.pregel import Pregel
from pydantic import BaseModel, ConfigDict, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core.core_schema import CoreSchema
from typing_extensions import is_typeddict

from protocol.graphs import Schemas
from rpc.engine.values.to_json import to_json

# As a function: type checkers know only its declarations.
_make_typed_dict: Any = typing_extensions.TypedDict

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schemas_of(graph: Pregel[Any, Any, Any, Any]) -> Schemas:
    """The four schemas; what JSON Schema cannot describe allows anything, and nothing raises.

    `config` describes the graph's context, where it declares a `context_schema`.
    """
    context = graph.context_schema
    config = None if context is None else json_schema(context, "Config")
    if isinstance(graph, CompiledStateGraph):
        builder = graph.builder
        # Values that LangGraph computes, such as the steps left, are no one's to give.
        managed = builder.managed.keys()
        return Schemas(
            input=json_schema(builder.input_schema, "Input", without=managed),
            state=json_schema(builder.state_schema, "State", without=managed),
            output=json_schema(builder.output_schema, "Output", without=managed),
            config=config,
        )
    return Schemas(
        input=json_schema(_channel_types(graph, graph.input_channels, "UpdateType"), "Input"),
        state=json_schema(_channel_types(graph, graph.stream_channels_asis, "ValueType"), "State"),
        output=json_schema(_channel_types(graph, graph.output_channels, "ValueType"), "Output"),
        config=config,
    )


def state_type(graph: Pregel[Any, Any, Any, Any]) -> str:
    """What kind of class the state is: `TypedDict`, `BaseModel`, `dataclass`, else its name."""
    if isinstance(graph, CompiledStateGraph):
        kind = graph.builder.state_schema
    else:
        kind = _channel_types(graph, graph.input_channels, "UpdateType")
    kind = get_args(kind)[0] if get_origin(kind) is Annotated else kind
    if is_typeddict(kind):
        return "TypedDict"
    if inspect.isclass(kind) and issubclass(kind, BaseModel):
        return "BaseModel"
    if dataclasses.is_dataclass(kind):
        return "dataclass"
    return str(getattr(kind, "__name__", kind))


def json_schema(kind: Any, title: str, without: Collection[str] = ()) -> dict[str, Any]:
    """The JSON Schema of a type, under `title` where the type has no name of its own.

    `without`: fields to leave out. Never raises: a field, or the whole, that Pydantic cannot describe
    allows anything.
    """
    attempts = [kind, _lenient] if not without else [_lenient]
    for attempt in attempts:
        try:
            described = _describe(attempt(kind, without) if attempt is _lenient else kind)
        except Exception:
            # Pydantic and the hooks of a user's types raise what they like.
            continue
        return {"$schema": DIALECT, "title": title, **to_json(described)}
    return {"$schema": DIALECT, "title": title}


class _AnythingElse(GenerateJsonSchema):
    """Describes what JSON cannot say as anything, and says nothing on the console."""

    def handle_invalid_for_json_schema(
        self, schema: CoreSchema, error_info: str
    ) -> JsonSchemaValue:
        return {}

    def emit_warning(self, kind: Any, detail: str) -> None:
        pass


def _describe(kind: Any) -> dict[str, Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        adapter: TypeAdapter[Any] = TypeAdapter(kind, config=_config_for(kind))
        return adapter.json_schema(schema_generator=_AnythingElse)


def _config_for(kind: Any) -> ConfigDict | None:
    """Pydantic takes a configuration only for types that cannot carry their own."""
    bare = get_args(kind)[0] if get_origin(kind) is Annotated else kind
    if is_typeddict(bare) or dataclasses.is_dataclass(bare):
        return None
    if inspect.isclass(bare) and issubclass(bare, BaseModel):
        return None
    return ConfigDict(arbitrary_types_allowed=True)


def _lenient(kind: Any, without: Collection[str]) -> Any:
    """The type rebuilt so that Pydantic can describe it: fields that it cannot describe are Any."""
    fields = _fields(kind)
    if fields is None:
        return _described_or_any(_rebuilt(kind, ()))
    return _typed_dict(kind, {k: v for k, v in fields.items() if k not in without}, (kind,))


def _fields(kind: Any) -> dict[str, tuple[Any, bool]] | None:
    """The fields of a class as (type, whether required); None for a type without fields."""
    if is_typeddict(kind):
        required = kind.__required_keys__
        return {name: (hint, name in required) for name, hint in _hints(kind).items()}
    if inspect.isclass(kind) and issubclass(kind, BaseModel):
        return {
            field.alias or name: (field.annotation, field.is_required())
            for name, field in kind.model_fields.items()
        }
    if dataclasses.is_dataclass(kind) and inspect.isclass(kind):
        hints = _hints(kind)
        return {
            field.name: (
                hints.get(field.name, Any),
                field.default is dataclasses.MISSING
                and field.default_factory is dataclasses.MISSING,
            )
            for field in dataclasses.fields(kind)
        }
    return None


def _hints(kind: Any) -> dict[str, Any]:
    try:
        return typing_extensions.get_type_hints(kind, include_extras=True)
    except Exception:
        # A name that exists only for type checkers spoils all of them: then one at a time.
        return {name: _hint(kind, name) for name in kind.__annotations__}


def _hint(kind: Any, name: str) -> Any:
    alone = types.SimpleNamespace(__annotations__={name: kind.__annotations__[name]})
    try:
        module = inspect.getmodule(kind)
        return typing_extensions.get_type_hints(
            alone, globalns=vars(module) if module else None, include_extras=True
        )[name]
    except Exception:
        return Any


def _typed_dict(kind: Any, fields: Mapping[str, tuple[Any, bool]], seen: tuple[Any, ...]) -> Any:
    """A TypedDict that Pydantic takes on every version of Python, of the class's name and fields."""
    annotations: dict[str, Any] = {}
    for name, (hint, required) in fields.items():
        described = _described_or_any(_rebuilt(hint, seen))
        annotations[name] = described if required else typing_extensions.NotRequired[described]
    made = _make_typed_dict(kind.__name__, annotations)
    made.__doc__ = kind.__doc__
    made.__pydantic_config__ = ConfigDict(arbitrary_types_allowed=True)
    return made


def _rebuilt(hint: Any, seen: tuple[Any, ...]) -> Any:
    """The hint with every `typing.TypedDict` in it replaced; Any where one contains itself."""
    origin = get_origin(hint)
    if origin in (typing.Required, typing.NotRequired, typing_extensions.ReadOnly):
        return _rebuilt(get_args(hint)[0], seen)
    if origin is Annotated:
        first, *extras = get_args(hint)
        return Annotated[(_rebuilt(first, seen), *extras)]
    if hint in seen:
        return Any
    if is_typeddict(hint):
        return _typed_dict(hint, _fields(hint) or {}, (*seen, hint))
    args = get_args(hint)
    if origin is None or not args or origin is typing.Literal:
        return hint
    rebuilt = tuple(_rebuilt(item, seen) if _is_hint(item) else item for item in args)
    if rebuilt == args:
        return hint
    if origin in (types.UnionType, Union):
        return Union[rebuilt]  # noqa: UP007
    return origin[rebuilt]


def _is_hint(item: Any) -> bool:
    return not isinstance(item, list | tuple) and item is not ...


def _described_or_any(hint: Any) -> Any:
    try:
        _describe(hint)
    except Exception:
        return Any
    return hint


def _channel_types(graph: Pregel[Any, Any, Any, Any], channels: Any, attribute: str) -> Any:
    """The type of one channel, or a TypedDict of several."""
    if isinstance(channels, str):
        return getattr(graph.channels.get(channels), attribute, Any)
    named = {name: getattr(graph.channels.get(name), attribute, Any) for name in channels}
    return _make_typed_dict("Values", named, total=False)
