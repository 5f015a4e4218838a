"""The terminal debugger's commands: a line each, a letter or a word, then what it is about."""

import re
from collections.abc import Awaitable, Callable
from typing import Any, Literal

import click
from msgspec import Struct

from protocol.debugging import InspectResult
from rpc.cli.debug_view import View, node_paths
from rpc.cli.prefixes import chosen
from rpc.cli.values import mapping_of, value_of
from rpc.client import Debugger

HISTORY = 30

PAGE = 500
"""So many checkpoints are looked through at once for the one whose id begins as typed."""


class Quit(Exception):
    """Leave the debugger; the session stays as it is."""


class WrongUsage(Exception):
    """The line is no command, or not one for now; the message says what would be."""


class Command(Struct, frozen=True):
    """A command. `run` gets the rest of the line."""

    names: tuple[str, ...]
    usage: str
    help: str
    run: Callable[["Frontend", str], Awaitable[None]]


class Frontend:
    """What the commands work on: a session, its graph, and where to print.

    `finished`: paths of the nodes that ended in this run, kept by who sees the events.
    """

    def __init__(
        self, session: Debugger, graph: dict[str, Any], view: View, finished: set[str]
    ) -> None:
        self.session = session
        self.drawing = graph
        self.paths = node_paths(self.drawing)
        self.channels = _channels(self.drawing)
        self.view = view
        self.finished = finished
        # What `h` listed last: `rw 3` means its third.
        self.listed: list[str] = []

    async def execute(self, line: str) -> None:
        """Do what a line says. Raises `WrongUsage`, `Quit`, `RpcError`."""
        name, _, rest = line.strip().partition(" ")
        command = COMMANDS.get(name)
        if command is None:
            raise WrongUsage(f"no command {name!r}; ? lists them")
        try:
            await command.run(self, rest.strip())
        except LookupError as error:
            raise WrongUsage(str(error)) from error
        except click.BadParameter as error:
            raise WrongUsage(error.message) from error

    async def position(self) -> None:
        """The graph with where the session stands in it."""
        tasks = self.session.tasks
        found = await self.session.breakpoints()
        self.view.graph(
            self.drawing,
            {task.path for task in tasks if task.reason != "interrupt"},
            {task.path for task in tasks if task.reason == "interrupt"},
            self.finished,
            {one.node_name for one in found if one.enabled},
        )


def _stepping(mode: Literal["over", "into", "out"]) -> Callable[[Frontend, str], Awaitable[None]]:
    async def step(frontend: Frontend, rest: str) -> None:
        task_id = frontend.session.task(rest).task_id if rest else None
        await frontend.session.step(mode, task_id=task_id)

    return step


async def _until(frontend: Frontend, rest: str) -> None:
    if not rest:
        raise WrongUsage("u NODE: up to which node?")
    await frontend.session.step(node_name=rest)


async def _continue(frontend: Frontend, _: str) -> None:
    await frontend.session.resume()


async def _pause(frontend: Frontend, _: str) -> None:
    await frontend.session.pause()
    await frontend.session.rest()


async def _breakpoint(frontend: Frontend, rest: str) -> None:
    if not rest:
        frontend.view.breakpoints(await frontend.session.breakpoints())
        return
    params = breakpoint_of(rest)
    result = await frontend.session.set_breakpoint(**params)
    state = "set" if result.breakpoint_enabled else "off"
    if result.channel is not None:
        frontend.view.line(f"  {state}: changes of {data_name(result.node_name, result.channel)}")
        return
    for name in result.node_names:
        frontend.view.line(f"  {state}: {params.get('when', 'before')} {name}")


async def _watch(frontend: Frontend, rest: str) -> None:
    """`w CHANNEL|SUBGRAPH/CHANNEL …`: a data breakpoint."""
    if not rest:
        raise WrongUsage("w CHANNEL: of which channel of the state?")
    place, _, more = rest.partition(" ")
    path, _, channel = place.rpartition("/")
    params = breakpoint_of(f"- {more}") | {"node_name": path or None, "channel": channel}
    result = await frontend.session.set_breakpoint(**params)
    state = "set" if result.breakpoint_enabled else "off"
    frontend.view.line(f"  {state}: changes of {data_name(result.node_name, channel)}")


async def _errors(frontend: Frontend, rest: str) -> None:
    """`e all|none|TYPE,… [raised]`."""
    types, _, raised = rest.partition(" ")
    if not types or raised.strip() not in ("", "raised"):
        raise WrongUsage("e all|none|TYPE,… [raised]: at which errors to stop?")
    errors = {"all": True, "none": False}.get(types) if types in ("all", "none") else None
    found = [one for one in types.split(",") if one] if errors is None else errors
    result = await frontend.session.break_on_error(found, raised=found if raised else False)
    more = ", also where they are retried, handled or caught" if result.raised else ""
    frontend.view.line(f"  stops at errors: {types}{more}")


