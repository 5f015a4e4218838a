"""An exception's text, whatever its class does when asked for it."""

from rpc.engine.values.to_json import to_json


def error_text(error: BaseException) -> str:
    """What `str` gives, or what went wrong with that: the class is the graph's, and may raise anything."""
    try:
        return str(to_json(str(error)))
    except BaseException as broken:
        return f"(its text cannot be read: `__str__` raised {type(broken).__name__})"
