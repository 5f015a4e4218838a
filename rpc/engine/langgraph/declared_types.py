"""LangGraph's serialiser with an allow-list: the types that a graph's own schemas declare.

Borrowed: how LangGraph collects a schema's types (`langgraph._internal._serde`, which `compile` itself does only where
`LANGGRAPH_STRICT_MSGPACK` is set), and the hook by which the serialiser makes objects (`_create_msgpack_ext_hook`).

A type that no schema declares is made all the same if it is data (a pydantic model, a dataclass, an enum or a named
tuple) of a module that is imported already, and a warning names it once: a value of a `list[Any]` must not come back
as a dict. So are pydantic's secrets, without one: as plain texts they would be shown. Nothing is imported for a checkpoint's sake, and nothing else is called. What is left comes back as the
plain data it was stored as, which LangGraph warns of.
"""

import dataclasses
import logging
import sys
from collections.abc import Collection
from enum import Enum
from typing import Any

from langgraph._internal import _serde
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer, _create_msgpack_ext_hook
from langgraph.pregel import Pregel
from pydantic import BaseModel, Secret, SecretBytes, SecretStr
from pydantic.v1 import BaseModel as BaseModelV1
from pydantic.v1 import SecretBytes as SecretBytesV1
from pydantic.v1 import SecretStr as SecretStrV1

from rpc.engine.langgraph.stored_arrays import MAKERS

log = logging.getLogger("stepwire.engine")

_SECRETS = (Secret, SecretStr, SecretBytes, SecretStrV1, SecretBytesV1)

TypeName = tuple[str, ...]
"""A module's name and a class's."""


class _Allowed(set[TypeName]):
    """The declared types; those of imported modules join when a checkpoint has them."""

    def __contains__(self, name: object) -> bool:
        if super().__contains__(name) or (isinstance(name, tuple) and _hides(*name)):
            return True
        if not (isinstance(name, tuple) and _is_data(*name)):
            return False
        log.warning(
            "a checkpoint holds a %s.%s, which no schema of the graph declares; it is loaded as that type",
            *name,
        )
        self.add(name)
        return True


def _hides(module: str, name: str) -> bool:
    """Whether it is one of pydantic's secrets: what comes back as plain text would be shown."""
    found = getattr(sys.modules.get(module), name, None)
    return isinstance(found, type) and issubclass(found, _SECRETS)


def _is_data(module: str, name: str) -> bool:
    found = getattr(sys.modules.get(module), name, None)
    return isinstance(found, type) and (
        issubclass(found, (BaseModel, BaseModelV1, Enum))
        or dataclasses.is_dataclass(found)
        or (issubclass(found, tuple) and hasattr(found, "_fields"))
    )


def serializer(declared: Collection[TypeName] = ()) -> JsonPlusSerializer:
    """LangGraph's serialiser without pickle, for these types and those that it always knows."""
    return JsonPlusSerializer(
        pickle_fallback=False,
        allowed_msgpack_modules=None,
        __unpack_ext_hook__=_create_msgpack_ext_hook(_Allowed({*declared, *MAKERS})),
    )


def serde_for(graph: Pregel[Any, Any, Any, Any]) -> JsonPlusSerializer:
    """The serialiser for a graph's checkpoints: its types are those of its schemas and its subgraphs'."""
    return serializer(declared_types(graph))


def declared_types(graph: Pregel[Any, Any, Any, Any]) -> set[TypeName]:
    """The types that the schemas and channels of a graph and its subgraphs declare."""
    names: set[TypeName] = set()
    for one in (graph, *(subgraph for _, subgraph in graph.get_subgraphs(recurse=True))):
        # A subgraph on another server has its types there.
        if isinstance(one, Pregel):
            names |= _serde.build_serde_allowlist(
                schemas=_schemas(one), channels=dict(one.channels)
            )
    return names


def _schemas(graph: Pregel[Any, Any, Any, Any]) -> list[Any]:
    """What the builder of a `StateGraph` was given; other graphs have their channels' types only."""
    builder = getattr(graph, "builder", None)
    if builder is None:
        return []
    return [
        builder.state_schema,
        builder.input_schema,
        builder.output_schema,
        builder.context_schema,
        *(node.input_schema for node in builder.nodes.values()),
        *(
            branch.input_schema
            for branches in builder.branches.values()
            for branch in branches.values()
        ),
    ]