async def _evaluate(frontend: Frontend, rest: str) -> None:
    """`ev [@TASK] EXPRESSION`."""
    task_id = None
    if rest.startswith("@"):
        name, _, rest = rest[1:].partition(" ")
        task_id = frontend.session.task(name).task_id
    if not rest.strip():
        raise WrongUsage("ev [@TASK] EXPRESSION: over `state`, `input`, `config` and `context`")
    frontend.view.value((await frontend.session.evaluate(rest.strip(), task_id=task_id)).value)


def data_name(path: str, channel: str) -> str:
    """A channel of the graph at a path, as `w` takes it."""
    return f"{path}/{channel}" if path else channel


def breakpoint_of(text: str) -> dict[str, Any]:
    """`NODE|FILE:LINE [after] [off] [hits N] [if EXPRESSION | log TEXT]` as params. Raises `WrongUsage`."""
    place = re.match(r"(?P<file>\S+|.+?\.py):(?P<line>[1-9]\d*)(?= |$)", text)
    node, _, rest = text.partition(" ")
    params: dict[str, Any] = {"node_name": node}
    if place is not None:
        # No node's name has a colon. A file's may have spaces.
        params = {"file": place["file"], "line": int(place["line"])}
        rest = text[place.end() :]
    while rest := rest.strip():
        word, _, rest = rest.partition(" ")
        match word:
            case "before" | "after":
                params["when"] = word
            case "off":
                params["enabled"] = False
            case "hits":
                number, _, rest = rest.strip().partition(" ")
                if not number.isdigit():
                    raise WrongUsage("hits N: from which time on?")
                params["hit_count"] = int(number)
            case "if":
                before, log, after = rest.partition(" log ")
                params["condition"] = before.strip() if log else rest.strip()
                rest = f"log {after}" if log else ""
            case "log":
                params["log"], rest = rest.strip(), ""
            case _:
                raise WrongUsage(f"b NODE [after] [off] [hits N] [if …] [log …]: not {word!r}")
    return params


async def _print(frontend: Frontend, rest: str) -> None:
    """`p [NODE|NAME] [/POINTER] [START [COUNT]]`: a name is a value's, unless it is a node's alone."""
    params: dict[str, Any] = {}
    words, start, count = _paged(rest)
    for part in words:
        if part.startswith("/"):
            params["value_path"] = params.get("value_path", "") + part
        elif _names_node(frontend, part):
            params["node_name"] = part
        else:
            params["value_path"] = "/" + part.replace("~", "~0")
    found = await frontend.session.inspect(**params, start=start, count=count)
    if found.path:
        frontend.view.line(f"  in {found.path}")
    frontend.view.value(found.values)
    _goes_on(frontend, found, ["p", *words])


def _paged(rest: str) -> tuple[list[str], int, int | None]:
    """The words of a line without the numbers at its end, and these: where to start, and how many. Raises `WrongUsage`."""
    words = rest.split()
    numbers: list[int] = []
    while words and words[-1].isdecimal() and len(numbers) < 2:
        numbers.insert(0, int(words.pop()))
    start, count, *_ = [*numbers, None, None]
    if count == 0:
        raise WrongUsage("START COUNT: 0 of it?")
    return words, start or 0, count


def _goes_on(frontend: Frontend, found: InspectResult, words: list[str]) -> None:
    """Say what of a value was not shown, and how it is. `words`: by which this was."""
    page = found.page
    if page is not None and page.next_start is not None:
        more = " ".join([*words, str(page.next_start)])
        frontend.view.line(f"  {page.start} to {page.next_start} of {page.length}; {more} goes on")


def _names_node(frontend: Frontend, name: str) -> bool:
    """Whether it is no channel's name too: a node `draft` often writes a `draft`, and is in the graph that `p` shows."""
    if name in frontend.channels:
        return False
    return "/" in name or any(name == path.rpartition("/")[2] for path in frontend.paths)


def _channels(drawing: dict[str, Any]) -> list[str]:
    """The names of the values in the state of a described graph, as far as its schema tells."""
    state = (drawing.get("schemas") or {}).get("state")
    return list(state.get("properties", ())) if isinstance(state, dict) else []


async def _input(frontend: Frontend, rest: str) -> None:
    """`i [TASK]`."""
    tasks = [frontend.session.task(rest)] if rest else frontend.session.tasks
    for task in tasks:
        frontend.view.line(f"  {task.path}")
        frontend.view.value(task.input)


