"""Stepwire: LangGraph orchestrations over one WebSocket that speaks JSON-RPC 2.0.

`create_app` gives an ASGI app from graphs and settings; `rpc.client` speaks to a server.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rpc.app import StepwireApp, create_app
    from rpc.core import StartupError
    from rpc.engine.graphs.load_errors import GraphLoadError
    from rpc.settings import Settings, SettingsError
    from rpc.version import VERSION as __version__

__all__ = [
    "GraphLoadError",
    "Settings",
    "SettingsError",
    "StartupError",
    "StepwireApp",
    "__version__",
    "create_app",
]

_HOMES = {
    "GraphLoadError": ("rpc.engine.graphs.load_errors", "GraphLoadError"),
    "Settings": ("rpc.settings", "Settings"),
    "SettingsError": ("rpc.settings", "SettingsError"),
    "StartupError": ("rpc.core", "StartupError"),
    "StepwireApp": ("rpc.app", "StepwireApp"),
    "__version__": ("rpc.version", "VERSION"),
    "create_app": ("rpc.app", "create_app"),
}


def __getattr__(name: str) -> Any:
    """Import on first use: a client must not load LangGraph to say hello."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, attribute = _HOMES[name]
    return getattr(import_module(module), attribute)
