"""Imports that happen while a graph runs, where two folders have modules of one name.

Python has one module a name: `rpc` in `sys.modules` is the server's, though the graph's own folder has one too, which
was set aside when the graph was loaded (`modules.parked`). An import in a function of that folder's files (a statement, or
`importlib.import_module`) finds its own, as at the top of a file; so does LangGraph's reader of checkpoints for the types in them. What else is looked up
by name (a pickled value's class) finds a set-aside module where there is no other of its full name.

Nothing is changed before there is such a folder.
"""

import builtins
import functools
import importlib
import importlib.util
import sys
import threading
from collections.abc import Mapping, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType
from typing import Any

from rpc.engine.graphs.load_errors import OWN_NAMES

_SERVER = [Path(__file__).resolve().parents[2], Path(__file__).resolve().parents[3] / "protocol"]
_INSTALLED = ("site-packages", "dist-packages")

# Python's own.
_import_module = importlib.import_module

READER = "langgraph.checkpoint.serde.jsonplus"
"""Who looks up the types of what a checkpoint has, by `importlib.import_module`. Of the server's own modules none is in there."""

Parked = dict[Path, dict[str, ModuleType]]


class LateImports(MetaPathFinder, Loader):
    """Finds set-aside modules; `paused` while a graph is loaded, whose own modules are in place then."""

    def __init__(self, parked: Parked) -> None:
        self.parked = parked
        self.paused = 0
        self._lock = threading.RLock()
        self._plain: Any = None

    def install(self) -> None:
        """Take part in imports, from now on."""
        if self._plain is None:
            self._plain = builtins.__import__
            builtins.__import__ = self._import
            importlib.import_module = self._import_module
            sys.meta_path.append(self)

    def remove(self) -> None:
        """Leave imports as they were."""
        if self._plain is not None:
            builtins.__import__ = self._plain
            importlib.import_module = _import_module
            sys.meta_path.remove(self)
            self._plain = None

    # What an import statement calls.

    def _import(
        self,
        name: str,
        globals: Mapping[str, object] | None = None,
        locals: Mapping[str, object] | None = None,
        fromlist: Sequence[str] | None = (),
        level: int = 0,
    ) -> ModuleType:
        """`__import__`, as Python describes it."""
        found = None
        if self.parked and not self.paused:
            given = sys._getframe(1).f_globals if globals is None else globals
            found = self._own(name, given, fromlist or (), level)
        if found is not None:
            return found
        module: ModuleType = self._plain(name, globals, locals, fromlist, level)
        return module

    def _own(
        self, name: str, globals: Mapping[str, object], fromlist: Sequence[str], level: int
    ) -> ModuleType | None:
        file, package = globals.get("__file__"), globals.get("__package__")
        if not isinstance(file, str) or (level and not isinstance(package, str)):
            return None
        full = importlib.util.resolve_name("." * level + name, str(package)) if level else name
        folder = self._folder(file, full)
        if folder is None:
            return None
        module = self._load(folder, full)
        if not fromlist:
            return self.parked[folder][full.partition(".")[0]]
        listed = getattr(module, "__all__", ()) if "*" in fromlist else fromlist
        for item in listed:
            if hasattr(module, "__path__") and not hasattr(module, item):
                self._load(folder, f"{full}.{item}", needed=False)
        return module

    def _import_module(self, name: str, package: str | None = None) -> ModuleType:
        """`importlib.import_module`, as Python describes it."""
        caller = sys._getframe(1).f_globals
        file = caller.get("__file__")
        if self.parked and not self.paused and isinstance(file, str):
            full = importlib.util.resolve_name(name, package) if package else name
            if caller.get("__name__") == READER and full.partition(".")[0] in OWN_NAMES:
                own = next((one[full] for one in self.parked.values() if full in one), None)
                return _import_module(full) if own is None else own
            if (folder := self._folder(file, full)) is not None:
                module = self._load(folder, full)
                assert module is not None
                return module
        return _import_module(name, package)

    def _folder(self, file: str, full: str) -> Path | None:
        """Whose module of that name a file means; None where it is none that was set aside."""
        top = full.partition(".")[0]
        if not any(top in own for own in self.parked.values()):
            return None
        folders = _folders(file)
        # What is imported from anywhere else is imported from where the server was started.
        near = (*folders, Path.cwd(), Path.cwd() / "src") if folders else ()
        return next((one for one in near if top in self.parked.get(one, ())), None)

    def _load(self, folder: Path, full: str, *, needed: bool = True) -> ModuleType | None:
        """The folder's module of that name, imported where it was not yet. Raises `ModuleNotFoundError`."""
        own = self.parked[folder]
        if full in own:
            return own[full]
        parent, _, child = full.rpartition(".")
        within = self._load(folder, parent, needed=needed) if parent else None
        with self._lock:
            if full in own:
                return own[full]
            path = getattr(within, "__path__", None)
            spec = PathFinder.find_spec(full, path) if path is not None else None
            if spec is None or spec.loader is None:
                if needed:
                    raise ModuleNotFoundError(f"No module named {full!r}", name=full)
                return None
            module = own[full] = importlib.util.module_from_spec(spec)
            try:
                spec.loader.exec_module(module)
            except BaseException:
                del own[full]
                raise
            setattr(within, child, module)
            return module

    # What looks a module up by its name.

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The last of all finders."""
        if self.paused or not any(fullname in own for own in self.parked.values()):
            return None
        return ModuleSpec(fullname, self)

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """The module that was set aside."""
        return next((own[spec.name] for own in self.parked.values() if spec.name in own), None)

    def exec_module(self, module: ModuleType) -> None:
        """It was run when its graph was loaded."""


@functools.cache
def _folders(file: str) -> tuple[Path, ...]:
    """Folders whose modules a file may mean, nearest first; none where it is no user's."""
    parents = Path(file).resolve().parents
    if any(one in _SERVER for one in parents):
        return ()
    if any(one.name in _INSTALLED for one in parents):
        return ()
    return tuple(parents)
