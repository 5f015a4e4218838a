"""`stepwire new`: a small project that runs."""

import os
import re
from importlib import resources
from pathlib import Path

import click

from rpc.cli import exits
from rpc.cli.console import say
from rpc.cli.exits import CommandError

FILES = {
    "graph.py": "graph.py",
    "test_graph.py": "test_graph.py",
    "stepwire.toml": "stepwire.toml",
    "pyproject.toml": "pyproject.toml",
    "README.md": "README.md",
    ".env.example": "env.example",
    ".gitignore": "gitignore",
}
"""What is written, and the template of each in `rpc/cli/project`."""

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")


@click.command()
@click.argument("name")
def new(name: str) -> int:
    """Write a small project into a new folder NAME: a graph, its settings, a test.

    The graph shows its progress, asks a person, and needs no key. Nothing that is there is overwritten.
    """
    if not _NAME.fullmatch(name):
        raise CommandError(
            f"{name!r} cannot be the project's name: it is the name of its folder here and of its graph, a letter and "
            "then letters, digits, - and _, at most 64",
            exits.USAGE,
        )
    folder = Path(name)
    if os.path.lexists(folder) and (not folder.is_dir() or any(folder.iterdir())):
        what = "is a folder with files in it" if folder.is_dir() else "is there already"
        raise CommandError(f"{name} {what}: nothing was written; choose another name", exits.USAGE)
    try:
        folder.mkdir(exist_ok=True)
        for file, template in FILES.items():
            text = resources.files("rpc.cli").joinpath("project", f"{template}.template")
            content = text.read_text(encoding="utf-8").replace("{name}", name)
            with (folder / file).open("x", encoding="utf-8") as made:
                made.write(content)
    except OSError as error:
        raise CommandError(
            f"cannot write {error.filename or folder}: {error.strerror}", exits.USAGE
        ) from error
    say(f"Made {name}/: {', '.join(FILES)}")
    say("Next:")
    for command, what in (
        (f"cd {name}", ""),
        ("stepwire serve --reload", "until Ctrl-C; what you save is served"),
        ('stepwire ask "tea and cups"', "in another terminal"),
        ('stepwire debug --query "tea and cups"', "node by node"),
        ("pytest", "pip install pytest, if it is not there"),
    ):
        say(f"  {command:<40}{f'# {what}' if what else ''}".rstrip())
    return exits.OK
