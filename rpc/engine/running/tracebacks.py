"""A failing node's traceback as its author wants it: own files and libraries, without what ran them."""

import traceback
from pathlib import Path

import langchain_core
import langgraph.pregel

_HERE = Path(__file__).resolve().parents[2]
_RUNNERS = tuple(
    f"{folder}/"
    for folder in (
        _HERE,
        Path(langgraph.pregel.__file__).parents[1],
        Path(langchain_core.__file__).parent,
        Path(traceback.__file__).parent / "asyncio",
        Path(traceback.__file__).parent / "concurrent",
    )
)
"""Folders of what is between the server and a node. Our own examples are nodes."""

_EXAMPLES = f"{_HERE / 'examples'}/"


def told(error: BaseException) -> str:
    """The traceback with the frames of LangGraph and of this server folded; causes and contexts too."""
    whole = traceback.TracebackException.from_exception(error)
    seen: set[int] = set()
    part: traceback.TracebackException | None = whole
    while part is not None and id(part) not in seen:
        seen.add(id(part))
        part.stack = _folded(part.stack)
        part = part.__cause__ or (None if part.__suppress_context__ else part.__context__)
    return "".join(whole.format()).rstrip()


def _folded(stack: traceback.StackSummary) -> traceback.StackSummary:
    kept = [frame for frame in stack if not _runs_nodes(frame.filename)]
    # Where LangGraph itself raised, its frames are all there is.
    return traceback.StackSummary.from_list(kept or stack[-1:])


def _runs_nodes(file: str) -> bool:
    return file.startswith(_RUNNERS) and not file.startswith(_EXAMPLES)
