"""The command's first module: `stepwire`, and `python -m stepwire`.

Its packages are called `rpc` and `protocol`, names that a folder of the user's may have too; and that folder may stand
first where Python looks (`python -m`, PYTHONPATH). So they are imported from where this file is.
"""

import importlib.util
import sys
from pathlib import Path
from typing import NoReturn


def _import_own(name: str) -> None:
    folder = Path(__file__).resolve().parent / name
    loaded = sys.modules.get(name)
    if loaded is not None and getattr(loaded, "__file__", None) == str(folder / "__init__.py"):
        return
    spec = importlib.util.spec_from_file_location(
        name, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)


def main() -> NoReturn:
    """Run the command, and exit with its code."""
    _import_own("protocol")
    _import_own("rpc")
    from rpc.cli.main import main

    main()


if __name__ == "__main__":
    main()
