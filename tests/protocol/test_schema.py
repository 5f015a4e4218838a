"""The tables and their Structs: what has no description or a false example misleads who writes a client."""

from typing import Any

import msgspec
import pytest
from jsonschema import Draft202012Validator, ValidationError

from protocol import schema
from protocol.errors import GENERAL
from protocol.events import EVENTS, EventHeader, EventType
from protocol.examples import EVENT_EXAMPLES, EVENT_HEADER, FEED_EXAMPLES, METHOD_EXAMPLES
from protocol.feeds import FEEDS, FeedType
from protocol.methods import METHODS, Method
from protocol.sessions import STATUSES, TRANSITIONS

COMPONENTS = schema.components()


def check(name: str, value: Any) -> None:
    """`value` is as the component says."""
    found = {"components": {"schemas": COMPONENTS}, **COMPONENTS[name]}
    Draft202012Validator(found).validate(value)


@pytest.mark.parametrize("name", COMPONENTS)
def test_everything_is_described(name: str) -> None:
    found = COMPONENTS[name]
    Draft202012Validator.check_schema(found)
    assert found["description"]
    for field, about in found.get("properties", {}).items():
        assert about.get("description"), f"{name}.{field}"


@pytest.mark.parametrize("name", COMPONENTS)
def test_examples_of_fields_are_valid(name: str) -> None:
    for field in COMPONENTS[name].get("properties", {}).values():
        for example in field.get("examples", []):
            Draft202012Validator({"components": {"schemas": COMPONENTS}, **field}).validate(example)


def test_a_nullable_field_is_described_where_it_stands() -> None:
    field = COMPONENTS["QueryStartParams"]["properties"]["idempotency_key"]
    assert field["type"] == ["string", "null"]
    assert field["maxLength"] == 200
    assert "anyOf" not in field


@pytest.mark.parametrize("method", METHODS.values(), ids=lambda method: method.name)
def test_a_method_takes_and_gives_its_example(method: Method) -> None:
    params, result = method.example
    msgspec.convert(params, method.params, strict=True)
    check(method.params.__name__, params)
    if method.result is not None:
        msgspec.convert(result, method.result, strict=True)
        check(method.result.__name__, result)


@pytest.mark.parametrize("method", METHODS.values(), ids=lambda method: method.name)
def test_every_param_has_an_example(method: Method) -> None:
    shown = method.example[0].keys()
    bare = [
        name
        for name, field, _ in schema.fields(method.params)
        if name not in shown and not field.get("examples") and not found_in_ref(field)
    ]
    assert bare == []


def found_in_ref(field: dict[str, Any]) -> bool:
    """Whether what the field refers to has the examples."""
    name = str(field.get("$ref", "")).rpartition("/")[2]
    return bool(COMPONENTS.get(name, {}).get("examples"))


@pytest.mark.parametrize("method", METHODS.values(), ids=lambda method: method.name)
def test_params_are_closed(method: Method) -> None:
    params = {**method.example[0], "surprise": 1}
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(params, method.params)
    with pytest.raises(ValidationError):
        check(method.params.__name__, params)


@pytest.mark.parametrize("method", METHODS.values(), ids=lambda method: method.name)
def test_a_result_may_grow(method: Method) -> None:
    if method.result is not None:
        grown = {**method.example[1], "of_a_later_version": 1}
        msgspec.convert(grown, method.result)
        check(method.result.__name__, grown)


@pytest.mark.parametrize("method", METHODS.values(), ids=lambda method: method.name)
def test_errors_are_named_once(method: Method) -> None:
    assert len(set(method.errors)) == len(method.errors)


@pytest.mark.parametrize("event", EVENTS.values(), ids=lambda event: event.name)
def test_an_event_carries_its_example(event: EventType) -> None:
    msgspec.convert(event.example, event.body, strict=True)
    msgspec.convert(EVENT_HEADER, EventHeader, strict=True)
    check(event.body.__name__, event.example)
    assert event.description
    header = {field.name for field in msgspec.structs.fields(EventHeader)}
    assert not header & event.example.keys()


@pytest.mark.parametrize("feed", FEEDS.values(), ids=lambda feed: feed.name)
def test_a_feed_carries_its_example(feed: FeedType) -> None:
    msgspec.convert(feed.example, feed.params, strict=True)
    check(feed.params.__name__, feed.example)
    assert feed.description


def test_examples_belong_to_rows() -> None:
    assert FEED_EXAMPLES.keys() == FEEDS.keys()
    assert METHOD_EXAMPLES.keys() == METHODS.keys()
    assert EVENT_EXAMPLES.keys() == EVENTS.keys()


def test_every_status_has_its_transitions() -> None:
    assert tuple(TRANSITIONS) == STATUSES
    assert all(after <= set(STATUSES) for after in TRANSITIONS.values())


def test_general_errors_belong_to_no_method_alone() -> None:
    alone = {error for method in METHODS.values() for error in method.errors} - GENERAL
    assert not alone & GENERAL
