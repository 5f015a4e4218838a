"""The `stepwire` command."""

from rpc.cli.main import main

__all__ = ["main"]
