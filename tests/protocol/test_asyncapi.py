"""The AsyncAPI document must be usable by its tools: code generators and documentation."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator, Draft202012Validator

from protocol import asyncapi
from protocol.events import EVENTS
from protocol.feeds import FEEDS
from protocol.methods import METHODS

DOCUMENT = asyncapi.build()
MESSAGES: dict[str, Any] = DOCUMENT["components"]["messages"]


def test_it_is_valid_by_the_published_schema(npm_file: Callable[[str], Path]) -> None:
    path = npm_file("@asyncapi/specs/schemas/3.0.0-without-$id.json")
    Draft7Validator(json.loads(path.read_text(encoding="utf-8"))).validate(DOCUMENT)


def test_every_method_and_event_is_in_it() -> None:
    assert DOCUMENT["operations"].keys() == {*METHODS, "events", "changes"}
    calls = {f"{name}.{part}" for name in METHODS for part in ("request", "response")}
    assert MESSAGES.keys() == calls | EVENTS.keys() | FEEDS.keys()
    assert DOCUMENT["channels"]["rpc"]["messages"].keys() == MESSAGES.keys()


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_is_as_described(name: str) -> None:
    message = MESSAGES[name]
    assert message["summary"]
    schema = {"components": DOCUMENT["components"], **message["payload"]}
    Draft202012Validator.check_schema(schema)
    for example in message["examples"]:
        Draft202012Validator(schema).validate(example["payload"])