async def _where(frontend: Frontend, _: str) -> None:
    found = await frontend.session.look()
    frontend.view.status(found.status)
    frontend.view.line(f"  checkpoint {found.checkpoint_id}")
    if frontend.session.tasks or found.status == "paused":
        frontend.view.tasks(frontend.session.tasks)
    for question in found.interrupts:
        frontend.view.line(f"  {question.node} asks ({question.interrupt_id}):")
        frontend.view.value(question.value)


async def _list(frontend: Frontend, _: str) -> None:
    await frontend.position()


async def _respond(frontend: Frontend, rest: str) -> None:
    """`r VALUE [@INTERRUPT]`: the whole rest is the value, but for a last word that names the question."""
    value, at, interrupt_id = rest.rpartition(" @")
    if not at:
        value, interrupt_id = rest, ""
    if not value:
        raise WrongUsage("r VALUE [@INTERRUPT]: what is the answer?")
    if interrupt_id:
        asked = (await frontend.session.inspect()).interrupts
        interrupt_id = chosen(interrupt_id, [one.interrupt_id for one in asked], "question")
    await frontend.session.respond(value_of(value), interrupt_id or None)


async def _context(frontend: Frontend, rest: str) -> None:
    """`ctx [/POINTER] [START [COUNT]]`."""
    words, start, count = _paged(rest)
    found = await frontend.session.inspect(
        part="context", value_path="".join(words) or None, updates=False, start=start, count=count
    )
    frontend.view.value(found.values)
    _goes_on(frontend, found, ["ctx", *words])


async def _set(frontend: Frontend, rest: str) -> None:
    """`set NAME=VALUE … [as NODE]`, or a JSON object in their place."""
    values, as_, node = rest.rpartition(" as ")
    if not as_:
        values, node = rest, ""
    parts = [values.strip()] if values.lstrip().startswith("{") else _pairs(values)
    if not values.strip():
        raise WrongUsage("set NAME=VALUE … [as NODE]: what to write?")
    await frontend.session.set_state(mapping_of(parts, "set"), as_node=node.strip() or None)
    frontend.view.line("  edited")


def _pairs(text: str) -> list[str]:
    """`a=1 b=two words c=[1, 2]` as one part a name."""
    parts: list[str] = []
    for word in text.split(" "):
        if word.partition("=")[0].isidentifier() and "=" in word:
            parts.append(word)
        elif parts:
            parts[-1] += f" {word}"
        elif word:
            raise WrongUsage(f"set NAME=VALUE: not {word!r}")
    return [part.rstrip() for part in parts]


async def _history(frontend: Frontend, rest: str) -> None:
    limit = int(rest) if rest.isdigit() else HISTORY
    found = await frontend.session.history(limit=limit, path="")
    frontend.listed = [one.checkpoint_id for one in found]
    frontend.view.history(found)


async def _rewind(frontend: Frontend, rest: str) -> None:
    """`rw N|CHECKPOINT [go]`."""
    target, _, rerun = rest.partition(" ")
    if not target or rerun not in ("", "go"):
        raise WrongUsage("rw N|CHECKPOINT [go]: a number as `h` lists them, or an id")
    if target.isdigit():
        if not frontend.listed:
            found = await frontend.session.history(limit=HISTORY, path="")
            frontend.listed = [one.checkpoint_id for one in found]
        if not 0 < int(target) <= len(frontend.listed):
            raise WrongUsage(f"`h` listed {len(frontend.listed)} checkpoints")
        target = frontend.listed[int(target) - 1]
    else:
        target = await _checkpoint(frontend, target)
    await frontend.session.rewind(target, rerun=bool(rerun))
    frontend.listed = []


async def _step_back(frontend: Frontend, rest: str) -> None:
    """`back [TASK]`."""
    task_id = frontend.session.task(rest).task_id if rest else None
    await frontend.session.step_back(task_id=task_id)
    frontend.listed = []


async def _back_to_breakpoint(frontend: Frontend, rest: str) -> None:
    """`rc [TASK]`."""
    task_id = frontend.session.task(rest).task_id if rest else None
    await frontend.session.step_back("breakpoint", task_id=task_id)
    frontend.listed = []


async def _start(frontend: Frontend, _: str) -> None:
    await frontend.session.step_back("start")
    frontend.listed = []


async def _restart(frontend: Frontend, rest: str) -> None:
    """`rs [TASK|NODE] [go]`."""
    words = rest.split()
    run = words[-1:] == ["go"]
    name = " ".join(words[:-1] if run else words)
    where: dict[str, str] = {}
    if name:
        try:
            where = {"task_id": frontend.session.task(name).task_id}
        except LookupError:
            # It ran, and does not stand: the server knows the nodes.
            where = {"node_name": name}
    result = await frontend.session.restart_node(**where, run=run)
    frontend.view.line(f"  again: {result.path}")
    frontend.listed = []


