"""The console of what is drawn. Imported where something is: `rich` takes its time."""

from rich.console import Console


class OwnConsole(Console):
    """rich's, but for a pipe whose reader has gone: how the command ends then is decided where all of them end."""

    def on_broken_pipe(self) -> None:
        """Raises `BrokenPipeError`, where rich's own would end the process."""
        raise BrokenPipeError
