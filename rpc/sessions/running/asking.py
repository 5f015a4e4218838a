"""For whom something runs: whoever asks for much waits behind himself."""

from rpc.telemetry import ids

ANYBODY = "local"
"""The owner of those who need not say who they are: they are told apart by their addresses."""


def asker() -> str:
    """Who asks, by the call whose code runs here: an owner, or an address; '' where it is no call's."""
    who = ids.current()
    if who.owner is not None and who.owner != ANYBODY:
        return f"owner {who.owner}"
    return who.client or ""
