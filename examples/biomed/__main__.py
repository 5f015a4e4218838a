"""Serve the tools over stdio: ``stepwire-biomed`` where Stepwire is installed, ``python -m biomed``, or ``python`` with this folder's path.

With ``tools`` after it, it shows which server's tool serves what a search needs, and ends. ``ris FILE`` and ``prisma FILE``
write a result (JSON, ``-`` for stdin) as references and as a log of its searches.
"""

import asyncio
import json
import sys
from importlib import import_module
from pathlib import Path

if not __package__:
    # Run by path: the folder itself must not be importable (its module names are not global),
    # its parent must.
    folder = Path(__file__).resolve().parent
    sys.path[0] = str(folder.parent)
    __package__ = folder.name
    import_module(__package__)

from .settings import load
from .tool_servers.client import read_configuration
from .tool_servers.running import START_S
from .tool_servers.survey import survey, table
from .tools import build_server


async def show_tools() -> str:
    """What is mapped to what, with the configured servers started."""
    return table(await survey(read_configuration(load()), START_S))


def exported(form: str, file: str) -> str:
    """The result in a file, or of ``stepwire ask --json``, in one of the export's forms."""
    from .export import prisma, ris

    text = sys.stdin.read() if file == "-" else Path(file).read_text("utf-8")
    try:
        read = json.loads(text)
    except ValueError as error:
        sys.exit(f"biomed {form}: {file} is not JSON: {error}")
    result = read.get("result", read) if isinstance(read, dict) else None
    if not isinstance(result, dict) or "citations" not in result:
        sys.exit(f"biomed {form}: {file} is no result of this graph: it has no citations")
    return ris(result) if form == "ris" else prisma(result)


def main() -> None:
    """The command ``stepwire-biomed``, and this folder run by ``python``."""
    if sys.argv[1:] == ["tools"]:
        sys.stdout.write(asyncio.run(show_tools()))
    elif len(sys.argv) == 3 and sys.argv[1] in ("ris", "prisma"):
        # As it is, whatever the terminal's encoding and ends of lines are.
        sys.stdout.buffer.write(exported(sys.argv[1], sys.argv[2]).encode())
    elif sys.argv[1:]:
        sys.exit(
            "usage: biomed: serve the tools over stdio\n"
            "       biomed tools: show which server's tool serves what\n"
            "       biomed ris FILE, biomed prisma FILE: a result (JSON; - for stdin) as references, as a log"
        )
    else:
        build_server(load()).run("stdio")


if __name__ == "__main__":
    main()
