"""The project's modules imported anew: all of them, so that none keeps what another was before.

The project is what lies below the folders that graphs are imported from (a graph's own, the current one, its `src/`);
what is installed, and the server itself, stay as they are.
"""

import functools
import importlib
import linecache
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

from rpc.engine.graphs import modules, source_lines
from rpc.engine.graphs.load_errors import is_users

_SERVER = [Path(__file__).resolve().parents[2], Path(__file__).resolve().parents[3] / "protocol"]
MAX_FOLDERS = 500
"""Of a project, looked through for a file that is not imported yet."""


@contextmanager
def imported_anew() -> Iterator[None]:
    """Within, what is imported of the project is read from its files; where the body raises, the modules of before
    are there again."""
    before = _project()
    path, roots = list(sys.path), list(modules.roots)
    imported, parked = dict(modules.imported), dict(modules.parked)
    _forget(before)
    modules.imported.clear()
    modules.parked.clear()
    importlib.invalidate_caches()
    linecache.checkcache()
    source_lines.forget()
    try:
        yield
    except BaseException:
        _forget(_project())
        sys.modules.update(before)
        for name, module in before.items():
            parent, _, child = name.rpartition(".")
            if parent in sys.modules:
                setattr(sys.modules[parent], child, module)
        sys.path[:], modules.roots[:] = path, roots
        modules.imported.clear()
        modules.imported.update(imported)
        modules.parked.clear()
        modules.parked.update(parked)
        raise


def project_files() -> set[Path]:
    """The files of the project that are imported."""
    found = {*_project().values(), *modules.imported.values()}
    found |= {one for aside in modules.parked.values() for one in aside.values()}
    files = {getattr(module, "__file__", None) for module in found}
    return {Path(file).resolve() for file in files if isinstance(file, str)}


def project_folders() -> list[Path]:
    """The folders below which the project's Python files may be, those of libraries left out; nearest ones first."""
    found = list(dict.fromkeys([*modules.roots, Path.cwd()]))
    for folder in found:
        if len(found) >= MAX_FOLDERS:
            break
        try:
            below = [
                Path(one.path) for one in os.scandir(folder) if one.is_dir(follow_symlinks=False)
            ]
        except OSError:
            continue
        found += [one for one in sorted(below) if one not in found and _may_hold(one)]
    return found[:MAX_FOLDERS]


def _may_hold(folder: Path) -> bool:
    hidden = folder.name.startswith((".", "__pycache__")) or folder.name == "node_modules"
    return not hidden and not (folder / "pyvenv.cfg").exists() and is_users(str(folder / "x.py"))


def _project() -> dict[str, ModuleType]:
    folders = {Path.cwd(), *modules.roots}
    return {
        name: module
        for name, module in list(sys.modules.items())
        if name != "__main__" and _is_in(module, folders)
    }


def _is_in(module: ModuleType, folders: set[Path]) -> bool:
    file = getattr(module, "__file__", None)
    if not isinstance(file, str):
        # A namespace package is where its parts are.
        paths = [str(one) for one in getattr(module, "__path__", [])]
        if not paths:
            return False
        file = os.path.join(paths[0], "__init__.py")
    return not folders.isdisjoint(_users_folders(file))


@functools.cache
def _users_folders(file: str) -> frozenset[Path]:
    """The folders that a file is below; none where it is the server's, or a library's."""
    parents = frozenset(Path(file).resolve().parents)
    return frozenset() if not parents.isdisjoint(_SERVER) or not is_users(file) else parents


def _forget(names: dict[str, ModuleType]) -> None:
    for name in names:
        sys.modules.pop(name, None)
