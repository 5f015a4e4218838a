"""The terminal debugger's commands: a line each, a letter or a word, then what it is about."""

from collections.abc import Awaitable, Callable
from typing import Any

import click
from msgspec import Struct

from rpc.cli.debug_session import DebuggedSession
from rpc.cli.debug_view import View, node_paths
from rpc.cli.values import mapping_of, value_of

HISTORY = 30


class Quit(Exception):
    """Leave the debugger; the session stays as it is."""


class WrongUsage(Exception):
    """The line is no command, or not one for now; the message says what would be."""


class Command(Struct, frozen=True):
    """A command. `run` gets the rest of the line."""

    names: tuple[str, ...]
    usage: str
    help: str
    run: Callable[["Debugger", str], Awaitable[None]]


class Debugger:
    """What the commands work on: a session, its graph, and where to print."""

    def __init__(self, session: DebuggedSession, graph: dict[str, Any], view: View) -> None:
        self.session = session
        self.drawing = graph["drawing"]
        self.paths = node_paths(self.drawing)
        self.view = view
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
        tasks = self.session.stopped
        found = (await self.session.call("breakpoints"))["breakpoints"]
        self.view.graph(
            self.drawing,
            {task["path"] for task in tasks if task["reason"] != "interrupt"},
            {task["path"] for task in tasks if task["reason"] == "interrupt"},
            self.session.finished,
            {one["node_name"] for one in found if one["enabled"]},
        )


def _stepping(mode: str) -> Callable[[Debugger, str], Awaitable[None]]:
    async def step(debugger: Debugger, rest: str) -> None:
        params = {"task_id": debugger.session.task(rest)["task_id"]} if rest else {}
        await debugger.session.go("step", mode=mode, **params)

    return step


async def _until(debugger: Debugger, rest: str) -> None:
    if not rest:
        raise WrongUsage("u NODE: up to which node?")
    await debugger.session.go("step", node_name=rest)


async def _continue(debugger: Debugger, _: str) -> None:
    await debugger.session.go("continue")


async def _pause(debugger: Debugger, _: str) -> None:
    await debugger.session.go("pause")


async def _breakpoint(debugger: Debugger, rest: str) -> None:
    if not rest:
        debugger.view.breakpoints((await debugger.session.call("breakpoints"))["breakpoints"])
        return
    params = breakpoint_of(rest)
    result = await debugger.session.call("setBreakpoint", **params)
    state = "set" if result["breakpoint_enabled"] else "off"
    debugger.view.line(f"  {state}: {params.get('when', 'before')} {params['node_name']}")


def breakpoint_of(text: str) -> dict[str, Any]:
    """`NODE [after] [off] [hits N] [if EXPRESSION | log TEXT]` as params. Raises `WrongUsage`."""
    node, _, rest = text.partition(" ")
    params: dict[str, Any] = {"node_name": node}
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


async def _print(debugger: Debugger, rest: str) -> None:
    """`p [NODE] [/POINTER]`."""
    params: dict[str, Any] = {}
    for part in rest.split():
        params["value_path" if part.startswith("/") else "node_name"] = part
    found = await debugger.session.call("inspect", **params)
    if found["path"]:
        debugger.view.line(f"  in {found['path']}")
    debugger.view.value(found["values"])


async def _input(debugger: Debugger, rest: str) -> None:
    """`i [TASK]`."""
    tasks = [debugger.session.task(rest)] if rest else debugger.session.stopped
    for task in tasks:
        debugger.view.line(f"  {task['path']}")
        debugger.view.value(task["input"])


async def _where(debugger: Debugger, _: str) -> None:
    found = await debugger.session.look()
    debugger.view.status(found["status"])
    debugger.view.line(f"  checkpoint {found['checkpoint_id']}")
    if debugger.session.stopped or found["status"] == "paused":
        debugger.view.tasks(debugger.session.stopped)
    for question in found["interrupts"]:
        debugger.view.line(f"  {question['node']} asks ({question['interrupt_id']}):")
        debugger.view.value(question["value"])


async def _list(debugger: Debugger, _: str) -> None:
    await debugger.position()


