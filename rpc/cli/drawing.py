"""The console of what is drawn. Imported where something is: `rich` takes its time."""

from collections.abc import Iterable

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment

from rpc.cli.console import clean


class OwnConsole(Console):
    """rich's, but for what others' texts could do to a terminal, whatever they come in; and for a pipe whose reader has
    gone: how the command ends then is decided where all of them end.
    """

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        """Without control characters in its text; what rich itself tells the terminal is apart."""
        for one in super().render(renderable, options):
            yield one if one.control else one._replace(text=clean(one.text))

    def on_broken_pipe(self) -> None:
        """Raises `BrokenPipeError`, where rich's own would end the process."""
        raise BrokenPipeError
