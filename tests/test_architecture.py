"""The rules of ARCHITECTURE.md that a program can check: who may import whom."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def lint(*arguments: str) -> subprocess.CompletedProcess[str]:
    """import-linter with the contracts of pyproject.toml."""
    return subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command as c; c()",
            *arguments,
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_nothing_imports_upward() -> None:
    """A part that reached upward could not be understood, or replaced, by itself."""
    done = lint("--no-cache")
    assert done.returncode == 0, done.stdout + done.stderr
    assert " 0 broken" in done.stdout


def test_the_example_is_a_plain_graph() -> None:
    """The reference orchestrator must run under LangGraph alone: it may know nothing of the server."""
    for file in (ROOT / "examples" / "biomed").rglob("*.py"):
        text = file.read_text("utf-8")
        for module in ("rpc", "protocol"):
            assert f"import {module}" not in text, file
            assert f"from {module}" not in text, file


def test_a_logger_is_named_after_its_room() -> None:
    """Who turns on `stepwire.client`, or all of `stepwire`, must see all that is logged there."""
    for file in (ROOT / "rpc").rglob("*.py"):
        for name in re.findall(
            r'^log(?:ger)? = logging\.getLogger\("(.+)"\)', file.read_text("utf-8"), re.M
        ):
            assert name == f"stepwire.{file.relative_to(ROOT / 'rpc').parts[0]}", file
