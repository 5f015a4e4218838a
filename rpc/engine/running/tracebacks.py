"""A failing node's traceback as its author wants it: own files and libraries, without what ran them."""

import functools
import threading
import traceback
from pathlib import Path

import langchain_core
import langgraph.pregel
import pydantic

from rpc.engine.graphs.load_errors import is_users
from rpc.engine.graphs.source_lines import shown_file
from rpc.engine.langgraph.exits import raised
from rpc.engine.values.errors import error_text, error_type, traceback_of
from rpc.masking import scrubbed
from rpc.telemetry.ids import current

_HERE = Path(__file__).resolve().parents[2]
_LIBRARY = Path(traceback.__file__).parent
_RUNNERS = (
    threading.__file__,
    # As it was compiled, and where it is installed: beside whatever else is.
    "uvloop/",
    f"{Path(langchain_core.__file__).parents[1] / 'uvloop'}/",
    *(
        f"{folder}/"
        for folder in (
            _HERE,
            Path(langgraph.pregel.__file__).parents[1],
            Path(langchain_core.__file__).parent,
            _LIBRARY / "asyncio",
            _LIBRARY / "concurrent",
        )
    ),
)
"""Folders and files of what is between the server and a node. Our own examples are nodes."""

_PYDANTIC = f"{Path(pydantic.__file__).parent}/"
"""What refuses a state is called by LangGraph as well as by a node, and is never where a fault is."""

_EXAMPLES = f"{_HERE / 'examples'}/"


def told(error: BaseException) -> str:
    """The traceback with the frames of LangGraph and of this server folded; causes, contexts and those of a group too."""
    own = raised(error)
    try:
        text = _with_causes(own)
    except Exception as broken:
        # Its class is the graph's, and may raise anything when it is looked at.
        text = _alone(own, broken)
    return scrubbed(text.rstrip(), current().secrets)


def _alone(error: BaseException, broken: Exception) -> str:
    """Where it was raised, and its type and text. `broken`: why there is no more."""
    lines = where(traceback.extract_tb(traceback_of(error)))
    said = f"{error_type(error)}: {error_text(error)}"
    why = f"{error_type(broken)}: {error_text(broken)}"
    return f"Traceback (most recent call last):\n{lines}\n{said}\n(what it came from cannot be read: {why})"


def _with_causes(error: BaseException) -> str:
    whole = traceback.TracebackException.from_exception(error)
    seen: set[int] = set()
    parts: list[traceback.TracebackException | None] = [whole]
    while parts:
        part = parts.pop()
        if part is not None and id(part) not in seen:
            seen.add(id(part))
            part.stack = folded(part.stack)
            parts += [part.__cause__, part.__context__, *(part.exceptions or ())]
    return "".join(whole.format())


def place(error: BaseException) -> tuple[str, int] | tuple[None, None]:
    """File, as `graph.describe` shows it, and line: the author's own line that the error passed through last.

    Of a graph that is itself installed: the last line that is neither LangGraph's, Pydantic's nor this server's.
    """
    frames = [
        (frame.f_code.co_filename, line)
        for frame, line in traceback.walk_tb(traceback_of(error))
        if not frame.f_code.co_filename.startswith("<")
        and not _runs_nodes(frame.f_code.co_filename)
        and not frame.f_code.co_filename.startswith(_PYDANTIC)
    ]
    own = [found for found in frames if _is_authors(found[0])]
    if not (own or frames):
        return None, None
    file, line = (own or frames)[-1]
    return shown_file(file, Path.cwd()), line


@functools.lru_cache(maxsize=1024)
def _is_authors(file: str) -> bool:
    return is_users(file) or file.startswith(_EXAMPLES)


def where(stack: traceback.StackSummary) -> str:
    """Where code is, its innermost frame last, as a traceback has it."""
    return "".join(folded(stack).format()).rstrip()


def folded(stack: traceback.StackSummary) -> traceback.StackSummary:
    """Without the frames of what runs nodes."""
    kept = [frame for frame in stack if not _runs_nodes(frame.filename)]
    # Where LangGraph itself raised, its frames are all there is.
    return traceback.StackSummary.from_list(kept or stack[-1:])


def _runs_nodes(file: str) -> bool:
    return file.startswith(_RUNNERS) and not file.startswith(_EXAMPLES)
