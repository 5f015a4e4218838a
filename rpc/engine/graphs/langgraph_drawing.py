"""Graphs described as LangGraph's own server does it: its drawing's nodes and edges, its JSON Schemas."""

import warnings
from typing import Any

from langgraph.pregel import Pregel
from pydantic import create_model

from rpc.engine.values.to_json import to_json

AnyGraph = Pregel[Any, Any, Any, Any]

UNNAMED = "LangGraph"
"""The name of a graph that was given none."""


def drawn(graph: AnyGraph, xray: bool | int) -> dict[str, Any]:
    """Its nodes and edges; `xray`: with those of subgraphs, down to this depth."""
    found = graph.get_graph(xray=xray).to_json()
    for node in found.get("nodes", []):
        if isinstance(node.get("data"), dict):
            node["data"].pop("id", None)
    shown: dict[str, Any] = to_json(found)
    return shown


def schemas(graph: AnyGraph, name: str | None = None) -> dict[str, Any]:
    """Its five schemas; None for one that cannot be made. `name`: under which it is served."""
    if name is not None and graph.get_name() == UNNAMED:
        # One that a function is has titles of its own name.
        graph = graph.copy({"name": name})

    def made(make: Any) -> Any:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return to_json(make())
        except Exception:
            # Pydantic and the hooks of a user's types raise what they like.
            return None

    return {
        "input_schema": made(graph.get_input_jsonschema),
        "output_schema": made(graph.get_output_jsonschema),
        "state_schema": made(lambda: _state(graph, name)),
        "config_schema": made(lambda: graph.get_config_jsonschema().get("configurable", {})),
        "context_schema": made(graph.get_context_jsonschema),
    }


def _state(graph: AnyGraph, name: str | None) -> Any:
    fields: dict[str, Any] = {}
    for channel in graph.stream_channels_list:
        kind = getattr(graph.channels[channel], "UpdateType", Any)
        try:
            create_model(channel, value=(kind, None)).model_json_schema()
        except Exception:
            # As above.
            kind = Any
        fields[channel] = (kind, None)
    title = f"{graph.get_name()}_state" if name is not None else graph.get_name("State")
    return create_model(title, **fields).model_json_schema()


def subgraphs(graph: AnyGraph, namespace: str | None, *, recurse: bool) -> dict[str, Any]:
    """The schemas of its subgraphs by namespace; of one, where it is named."""
    found = graph.get_subgraphs(namespace=namespace, recurse=recurse)
    return {name: schemas(inner) for name, inner in found if isinstance(inner, Pregel)}
