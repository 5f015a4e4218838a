"""LangGraph's checkpoint namespaces, `sub:<task>|rank:<task>`, and the node paths clients use, `sub/rank`."""

SEPARATOR = "|"


def split(namespace: str) -> tuple[str, ...]:
    """The parts of a namespace as one string; the top graph's, '', has none."""
    return tuple(namespace.split(SEPARATOR)) if namespace else ()


def node_path(namespace: tuple[str, ...]) -> str:
    """The path of a namespace: its nodes' names, joined by `/`.

    A part without a colon numbers the subgraphs that one task calls, and is no node.
    """
    return "/".join(part.partition(":")[0] for part in namespace if ":" in part)


def task_id(namespace: tuple[str, ...]) -> str:
    """The id of the task a namespace ends with."""
    for part in reversed(namespace):
        if ":" in part:
            return part.partition(":")[2]
    return ""


def task_namespace(graph: tuple[str, ...], name: str, task: str) -> tuple[str, ...]:
    """The namespace of a task of the graph whose namespace is `graph`."""
    return (*graph, f"{name}:{task}")
