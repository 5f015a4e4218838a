"""The part `http` of a `langgraph.json`: what of LangGraph's API answers, and which pages of other origins may use it."""

import re
from collections.abc import Mapping
from typing import Any

from rpc.cli.project_file import FILE, object_at, wrong

PARTS = ("assistants", "threads", "runs", "store", "meta", "event_streaming")
"""What of LangGraph's API `http.disable_` and its name closes."""

NOBODYS = "https://a-page-that-nobody-has.invalid"
"""An origin that only a pattern of all origins has."""


def surface_of(http: Mapping[str, Any]) -> dict[str, Any]:
    """What of LangGraph's API answers, and below which prefix; which headers graphs see. Raises `CommandError`."""
    patterns = object_at(http, "configurable_headers", "http.configurable_headers")

    def named(*keys: str) -> tuple[str, ...]:
        found = next((patterns[key] for key in keys if patterns.get(key)), ())
        if not isinstance(found, list | tuple) or not all(isinstance(one, str) for one in found):
            raise wrong(f"`http.configurable_headers.{keys[0]}` is no list of names")
        return tuple(found)

    prefix = http.get("mount_prefix") or ""
    if prefix and (not isinstance(prefix, str) or not prefix.startswith("/")):
        raise wrong(f"`http.mount_prefix` is a path such as /api, not {prefix!r}")
    return {
        "closed": frozenset(part for part in PARTS if http.get(f"disable_{part}")),
        "includes": named("includes", "include"),
        "excludes": named("excludes", "exclude"),
        "prefix": prefix.rstrip("/"),
    }


def cors_of(given: Mapping[str, Any], notes: list[str]) -> tuple[list[str], dict[str, Any]]:
    """The origins that are named, and how `rpc.auth.origin.Cors` has the rest. What lets in every page is left out, and noted.

    Raises `CommandError`.
    """
    origins = _texts(given, "allow_origins")
    pattern = given.get("allow_origin_regex") or ""
    if not isinstance(pattern, str):
        raise wrong("`http.cors.allow_origin_regex` is no text")
    try:
        anybody = re.compile(pattern).fullmatch(NOBODYS) is not None
    except re.error as error:
        raise wrong(f"`http.cors.allow_origin_regex` is no regular expression: {error}") from None
    for name, everybody in (("allow_origins", "*" in origins), ("allow_origin_regex", anybody)):
        if everybody:
            notes.append(
                f"`http.cors.{name}` of {FILE} lets in every page of the internet, also those that its reader does not know"
                " of: name the origins, or start with --allow-origin"
            )
    age = given.get("max_age", 600)
    if not isinstance(age, int) or isinstance(age, bool) or age < 0:
        raise wrong("`http.cors.max_age` is a number of seconds")
    # Where the file names none, all are: LangGraph's server would let such pages read only.
    asked = {
        "methods": tuple(one.upper() for one in _texts(given, "allow_methods")),
        "headers": tuple(one.lower() for one in _texts(given, "allow_headers")),
    }
    return [one for one in origins if one != "*"], {
        **{name: named for name, named in asked.items() if named},
        "pattern": "" if anybody else pattern,
        "credentials": given.get("allow_credentials") is True,
        "exposed": tuple(one.lower() for one in _texts(given, "expose_headers")),
        "max_age": age,
    }


def _texts(given: Mapping[str, Any], name: str) -> list[str]:
    found = given.get(name) or []
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise wrong(f"`http.cors.{name}` is no list of texts")
    return list(found)