async def _respond(debugger: Debugger, rest: str) -> None:
    """`r VALUE [@INTERRUPT]`: the whole rest is the value, but for a last word that names the question."""
    value, at, interrupt_id = rest.rpartition(" @")
    if not at:
        value, interrupt_id = rest, ""
    if not value:
        raise WrongUsage("r VALUE [@INTERRUPT]: what is the answer?")
    await debugger.session.respond(value_of(value), interrupt_id or None)


async def _set(debugger: Debugger, rest: str) -> None:
    """`set NAME=VALUE … [as NODE]`, or a JSON object in their place."""
    values, as_, node = rest.rpartition(" as ")
    if not as_:
        values, node = rest, ""
    parts = [values.strip()] if values.lstrip().startswith("{") else _pairs(values)
    if not values.strip():
        raise WrongUsage("set NAME=VALUE … [as NODE]: what to write?")
    params = {"values": mapping_of(parts, "set"), "as_node": node.strip() or None}
    await debugger.session.moved("setState", **{k: v for k, v in params.items() if v is not None})
    debugger.view.line("  edited")


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


async def _history(debugger: Debugger, rest: str) -> None:
    limit = int(rest) if rest.isdigit() else HISTORY
    found = (await debugger.session.call("history", limit=limit))["checkpoints"]
    debugger.listed = [one["checkpoint_id"] for one in found]
    debugger.view.history(found)


async def _rewind(debugger: Debugger, rest: str) -> None:
    """`rw N|CHECKPOINT [go]`."""
    target, _, rerun = rest.partition(" ")
    if not target or rerun not in ("", "go"):
        raise WrongUsage("rw N|CHECKPOINT [go]: a number as `h` lists them, or an id")
    if target.isdigit():
        if not debugger.listed:
            found = (await debugger.session.call("history", limit=HISTORY))["checkpoints"]
            debugger.listed = [one["checkpoint_id"] for one in found]
        if not 0 < int(target) <= len(debugger.listed):
            raise WrongUsage(f"`h` listed {len(debugger.listed)} checkpoints")
        target = debugger.listed[int(target) - 1]
    if rerun:
        await debugger.session.go("rewind", checkpoint_id=target, rerun=True)
    else:
        await debugger.session.moved("rewind", checkpoint_id=target)
    debugger.listed = []


async def _quit(_: Debugger, __: str) -> None:
    raise Quit


async def _help(debugger: Debugger, _: str) -> None:
    debugger.view.line(usage())


TABLE = (
    Command(("b",), "b [NODE [after] [off] [hits N] [if …] [log …]]", "breakpoints", _breakpoint),
    Command(("n",), "n [TASK]", "step over: to the end of the node", _stepping("over")),
    Command(("s",), "s [TASK]", "step into its subgraph", _stepping("into")),
    Command(("o",), "o [TASK]", "step out of the subgraph it is in", _stepping("out")),
    Command(("u",), "u NODE", "run up to a node", _until),
    Command(("c",), "c", "continue to the next breakpoint", _continue),
    Command(("pause",), "pause", "stop a running session", _pause),
    Command(("bt", "w"), "bt", "where it stands, and what is asked", _where),
    Command(("l",), "l", "the graph, and where it stands in it", _list),
    Command(("p",), "p [NODE] [/POINTER]", "print values: the state's, a node's graph's", _print),
    Command(("i",), "i [TASK]", "print what the tasks that stand are given", _input),
    Command(
        ("set",), "set NAME=VALUE … [as NODE]", "edit the state; `as sub/` edits a subgraph's", _set
    ),
    Command(("r",), "r VALUE [@INTERRUPT]", "answer a node that asks", _respond),
    Command(("h",), "h [N]", "checkpoints, newest first", _history),
    Command(("rw",), "rw N|CHECKPOINT [go]", "go back, and with `go` on from there", _rewind),
    Command(("q",), "q", "leave; the session stays as it is", _quit),
    Command(("?", "help"), "?", "this list", _help),
)
"""All commands, in the order they are listed."""

COMMANDS = {name: command for command in TABLE for name in command.names}


def usage() -> str:
    """The commands, for the command's help."""
    return "\n".join(f"  {command.usage:<46} {command.help}" for command in TABLE)
