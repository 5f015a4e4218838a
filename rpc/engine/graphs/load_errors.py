"""Why a graph could not be loaded, told so that its author finds the line."""

import linecache
import site
import sys
import sysconfig
import traceback
from pathlib import Path

_HERE = Path(__file__).resolve().parent
_STANDARD_LIBRARY = {Path(sysconfig.get_path(key)).resolve() for key in ("stdlib", "platstdlib")}
OWN_NAMES = frozenset({"rpc", "protocol"})
"""Names of this project's own that a user's neighbour may well have too."""
_INSTALLED = ("site-packages", "dist-packages")


class GraphLoadError(Exception):
    """A graph cannot be served; the message is for its author and names file and line."""


def failure(target: str, error: BaseException, file: Path | None = None) -> GraphLoadError:
    """The error for `error`, which loading `target` raised.

    It names the last line of the user's own files that `error` passed through; where there is none,
    `file`, the file that was being loaded.
    """
    where, code = _place(error)
    if where is None and file is not None:
        where = shown(file)
    lines = [f"cannot load {target}"]
    lines.append(f"  {where}: {told(error)}" if where else f"  {told(error)}")
    if code:
        lines.append(f"    {code}")
    if isinstance(error, ModuleNotFoundError) and error.name:
        lines.append(f"  {_missing(error.name)}")
    return GraphLoadError("\n".join(lines))


def _missing(module: str) -> str:
    """What to do where a module is not found."""
    top = module.partition(".")[0]
    if top in OWN_NAMES:
        return (
            f"{top!r} is one of Stepwire's own packages; yours is found in the graph's folder, the current one or its"
            f" src/, where it has an __init__.py"
        )
    own = [folder for folder in _beside() if _has_module(folder, top)]
    if own:
        return f"there is one in {own[0]}: start the server there, or add that folder to PYTHONPATH"
    return (
        f"looked for in the graph's folder, the current folder, its src/, and what is installed for"
        f" {sys.executable}; install what has it there (pip install …), or name its folder in PYTHONPATH"
    )


def _beside() -> list[Path]:
    """Folders near the current one in which projects keep modules."""
    here = Path.cwd()
    near = [*here.parents[:3], *sorted(one for one in here.glob("*/") if one.name != "src")]
    return [folder for one in near for folder in (one, one / "src")]


def _has_module(folder: Path, top: str) -> bool:
    try:
        return (folder / f"{top}.py").is_file() or (folder / top / "__init__.py").is_file()
    except OSError:
        return False


def told(error: BaseException) -> str:
    """An exception's class and message on one line."""
    text = error.msg if isinstance(error, SyntaxError) else str(error)
    text = " ".join(str(text).split())
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def shown(file: str | Path) -> str:
    """A file as its author wrote it: relative to the current folder where inside."""
    path = Path(file)
    try:
        return str(path.resolve().relative_to(Path.cwd().resolve()))
    except (ValueError, OSError):
        return str(path)


def _place(error: BaseException) -> tuple[str | None, str]:
    """`file:line` of the fault, and the line's text; (None, '') where no line is the user's."""
    if isinstance(error, SyntaxError) and error.filename and error.lineno:
        return f"{shown(error.filename)}:{error.lineno}", (error.text or "").strip()
    frames = [
        (frame.f_code.co_filename, line)
        for frame, line in traceback.walk_tb(error.__traceback__)
        if not frame.f_code.co_filename.startswith("<")
    ]
    own = [place for place in frames if is_users(place[0])]
    # A graph that is itself installed has no frame outside site-packages.
    installed = [place for place in frames if _is_installed(place[0])]
    for file, line in reversed(own or installed):
        return f"{shown(file)}:{line}", linecache.getline(file, line).strip()
    return None, ""


def _is_installed(file: str) -> bool:
    path = Path(file).resolve()
    folders = {Path(folder).resolve() for folder in (*site.getsitepackages(), *_INSTALLED)}
    return any(part in _INSTALLED for part in path.parts) or not folders.isdisjoint(path.parents)


def is_users(file: str) -> bool:
    """Whether a file is neither the server's engine, nor installed, nor Python's own."""
    parents = Path(file).resolve().parents
    if _HERE in parents or _is_installed(file):
        return False
    return _STANDARD_LIBRARY.isdisjoint(parents)
