"""A setting that is wrong is said by the name the user typed; a key is never shown."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from pydantic import ValidationError

from examples.biomed import settings
from examples.biomed.graph import Graph
from examples.biomed.options import QueryOptions, first_day, last_day
from examples.biomed.plans import limit_of
from examples.biomed.settings import Settings


def test_fields_are_read_from_the_environment() -> None:
    read = settings.load(
        {"BIOMED_CACHE_TTL_S": "60", "BIOMED_PUBMED_URL": "http://localhost:1", "OTHER": "x"}
    )
    assert (read.cache_ttl_s, read.pubmed_url) == (60, "http://localhost:1")
    assert settings.load({}) == settings.Settings()
    assert settings.load({"BIOMED_MODEL": ""}).model == ""


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BIOMED_CACHE_TTL_S", "soon"),
        ("BIOMED_PUBMED_URL", "ftp://x"),
        ("BIOMED_HTTP_ATTEMPTS", "0"),
    ],
)
def test_a_bad_value_is_refused_by_the_variables_name(name: str, value: str) -> None:
    with pytest.raises(ValueError, match=name):
        settings.load({name: value})


def test_the_api_key_is_not_shown() -> None:
    shown = repr(settings.Settings(ncbi_api_key="hush", ncbi_tool="ours"))
    assert "hush" not in shown
    assert "ours" in shown


def test_the_cache_is_in_the_users_cache_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/somewhere")
    assert settings.Settings().cache_path == Path("/somewhere/stepwire-biomed")
    assert settings.Settings(cache_dir="/else").cache_path == Path("/else")


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2023-12", "2023-12-01", "2023-12-31"),
        ("2024-05-06", "2024-05-06", "2024-05-06"),
    ],
)
def test_a_date_is_its_whole_period(text: str, first: str, last: str) -> None:
    assert (first_day(text), last_day(text)) == (first, last)


@pytest.mark.parametrize("text", ["24", "2024-13", "2024-02-30", "2024/01", "٢٠٢٤", ""])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="date_to"):
        QueryOptions(date_to=text)


def test_dates_have_to_be_in_order() -> None:
    with pytest.raises(ValidationError, match="date_to should not be before date_from, 2024"):
        QueryOptions(date_from="2024", date_to="2023-05")
    QueryOptions(date_from="2024-05", date_to="2024")


def test_a_year_may_be_a_number() -> None:
    options = QueryOptions.model_validate({"date_from": 2020, "date_to": 9999})
    assert (options.date_from, options.date_to) == ("2020", "9999")
    assert last_day("9999-12") == "9999-12-31"


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ({"limit": True}, ("limit",)),
        ({"time_budget_ms": "5000"}, ("time_budget_ms",)),
        ({"limits": {"trials": 0}}, ("limits", "trials")),
        ({"phases": ["PHASE3", "PHASE9"]}, ("phases", 1)),
        ({"date_from": "2024", "date_to": "2023"}, ("date_to",)),
        ({"date_from": True}, ("date_from",)),
    ],
)
def test_a_bad_value_is_refused_at_its_place(value: dict[str, Any], path: tuple[Any, ...]) -> None:
    with pytest.raises(ValidationError) as caught:
        QueryOptions.model_validate(value)
    (error,) = caught.value.errors()
    assert error["loc"] == path


def test_a_list_is_asked_for_in_json_words() -> None:
    with pytest.raises(ValidationError, match="should be a valid list"):
        QueryOptions.model_validate({"sources": "trials"})


def test_the_time_budget_is_five_seconds() -> None:
    assert QueryOptions().time_budget_ms == 5000


def test_limits_by_source_override_the_general_one() -> None:
    options = QueryOptions(limit=5, limits={"trials": 9}).as_state()
    assert (limit_of("trials", options), limit_of("literature", options)) == (9, 5)


async def test_a_question_that_sets_no_time_has_the_settings(
    offline: Settings, graph_of: Callable[[Settings], Graph]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        graph = graph_of(msgspec.structs.replace(offline, pubmed_url=url, time_budget_ms=100))

        async def told(**context: Any) -> str:
            result = await graph.ainvoke(
                {"query": "semaglutide"},
                context={"sources": ["literature"], **context},  # type: ignore[arg-type]
            )
            return str(result["errors"])

        def late(seconds: str, text: str) -> bool:
            # Where both are late at once the request says so, not the source that makes it.
            return f"no answer within {seconds} s" in text or "did not answer in time" in text

        assert late("0.1", await told())
        assert late("0.2", await told(time_budget_ms=200))
