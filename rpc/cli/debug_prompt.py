"""The terminal debugger's prompt, with completion. Imported where there is a terminal: it takes its time."""

from collections.abc import AsyncIterator, Iterable

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.history import InMemoryHistory
from prompt_toolkit.patch_stdout import patch_stdout

from rpc.cli.debug_commands import COMMANDS, Frontend, short

NODE_COMMANDS = frozenset({"b", "u", "p", "rs"})
TASK_COMMANDS = frozenset({"n", "s", "o", "i", "back", "rc"})
BREAKPOINT_WORDS = ("after", "off", "hits", "if", "log")


class CommandCompleter(Completer):
    """Completes commands, node names and paths, tasks that stand, and channels of the state."""

    def __init__(self, frontend: Frontend) -> None:
        self.frontend = frontend

    def get_completions(
        self, document: Document, complete_event: CompleteEvent
    ) -> Iterable[Completion]:
        """prompt_toolkit's own method."""
        text = document.text_before_cursor
        word = text.rpartition(" ")[2]
        for candidate in self.candidates(text):
            if candidate.startswith(word):
                yield Completion(candidate, start_position=-len(word))

    def candidates(self, text: str) -> list[str]:
        """What may stand where the line ends."""
        command, space, rest = text.lstrip().partition(" ")
        if not space:
            return list(COMMANDS)
        command = short(command)
        words = rest.split(" ")
        paths = self.frontend.paths
        names = [path.rpartition("/")[2] for path in paths]
        if command in TASK_COMMANDS:
            return [task.path for task in self.frontend.session.tasks]
        if command == "b" and len(words) > 1:
            return [word for word in BREAKPOINT_WORDS if word not in words[1:-1]]
        channels = self.frontend.channels
        if command == "set":
            if "as" in words[:-1]:
                return [*paths, *(f"{path}/" for path in paths)]
            return [*(f"{channel}=" for channel in channels), *(["as"] if len(words) > 1 else [])]
        if command == "w":
            return channels if len(words) == 1 else ["off", "hits", "if", "log"]
        if command == "e":
            return ["all", "none"] if len(words) == 1 else ["raised"]
        if command in NODE_COMMANDS:
            return list(dict.fromkeys([*(channels if command == "p" else ()), *paths, *names]))
        return []


async def typed_lines(frontend: Frontend) -> AsyncIterator[str]:
    """Lines typed at a prompt; an empty one repeats a step. Ends with Ctrl-D."""
    session: PromptSession[str] = PromptSession(
        history=InMemoryHistory(),
        completer=CommandCompleter(frontend),
        complete_while_typing=False,
    )
    last = ""
    while True:
        try:
            with patch_stdout(raw=True):
                line = (await session.prompt_async(f"({frontend.session.status}) ")).strip()
        except KeyboardInterrupt:
            continue
        except EOFError:
            return
        repeats = not line and short(last.split(" ")[0]) in ("n", "s", "o", "c")
        last = last if repeats else line
        if last:
            yield last
