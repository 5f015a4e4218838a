"""Write the documents made from the tables: `python -m protocol.generate`; `--check` only compares.

`--check` exits 1 and names each file that is not what the tables say.
"""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from protocol import asyncapi, openapi, openrpc, readme, typescript

FOLDER = Path(__file__).parent

MODULE = "../clients/typescript/src/protocol.ts"
"""The types as the TypeScript client has them: a package of its own, which is published without this folder."""


def documents() -> dict[str, str]:
    """Every generated file's name and text."""
    return {
        "openrpc.json": _json(openrpc.build()),
        "openapi.json": _json(openapi.build()),
        "asyncapi.json": _json(asyncapi.build()),
        "stepwire.d.ts": typescript.build(),
        MODULE: typescript.build_module(),
        "README.md": readme.fill((FOLDER / "README.md").read_text(encoding="utf-8")),
    }


def stale() -> list[str]:
    """The names of the files that are not what the tables say."""
    return [name for name, text in documents().items() if _read(FOLDER / name) != text]


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m protocol.generate", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if stale")
    check = parser.parse_args(arguments).check
    names = stale()
    for name in names:
        if check:
            print(f"{_shown(name)} is stale: run `python -m protocol.generate`", file=sys.stderr)
        else:
            (FOLDER / name).write_text(documents()[name], encoding="utf-8", newline="\n")
            print(_shown(name))
    return 1 if check and names else 0


def _shown(name: str) -> str:
    return os.path.normpath(f"protocol/{name}")


def _json(document: object) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None


if __name__ == "__main__":
    sys.exit(main())
