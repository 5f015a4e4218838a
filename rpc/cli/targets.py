"""GRAPH arguments: `path.py:name`, `package.module:name`, or either with a name to serve it under."""

import re
from collections.abc import Iterable
from pathlib import PurePath

import click

_NAMED = re.compile(r"(?P<name>[A-Za-z0-9_.-]+)=(?P<target>.+)", re.DOTALL)
_GENERAL = {"graph", "app", "agent", "workflow", "main", "builder", "make_graph", "__init__", ""}
"""Names that do not tell one graph from another."""


def parse_targets(arguments: Iterable[str]) -> dict[str, str]:
    """Targets by the name to serve each under. Raises `click.UsageError` where two have one name."""
    targets: dict[str, str] = {}
    for argument in arguments:
        named = _NAMED.fullmatch(argument)
        name, target = (named["name"], named["target"]) if named else (name_of(argument), argument)
        if name in targets:
            raise click.UsageError(
                f"two graphs are named {name!r}; name one yourself: other={target}"
            )
        targets[name] = target
    return targets


def name_of(target: str) -> str:
    """The name of a graph that was given none: the most telling part of its target.

    `pipelines/news.py:graph` is `news`, `news/graph.py:graph` too, `agents.py:critic` is `critic`.
    """
    path, _, attribute = target.rpartition(":")
    if not path:
        path, attribute = target, ""
    if path.endswith(".py"):
        file = PurePath(path)
        parts = [*file.parent.parts, file.stem]
    else:
        parts = path.split(".")
    for part in (attribute, *reversed(parts)):
        if part not in _GENERAL and re.fullmatch(r"[A-Za-z0-9_.-]*[A-Za-z0-9_-]", part):
            return part
    return "graph"
