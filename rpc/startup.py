"""Why a server cannot start: of a module of its own, since what only holds the port loads nothing else."""


class StartupError(Exception):
    """The server cannot start; the message says why and what would help."""
