"""The paths under which LangGraph keeps what tasks wrote."""

from rpc.engine.langgraph.callbacks import PUSH

PULL = "__pregel_pull"


def called_by(node: str, sent: int | None) -> str:
    """What is in the paths of the tasks that a task calls (`@task`), and of those that they call, and in no others.

    `sent`: which of the checkpoint's `Send`s made the task; None where an edge leads to it.
    """
    return f"~{PULL}, {node}, " if sent is None else f"~{PUSH}, {sent:010d}, {False:010d}, "