async def _checkpoint(frontend: Frontend, text: str) -> str:
    """The checkpoint whose id is meant, by its beginning; what is no checkpoint's is the server's to refuse."""
    ids: list[str] = []
    while page := await frontend.session.history(
        limit=PAGE, path="", before=ids[-1] if ids else None
    ):
        ids += [one.checkpoint_id for one in page]
        if text in ids or len(page) < PAGE:
            break
    return chosen(text, ids, "checkpoint") if any(id.startswith(text) for id in ids) else text


async def _detach(frontend: Frontend, _: str) -> None:
    left = (await frontend.session.detach()).debuggers
    others = ", ".join(one or "a client that gave no name" for one in left)
    frontend.view.line(
        f"  left to {others}, as it is" if others else "  nobody debugs it any more: it is let go"
    )
    raise Quit


async def _quit(_: Frontend, __: str) -> None:
    raise Quit


async def _help(frontend: Frontend, _: str) -> None:
    frontend.view.line(usage())


TABLE = (
    Command(
        ("b", "break"),
        "b [NODE|FILE:LINE [after] [off] [hits N] [if …] [log …]]",
        "breakpoints",
        _breakpoint,
    ),
    Command(
        ("w", "watch"),
        "w [SUBGRAPH/]CHANNEL [off] [hits N] [if …] [log …]",
        "stop when a channel of the state changes",
        _watch,
    ),
    Command(
        ("e", "errors"),
        "e all|none|TYPE,… [raised]",
        "at which errors to stop; raised: handled ones too",
        _errors,
    ),
    Command(("n", "next"), "n [TASK]", "step over: to the end of the node", _stepping("over")),
    Command(("s", "step"), "s [TASK]", "step into its subgraph", _stepping("into")),
    Command(("o", "out"), "o [TASK]", "step out of the subgraph it is in", _stepping("out")),
    Command(("u", "until"), "u NODE", "run up to a node", _until),
    Command(("c", "continue"), "c", "continue to the next breakpoint", _continue),
    Command(("pause",), "pause", "stop a running session", _pause),
    Command(("bt", "where"), "bt", "where it stands, and what is asked", _where),
    Command(("l", "list"), "l", "the graph, and where it stands in it", _list),
    Command(
        ("p", "print"),
        "p [NODE|NAME] [/POINTER] [START [COUNT]]",
        "print the state, a value, a node's graph; a part",
        _print,
    ),
    Command(
        ("ev", "evaluate"),
        "ev [@TASK] EXPRESSION",
        "an expression's value where it stands, or a task",
        _evaluate,
    ),
    Command(("i", "input"), "i [TASK]", "print what the tasks that stand are given", _input),
    Command(
        ("ctx", "context"), "ctx [/POINTER]", "print the run's runtime context, likewise", _context
    ),
    Command(
        ("set",), "set NAME=VALUE … [as NODE]", "edit the state; `as sub/` edits a subgraph's", _set
    ),
    Command(("r", "respond"), "r VALUE [@INTERRUPT]", "answer a node that asks", _respond),
    Command(("h", "history"), "h [N]", "checkpoints, newest first", _history),
    Command(
        ("rw", "rewind"), "rw N|CHECKPOINT [go]", "go back, and with `go` on from there", _rewind
    ),
    Command(("back",), "back [TASK]", "go back one step", _step_back),
    Command(
        ("rc", "reverse"), "rc [TASK]", "go back to the breakpoint before", _back_to_breakpoint
    ),
    Command(("start",), "start", "go back to the run's first step", _start),
    Command(
        ("rs", "restart"),
        "rs [TASK|NODE] [go]",
        "let one node begin again, without those beside it",
        _restart,
    ),
    Command(("detach",), "detach", "leave, and debug it no more: the last lets it go", _detach),
    Command(("q", "quit"), "q", "leave; the session stays as it is", _quit),
    Command(("?", "help"), "?", "this list", _help),
)
"""All commands, in the order they are listed."""

COMMANDS = {name: command for command in TABLE for name in command.names}


def usage() -> str:
    """The commands, in 72 columns, for the command's help."""
    lines = ["  Each may be written out: next, step, continue, print, …"]
    for command in TABLE:
        if len(command.usage) <= 18:
            lines.append(f"  {command.usage:<18} {command.help}")
        else:
            lines += [f"  {command.usage}", f"  {'':<18} {command.help}"]
    return "\n".join(lines)


def short(name: str) -> str:
    """The short name of a command, of any of its names."""
    return COMMANDS[name].names[0] if name in COMMANDS else name
