"""The OpenAPI document must be usable by API tools, and say exactly what the REST rows do."""

from typing import Any

import msgspec
import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from protocol import openapi
from protocol.rest import PROBES, REST_ROWS, Problem, Row
from protocol.security import SESSION_PATH

DOCUMENT = openapi.build()


def operation(row: Row) -> dict[str, Any]:
    """The row's operation."""
    found: dict[str, Any] = DOCUMENT["paths"][row.path][row.verb.lower()]
    return found


def check(schema: dict[str, Any], value: Any) -> None:
    """`value` is as `schema` says."""
    Draft202012Validator({"components": DOCUMENT["components"], **schema}).validate(value)


def test_it_is_valid() -> None:
    validate(DOCUMENT)


def test_every_row_is_in_it() -> None:
    described = {(verb.upper(), path) for path, item in DOCUMENT["paths"].items() for verb in item}
    rows = {(row.verb, row.path) for row in REST_ROWS}
    others = {("POST", "/rpc"), ("POST", SESSION_PATH), ("DELETE", SESSION_PATH)}
    assert described == rows | {("GET", probe.path) for probe in PROBES} | others


def test_it_says_how_to_say_who_calls() -> None:
    """In each way that the server takes; only what needs no credentials says that it needs none."""
    schemes = DOCUMENT["components"]["securitySchemes"]
    asked = [name for one in DOCUMENT["security"] for name in one]
    assert asked == list(schemes)
    for path, item in DOCUMENT["paths"].items():
        for verb, call in item.items():
            open_to_all = call.get("security") == []
            probe = path in {one.path for one in PROBES}
            assert open_to_all == (probe or (verb, path) == ("delete", SESSION_PATH)), path
            if not open_to_all:
                assert "WWW-Authenticate" in call["responses"]["401"]["headers"], path
    for row in REST_ROWS:
        assert operation(row)["x-scope"] == row.call.scope
    begin = DOCUMENT["paths"][SESSION_PATH]["post"]
    for part in (begin["requestBody"], begin["responses"]["200"]):
        content = part["content"]["application/json"]
        check(content["schema"], content["example"])


def test_operation_ids_are_unique() -> None:
    ids = [call["operationId"] for item in DOCUMENT["paths"].values() for call in item.values()]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("row", REST_ROWS, ids=lambda row: f"{row.verb} {row.path}")
def test_examples_are_as_described(row: Row) -> None:
    described = operation(row)
    for parameter in described["parameters"]:
        assert parameter["description"]
        if "example" in parameter:
            check(parameter["schema"], parameter["example"])
    answers = [described["responses"]["200"]]
    if row.body:
        answers.append(described["requestBody"])
    for answer in answers:
        for kind, content in answer["content"].items():
            if kind == "application/json":
                check(content["schema"], content["example"])


@pytest.mark.parametrize("row", REST_ROWS, ids=lambda row: f"{row.verb} {row.path}")
def test_what_may_be_in_two_places_is_suggested_in_one(row: Row) -> None:
    """A page that fills a form, and a client that is generated, send examples and defaults: given twice, a param is refused."""
    described = operation(row)
    body = described.get("requestBody", {}).get("content", {}).get("application/json", {})
    suggested = [
        parameter["name"]
        for parameter in described["parameters"]
        if "example" in parameter or "default" in parameter["schema"]
    ]
    # Params of the path are in no body.
    assert not set(suggested) & set(body.get("schema", {}).get("properties", ()))
    assert set(body.get("example", ())) <= set(row.body_params)


@pytest.mark.parametrize("row", REST_ROWS, ids=lambda row: f"{row.verb} {row.path}")
def test_errors_are_problem_documents(row: Row) -> None:
    responses = operation(row)["responses"]
    assert {"422", "500"} <= responses.keys()
    for status, response in responses.items():
        if int(status) < 400:
            continue
        content = response["content"]["application/problem+json"]
        check(content["schema"], content["example"])
        problem = msgspec.convert(content["example"], Problem)
        assert str(problem.status) == status
