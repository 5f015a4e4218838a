"""What is borrowed from LangGraph's inside stays in one room, and its snapshots there and in another."""

import ast
from collections.abc import Iterator
from pathlib import Path

RPC = Path(__file__).resolve().parents[2] / "rpc"
ROOM = RPC / "engine" / "langgraph"
THREAD = RPC / "engine" / "thread"
WIRES = (RPC / "transports" / "langgraph", RPC / "methods" / "langgraph")
"""Where LangGraph's own server is spoken: what it calls things on its wire is public, and others' clients read it."""

BORROWED = (
    "langgraph_",
    "__pregel",
    "__overwrite__",
    "__copy__",
    "__interrupt__",
    "branch:",
    "join:",
)
"""How the strings begin that only LangGraph's source knows."""


def outside(*rooms: Path) -> Iterator[tuple[str, ast.AST]]:
    """All syntax of the package but of these folders, each with its place."""
    for file in RPC.rglob("*.py"):
        if not any(room in file.parents for room in rooms):
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                yield f"{file.relative_to(RPC)}:{getattr(node, 'lineno', 0)}", node


def test_private_modules_and_names_are_imported_in_one_room() -> None:
    """A release of LangGraph may move them: one room, whose facts have a test each, says what broke."""
    for where, node in outside(ROOM):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("langgraph."):
            names = [*(node.module or "").split("."), *(one.name for one in node.names)]
            assert not [name for name in names if name.startswith("_")], where


def test_names_of_langgraphs_own_are_written_in_one_room() -> None:
    """The same, for keys, channels and nodes that are known by their spelling alone."""
    for where, node in outside(ROOM, *WIRES):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            own = node.value.startswith(BORROWED) and node.value != "langgraph_version"
            assert not own, f"{where}: {node.value!r}"


def test_snapshots_do_not_leave_their_rooms() -> None:
    """Sessions that read LangGraph's own state object would change with each of its releases."""
    for where, node in outside(THREAD, ROOM):
        if isinstance(node, ast.ImportFrom | ast.Import):
            assert "StateSnapshot" not in [one.name for one in node.names], where
        if isinstance(node, ast.Attribute):
            assert node.attr not in ("aget_state", "aget_state_history"), where
