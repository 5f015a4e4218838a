"""`rpc.discover` must be usable by OpenRPC tools: generators and playgrounds refuse an invalid document."""

from collections.abc import Callable
from typing import Any

import jsonschema
import pytest
from jsonschema import Draft7Validator, Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT7

from protocol import openrpc
from protocol.errors import ERRORS
from protocol.events import EVENTS
from protocol.feeds import FEEDS
from protocol.methods import METHODS

DOCUMENT = openrpc.build()


def resolved(schema: Any) -> Any:
    """`schema` with the document's components beside it, so that its references resolve."""
    return {"components": DOCUMENT["components"], **schema}


def test_it_is_valid_by_the_meta_schema(npm_schema: Callable[[str], Any]) -> None:
    meta = npm_schema("@open-rpc/meta-schema")
    json_schema = npm_schema("@json-schema-tools/meta-schema")
    registry: Registry[Any] = Registry().with_resources(
        (uri, DRAFT7.create_resource(json_schema))
        for uri in ("https://meta.json-schema.tools", "https://meta.json-schema.tools/")
    )
    Draft7Validator(meta, registry=registry).validate(DOCUMENT)


def test_the_meta_schema_test_can_fail(npm_schema: Callable[[str], Any]) -> None:
    broken = {**DOCUMENT, "methods": [{"name": "query.start"}]}
    with pytest.raises(jsonschema.ValidationError):
        Draft7Validator(npm_schema("@open-rpc/meta-schema")).validate(broken)


def test_every_method_event_and_error_is_in_it() -> None:
    assert [method["name"] for method in DOCUMENT["methods"]] == list(METHODS)
    assert [event["name"] for event in DOCUMENT["x-events"]] == list(EVENTS)
    assert [feed["name"] for feed in DOCUMENT["x-feeds"]] == list(FEEDS)
    assert list(DOCUMENT["components"]["errors"]) == [error.type for error in ERRORS]


@pytest.mark.parametrize("method", DOCUMENT["methods"], ids=lambda method: method["name"])
def test_a_method_can_be_called_from_its_description(method: dict[str, Any]) -> None:
    assert method["paramStructure"] == "either"
    assert method["summary"]
    assert method["description"]
    # By position, nothing required may follow what may be left out.
    required = [param["required"] for param in method["params"]]
    assert required == sorted(required, reverse=True)
    example = method["examples"][0]
    given = {param["name"]: param["value"] for param in example["params"]}
    for param in method["params"]:
        assert param["description"]
        Draft202012Validator.check_schema(param["schema"])
        if param["name"] in given:
            Draft202012Validator(resolved(param["schema"])).validate(given[param["name"]])
    assert {param["name"] for param in method["params"] if param["required"]} <= given.keys()
    Draft202012Validator(resolved(method["result"]["schema"])).validate(example["result"]["value"])


@pytest.mark.parametrize("event", DOCUMENT["x-events"], ids=lambda event: event["name"])
def test_an_event_is_as_described(event: dict[str, Any]) -> None:
    assert event["description"]
    Draft202012Validator(resolved(event["params"])).validate(event["example"]["params"])


def test_references_resolve() -> None:
    schemas = DOCUMENT["components"]["schemas"]
    errors = DOCUMENT["components"]["errors"]
    for name in references(DOCUMENT):
        _, _, kind, key = name.split("/")
        assert key in (schemas if kind == "schemas" else errors), name


def references(value: Any) -> set[str]:
    """Every `$ref` in `value`."""
    if isinstance(value, list):
        return set().union(*map(references, value))
    if isinstance(value, dict):
        found = set().union(*map(references, value.values()))
        return found | ({value["$ref"]} if isinstance(value.get("$ref"), str) else set())
    return set()


def test_discovering_costs_nothing_the_second_time() -> None:
    assert openrpc.build() is DOCUMENT
