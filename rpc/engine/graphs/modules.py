"""Import the Python file or module that a graph is written in.

A file is imported as Python itself would: one in a package (its folder has an `__init__.py`) by its
dotted name, so that relative imports work; any other as a script, its own folder first on
`sys.path`, so that it imports its neighbours. The current folder and its `src/` come next.

Two scripts, or two packages, of the same name in different folders do not clash, nor do a user's `rpc` or
`protocol` and the server's: while one is imported, modules of other folders that a neighbour of its own shadows
are set aside; imports in functions find them too (`late_imports.py`). What this cannot do: Python has one module a
name. What looks a class up by its module's name (pickling, and the types of a restored checkpoint) finds that of the
folder loaded first, where both have such a module; only annotations that are texts are read before (`annotations.py`). A warning is logged then; unique names avoid it.
"""

import hashlib
import importlib
import importlib.util
import logging
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

from rpc.engine.graphs import annotations
from rpc.engine.graphs.late_imports import LateImports
from rpc.engine.graphs.load_errors import OWN_NAMES, GraphLoadError, failure, shown

logger = logging.getLogger("stepwire.engine")

_SERVER = Path(__file__).resolve().parents[3]

# Folders put on `sys.path` for a graph: only their modules are ever set aside.
roots: list[Path] = []
# Modules of a folder whose names another folder holds in `sys.modules`, by folder.
parked: dict[Path, dict[str, ModuleType]] = {}
# Every graph file imported so far, so that a second graph of a file finds the same module.
imported: dict[Path, ModuleType] = {}
# Finds what was set aside, while graphs run.
_late = LateImports(parked)


def import_file(file: Path, target: str) -> ModuleType:
    """The module written in `file`; imported once however often it is asked for.

    Raises `GraphLoadError` where there is no such file or it fails to import.
    """
    path = file.expanduser().resolve()
    if path.is_dir():
        raise GraphLoadError(f"cannot load {target}\n  {shown(path)} is a folder, not a .py file")
    if not path.is_file():
        raise GraphLoadError(f"cannot load {target}\n  there is no file {shown(path)}")
    if path in imported:
        return imported[path]
    name, root, is_script = _module_name(path)
    loaded = sys.modules.get(name)
    if loaded is not None and _is_from(loaded, path):
        return imported.setdefault(path, loaded)
    importlib.invalidate_caches()
    try:
        with _first_on_path(root), _neighbours_of([root, *_working_folders()]) as taken:
            if is_script:
                module = _import_script(name, path, taken=name in taken)
            else:
                module = _import_member(name, path)
    except GraphLoadError as error:
        raise GraphLoadError(f"cannot load {target}\n  {error}") from None
    except BaseException as error:
        if _is_ctrl_c(error):
            raise
        raise failure(target, error, path) from error
    return imported.setdefault(path, module)


def import_module(name: str, target: str) -> ModuleType:
    """The module of that dotted name, from the current folder, its `src/`, or installed.

    Raises `GraphLoadError` where there is none or it fails to import.
    """
    _put_on_path(_working_folders())
    importlib.invalidate_caches()
    try:
        with _neighbours_of(_working_folders()):
            return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name and f"{name}.".startswith(f"{error.name}."):
            raise GraphLoadError(
                f"cannot load {target}\n  there is no module {error.name!r},"
                " neither in the current folder, nor in its src/, nor installed"
            ) from None
        raise failure(target, error) from error
    except BaseException as error:
        if _is_ctrl_c(error):
            raise
        raise failure(target, error) from error


def _is_ctrl_c(error: BaseException) -> bool:
    """Whether it is no error of what is imported: only the main thread is interrupted from outside."""
    return isinstance(error, KeyboardInterrupt) and (
        threading.current_thread() is threading.main_thread()
    )


def _module_name(path: Path) -> tuple[str, Path, bool]:
    """Its dotted name, the folder to import it from, and whether it is a script."""
    parts = [] if path.name == "__init__.py" else [path.stem]
    folder = path.parent
    while (folder / "__init__.py").is_file() and folder.parent != folder:
        parts.insert(0, folder.name)
        folder = folder.parent
    return ".".join(parts), folder, folder == path.parent


def _import_script(name: str, path: Path, *, taken: bool) -> ModuleType:
    if not taken and name.isidentifier() and _would_be(name, path):
        return importlib.import_module(name)
    # The name is another module's: this one gets a name of its own, the same in every process.
    place = os.path.relpath(path)
    own_name = f"{name.replace('.', '_')}__{hashlib.sha256(place.encode()).hexdigest()[:8]}"
    spec = importlib.util.spec_from_file_location(own_name, path)
    if spec is None or spec.loader is None:
        raise GraphLoadError(f"{shown(path)} is not a .py file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[own_name] = module
    if taken:
        # For its neighbours that import it back by its plain name.
        sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[own_name]
        if taken:
            del sys.modules[name]
        raise
    return module


def _import_member(name: str, path: Path) -> ModuleType:
    package = importlib.import_module(_top(name))
    home = path.parents[name.count(".") - (path.name != "__init__.py")]
    if not _is_from(package, home / "__init__.py"):
        raise GraphLoadError(
            f"{shown(path)}: its package has the name {_top(name)!r}, which"
            f" {shown(package.__file__ or _top(name))} has already; rename the package"
        )
    return importlib.import_module(name)


def _would_be(name: str, path: Path) -> bool:
    """Whether `import name` would import `path`, and not a builtin or a module already there."""
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError):
        return False
    return spec is not None and spec.origin is not None and _same_file(spec.origin, path)


