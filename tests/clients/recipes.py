"""Runs the recipes of a Markdown file as a reader would: pasted into one shell, from top to bottom."""

import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

_BLOCK = re.compile(r"^```(?P<kind>\w+)\n(?P<text>.*?)^```$|^#+ (?P<title>[^\n]+)$", re.M | re.S)
_END = "@@@ end of recipe"

SHELL_SECONDS = 600.0


class Recipe(Struct):
    """One block of commands: the heading it stands under, and what it prints, if the file says so."""

    title: str
    command: str
    printed: str | None = None


def read(file: Path) -> list[Recipe]:
    """The recipes of a file, in order."""
    recipes: list[Recipe] = []
    title = ""
    for found in _BLOCK.finditer(file.read_text(encoding="utf-8")):
        if found["title"]:
            title = found["title"]
        elif found["kind"] == "sh":
            recipes.append(Recipe(title, found["text"]))
        else:
            recipes[-1].printed = found["text"].strip()
    return recipes


def run(recipes: list[Recipe], folder: Path, env: Mapping[str, str]) -> list[str]:
    """What each recipe printed, all of them run in one shell in `folder`."""
    script = "".join(f"{one.command}\necho; echo '{_END}' $?\n" for one in recipes)
    # As a terminal's, the input is open and silent: some programs end when it does.
    silent, kept_open = os.pipe()
    with os.fdopen(silent), os.fdopen(kept_open, "w"):
        done = subprocess.run(
            ["bash", "-c", script],
            cwd=folder,
            env={**os.environ, **env},
            stdin=silent,
            capture_output=True,
            text=True,
            timeout=SHELL_SECONDS,
            check=False,
        )
    parts = re.split(rf"\n?{_END} (\d+)\n", done.stdout)
    outputs, codes = parts[0:-1:2], parts[1::2]
    assert len(outputs) == len(recipes), done.stdout + done.stderr
    failed = [one.title for one, code in zip(recipes, codes, strict=True) if code != "0"]
    assert "WARN" not in done.stderr, done.stderr
    assert not failed, f"{failed} failed:\n{done.stderr}\n{done.stdout}"
    return [output.strip() for output in outputs]


def matches(printed: str, expected: str) -> bool:
    """Whether it printed that; `…` stands for anything within a line."""
    pattern = r"[^\n]*?".join(re.escape(part) for part in expected.split("…"))
    return re.fullmatch(pattern, printed) is not None
