"""`.env` files beside graphs: their variables in this process's environment, and nowhere else.

Of each graph it is the nearest one: in the graph's folder, in those above it up to the current one, or, of a graph that
is elsewhere, in the current folder. What the environment has already is kept, and of two files that both
give a variable the first graph's counts: a process has one environment.
"""

import os
from collections.abc import Iterable
from io import StringIO
from pathlib import Path

from dotenv import load_dotenv
from dotenv.parser import parse_stream
from msgspec import Struct

from rpc.engine.graphs.targets import folder_of

NAME = ".env"


class EnvFileError(Exception):
    """A `.env` file cannot be read; the message names file and line, and never a value."""


class EnvFile(Struct, frozen=True):
    """A file that was read. Names of variables, not their values."""

    path: Path
    # Those that it gave to the environment.
    given: list[str]
    # Those that were there before.
    kept: list[str]
    # Those that another file had given, with another value.
    differ: list[str]


class EnvFiles:
    """The variables that `.env` files gave this process."""

    def __init__(self) -> None:
        # By name. `os.environ` has them as long as no other reading takes them back.
        self.given: dict[str, str] = {}
        self.files: list[EnvFile] = []

    def origin(self, name: str) -> str | None:
        """The file that gave a variable; None where none did."""
        return next((shown(one.path) for one in self.files if name in one.given), None)

    def read(self, targets: Iterable[str]) -> None:
        """Put the variables of the graphs' files into the environment, in place of those read before.

        Raises `EnvFileError`; then the environment is as it was.
        """
        texts = {path: _text(path) for path in files_of(targets)}
        for path, text in texts.items():
            _check(path, text)
        self.take_back()
        given_by: dict[str, str] = {}
        files = []
        for path, text in texts.items():
            before = dict(os.environ)
            load_dotenv(stream=StringIO(text))
            given = [name for name in os.environ if name not in before]
            given_by |= {name: os.environ[name] for name in given}
            named = [one.key for one in parse_stream(StringIO(text)) if one.key is not None]
            others = [name for name in dict.fromkeys(named) if name not in given]
            differ = [name for name in others if name in given_by and _differs(name, text)]
            kept = [name for name in others if name not in given_by]
            files.append(EnvFile(path, given, kept, differ))
        self.given, self.files = given_by, files

    def take_back(self) -> None:
        """Remove what was given, unless somebody has changed it since."""
        for name, value in self.given.items():
            if os.environ.get(name) == value:
                del os.environ[name]
        self.given, self.files = {}, []

    def restore(self, before: tuple[dict[str, str], list[EnvFile]]) -> None:
        """Give what was given at an earlier time, as (`given`, `files`)."""
        self.take_back()
        given, files = before
        for name, value in given.items():
            os.environ.setdefault(name, value)
        self.given, self.files = dict(given), list(files)


def files_of(targets: Iterable[str]) -> list[Path]:
    """The files of these graphs, each once, in their order; of no graph at all, the current folder's."""
    folders = [folder_of(target) for target in targets] or [Path.cwd()]
    found: list[Path] = []
    for folder in folders:
        nearest = next((path for path in candidates(folder) if path.is_file()), None)
        if nearest is not None and nearest not in found:
            found.append(nearest)
    return found


def candidates(folder: Path) -> list[Path]:
    """Where a graph of that folder may have its file, the nearest first."""
    here = Path.cwd()
    if here == folder or here in folder.parents:
        between = [one for one in folder.parents if one == here or here in one.parents]
        return [one / NAME for one in dict.fromkeys([folder, *between])]
    return [folder / NAME, here / NAME]


def shown(path: Path) -> str:
    """Relative to the current folder where it is inside."""
    here = Path.cwd()
    return str(path.relative_to(here)) if here in path.parents else str(path)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise EnvFileError(f"cannot read {shown(path)}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise EnvFileError(f"{shown(path)}:{line}: it is not UTF-8") from None


def _check(path: Path, text: str) -> None:
    for one in parse_stream(StringIO(text)):
        # What the parser passed over before it, blank lines among it, counts as the statement's own.
        said = one.original.string
        line = one.original.line + said[: len(said) - len(said.lstrip())].count("\n")
        if one.error:
            raise EnvFileError(
                f"{shown(path)}:{line}: expected NAME=value; a quote that is opened must be closed, "
                "and a comment begins with #"
            )
        if one.key is not None and one.value is None:
            # What stands there may be a secret without its name.
            raise EnvFileError(f"{shown(path)}:{line}: expected NAME=value; there is no = in it")
        if "\0" in f"{one.key}{one.value}":
            raise EnvFileError(f"{shown(path)}:{line}: a NUL character")


def _differs(name: str, text: str) -> bool:
    """Whether the file would give another value than the environment has."""
    values = {one.key: one.value for one in parse_stream(StringIO(text))}
    return values[name] != os.environ.get(name)
