"""What LangGraph's own server hands to a factory of a graph: `langgraph_sdk.runtime.ServerRuntime`.

Borrowed: the two private classes behind that name, and that an annotation may be the name, the name with a context
type, or one of the classes.
"""

import sys
from typing import Any, get_args, get_origin

from langgraph.store.base import BaseStore

MODULE = "langgraph_sdk.runtime"


def is_server_runtime(annotation: object) -> bool:
    """Whether a parameter of this type is to be given a `ServerRuntime`."""
    # Who annotates with it has imported it.
    module = sys.modules.get(MODULE)
    if module is None:
        return False
    named = (
        module.ServerRuntime,
        module._ServerRuntimeBase,
        module._ExecutionRuntime,
        module._ReadRuntime,
    )
    return (
        annotation in named
        or get_origin(annotation) in named
        or any(is_server_runtime(part) for part in get_args(annotation))
    )


def for_run(store: BaseStore | None, context: Any, user: Any = None) -> Any:
    """Of a run: `execution_runtime` is there, with the run's context. `user`: who asked for it, or None."""
    made: Any = sys.modules[MODULE]
    return made._ExecutionRuntime(
        access_context="threads.create_run", store=store, context=context, user=user
    )


def for_reading(store: BaseStore | None) -> Any:
    """Of everything else: the graph is drawn, described and looked at with it."""
    made: Any = sys.modules[MODULE]
    return made._ReadRuntime(access_context="assistants.read", store=store)
