"""Serve the tools over stdio: ``python -m biomed``, or ``python`` with this folder's path."""

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
from .tools import build_server

if __name__ == "__main__":
    build_server(load()).run("stdio")