def _is_from(module: ModuleType, path: Path) -> bool:
    file = getattr(module, "__file__", None)
    return isinstance(file, str) and _same_file(file, path)


def _same_file(file: str, path: Path) -> bool:
    try:
        return Path(file).resolve() == path
    except OSError:
        return False


@contextmanager
def _first_on_path(root: Path) -> Iterator[None]:
    """Put `root` first on `sys.path`, to stay there if the import succeeds.

    A folder that is there for another reason keeps its place: site-packages, put before the
    standard library, would shadow it.
    """
    path, kept = list(sys.path), list(roots)
    _put_on_path(_working_folders())
    entry = str(root)
    if entry not in sys.path or root in roots:
        sys.path[:] = [entry, *(item for item in sys.path if item != entry)]
        if root not in roots:
            roots.append(root)
    try:
        yield
    except BaseException:
        sys.path[:], roots[:] = path, kept
        raise


def _working_folders() -> list[Path]:
    """The current folder and its `src/`: where projects keep what their graphs import."""
    folder = Path.cwd()
    return [folder, *([folder / "src"] if (folder / "src").is_dir() else [])]


def _put_on_path(folders: list[Path]) -> None:
    """Make them importable, before what is installed and in their order; those that are so already stay."""
    new = [folder for folder in folders if str(folder) not in sys.path]
    sys.path[:0] = [str(folder) for folder in new]
    roots.extend(new)


@contextmanager
def _neighbours_of(folders: list[Path]) -> Iterator[set[str]]:
    """Within, the folders' own modules are found where other folders have some of that name; the first folder goes first.

    Yields the names that were set aside and that are theirs again afterwards.
    """
    homes: dict[str, Path] = {}
    for folder in folders:
        for name in _modules_in(folder):
            homes.setdefault(name, folder)
    aside = {
        name: module
        for name, module in list(sys.modules.items())
        if (home := homes.get(_top(name))) is not None
        and _is_foreign(name, module, home, [one for one in roots if one != home])
    }
    taken = {_top(name) for name in aside}
    for name in aside:
        del sys.modules[name]
    for folder in folders:
        own = parked.get(folder, {})
        sys.modules.update(
            {name: module for name, module in own.items() if homes.get(_top(name)) == folder}
        )
    _late.paused += 1
    if taken:
        # Before a file of theirs keeps `importlib.import_module` under a name of its own.
        _late.install()
    try:
        yield taken
    finally:
        _late.paused -= 1
        found = {name: sys.modules[name] for name in list(sys.modules) if _top(name) in taken}
        for name, module in found.items():
            if name in aside or _is_servers(name):
                annotations.read_all(module)
        for name in found:
            del sys.modules[name]
        sys.modules.update(aside)
        for name, module in found.items():
            parked.setdefault(homes[_top(name)], {})[name] = module
            # What is looked up by name is found, where nobody else has it.
            if not _is_servers(name):
                sys.modules.setdefault(name, module)
        _warn({name for name, module in found.items() if module.__name__ == name and name in aside})


def _is_servers(name: str) -> bool:
    """Whether the server has a module of that name, which it may not have imported yet."""
    if _top(name) not in OWN_NAMES:
        return False
    file = _SERVER.joinpath(*name.split("."))
    return file.with_name(f"{file.name}.py").is_file() or (file / "__init__.py").is_file()


def _modules_in(folder: Path) -> set[str]:
    """Names of the modules and packages in it."""
    try:
        names = {item.stem for item in folder.glob("*.py")}
        return names | {item.parent.name for item in folder.glob("*/__init__.py")}
    except OSError:
        return set()


def _warn(names: set[str]) -> None:
    """Of modules of one name that are both imported. A script under a name of its own is none."""
    lost = {_top(name) for name in names} - OWN_NAMES
    if lost:
        logger.warning(
            "modules of the same name in two graph folders: %s; each graph has its own, but what looks their "
            "classes up by name (pickled values, types in a checkpoint) finds the first ones",
            ", ".join(sorted(lost)),
        )


def _top(name: str) -> str:
    return name.partition(".")[0]


def _is_foreign(name: str, module: ModuleType, root: Path, others: list[Path]) -> bool:
    file = getattr(module, "__file__", None)
    if not isinstance(file, str):
        # A namespace package, or a module made by hand: where it is from shows in its path.
        paths = [str(item) for item in getattr(module, "__path__", [])]
        if not paths:
            return False
        file = paths[0]
    parents = Path(file).resolve().parents
    levels = len(name.split(".")) + (Path(file).name == "__init__.py")
    home = parents[levels - 1] if len(parents) >= levels else None
    if home == root:
        return False
    return home in others or _top(name) in OWN_NAMES
