"""Serve the tools over stdio: ``python -m biomed``, or ``python`` with this folder's path.

With ``tools`` after it, it shows which server's tool serves what a search needs, and ends.
"""

import asyncio
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

from .mcp_client import read_configuration, survey, table
from .mcp_pool import START_S
from .settings import load
from .tools import build_server


async def show_tools() -> str:
    """What is mapped to what, with the configured servers started."""
    return table(await survey(read_configuration(load()), START_S))


if __name__ == "__main__":
    if sys.argv[1:] == ["tools"]:
        sys.stdout.write(asyncio.run(show_tools()))
    elif sys.argv[1:]:
        sys.exit("usage: biomed [tools]: serve the tools over stdio, or show what serves what")
    else:
        build_server(load()).run("stdio")
