"""What libraries keep of code that they have seen: caches by class, function or annotation.

They outlive a module that was imported anew: each holds some hundred entries, and one entry holds all of its module. What
is forgotten is made again when it is asked for.

Borrowed: these caches of LangGraph's and LangChain's, that `typing` lists how to clear its own (`typing._cleanups`), and what
`inspect` keeps in Python 3.12 until 3.12.4: the classes of what it looked at (https://github.com/python/cpython/issues/118013).
"""

import inspect
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
    # Not in every version.
    *filter(None, [getattr(inspect, "_shadowed_dict_from_mro_tuple", None)]),
)


def forget() -> None:
    """Let go of all code that is in these caches."""
    for cache in CACHES:
        cache.cache_clear()
    for clear in typing._cleanups:  # type: ignore[attr-defined]
        clear()
