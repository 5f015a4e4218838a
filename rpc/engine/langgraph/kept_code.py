"""What libraries keep of code that they have seen: caches by class, function or annotation.

They outlive a module that was imported anew: each holds some hundred entries, and one entry holds all of its module. What
is forgotten is made again when it is asked for.

Borrowed: these caches of LangGraph's and LangChain's, and that `typing` lists how to clear its own (`typing._cleanups`).
"""

import typing

from langchain_core.runnables.utils import get_function_nonlocals
from langchain_core.utils import pydantic as models
from langgraph._internal import _pydantic as own_models

CACHES: typing.Any = (
    models._create_model_cached,
    models._create_root_model_cached,
    own_models._create_model_cached,
    own_models._create_root_model_cached,
    get_function_nonlocals,
)


def forget() -> None:
    """Let go of all code that is in these caches."""
    for cache in CACHES:
        cache.cache_clear()
    for clear in typing._cleanups:  # type: ignore[attr-defined]
        clear()
