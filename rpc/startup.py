"""What a server's start knows before it loads anything: of a module of its own, since what only holds the port loads nothing else."""

from msgspec import Struct


class StartupError(Exception):
    """The server cannot start; the message says why and what would help."""


class Watched(Struct, frozen=True):
    """A supervisor saw how the server before this one ended. `died`: nobody had meant to end it."""

    died: bool
