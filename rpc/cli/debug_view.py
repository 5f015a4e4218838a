"""What the terminal debugger prints: where the session stands, the graph around it, values, history."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import msgspec
from rich.console import Console
from rich.table import Table
from rich.text import Text

from protocol.debugging import BreakpointState, CheckpointSummary
from protocol.events import StoppedTask
from rpc.cli.console import STYLES, clean
from rpc.cli.progress import note_of


class View:
    """Prints to one console; without colours and frames where that is no terminal."""

    def __init__(self, console: Console) -> None:
        self.console = console

    def line(self, text: str | Text = "") -> None:
        """A line as it is."""
        self.console.print(text, highlight=False, markup=False)

    def stop(self, reason: str, tasks: Sequence[StoppedTask], detail: str | None) -> None:
        """Why it stopped, and every task that stands or asks, numbered."""
        head = Text.assemble(("‖ ", "magenta"), ("stopped", "bold"), f" ({reason})")
        if detail:
            head.append(f": {clean(detail)}")
        self.line(head)
        self.tasks(tasks)

    def tasks(self, tasks: Sequence[StoppedTask]) -> None:
        """The tasks that stand or ask."""
        for number, task in enumerate(tasks, 1):
            asks = task.reason == "interrupt"
            mark, style = ("?", "yellow") if asks else ("▶", "magenta")
            row = Text.assemble(
                f"  {number:>2} ", (mark, style), " ", (task.path, "bold"), f"  {task.reason}"
            )
            row.append(f"  {task.task_id[:8]}", "dim")
            if task.input is not None:
                row.append(f"  {note_of(task.input)}", "dim")
            self.line(row)
            if task.detail:
                self.line(f"       {clean(task.detail)}")
        if not tasks:
            self.line("  at the end: nothing is left to run")

    def graph(
        self,
        drawing: Mapping[str, Any],
        standing: Collection[str],
        asking: Collection[str],
        finished: Collection[str],
        breakpoints: Collection[str],
    ) -> None:
        """The graph's nodes, subgraphs indented, each with what is known of it."""
        for depth, node in _nodes(drawing, 0):
            path, name = node["path"], node["id"]
            if path in standing:
                mark, style = "▶", "bold magenta"
            elif path in asking:
                mark, style = "?", "yellow"
            elif any(one.startswith(f"{path}/") for one in (*standing, *asking)):
                mark, style = "▾", "magenta"
            elif path in finished:
                mark, style = "✓", "green"
            else:
                mark, style = "·", "dim"
            stops = path in breakpoints or name in breakpoints
            dot = ("●", "red") if stops else (" ", "")
            self.line(Text.assemble(" ", dot, f" {'  ' * depth}", (mark, style), " ", name))

    def value(self, value: Any) -> None:
        """A JSON value."""
        encoded = msgspec.json.encode(value)
        if self.console.is_terminal:
            self.console.print_json(encoded.decode())
        else:
            self.line(msgspec.json.format(encoded, indent=2).decode())

    def breakpoints(self, breakpoints: Sequence[BreakpointState]) -> None:
        """All of them."""
        for one in breakpoints:
            more = [] if one.enabled else ["off"]
            more += [f"from hit {one.hit_count}"] if one.hit_count else []
            more += [f"if {one.condition}"] if one.condition else []
            more += [f"log {one.log!r}"] if one.log else []
            more += [f"reached {one.hits} times"] if one.hits else []
            dot = ("●", "red") if one.enabled else ("○", "dim")
            of = f"{one.when} {one.node_name}"
            if one.channel is not None:
                of = f"changes of {one.node_name + '/' if one.node_name else ''}{one.channel}"
            text = f" {of}  {', '.join(more)}"
            where = f"  {one.file}:{one.line}" if one.file is not None else ""
            self.line(Text.assemble("  ", dot, text.rstrip(), (where, "dim")))
        if not breakpoints:
            self.line("  no breakpoints")

    def history(self, checkpoints: Sequence[CheckpointSummary]) -> None:
        """Checkpoints, newest first, numbered."""
        table = Table(box=None, pad_edge=False, header_style="dim", show_header=True)
        table.add_column("", justify="right")
        for column in ("CHECKPOINT", "STEP", "SOURCE", "NEXT"):
            table.add_column(column, no_wrap=True)
        for number, one in enumerate(checkpoints, 1):
            table.add_row(
                f"{'→' if one.current else ''}{number}",
                one.checkpoint_id,
                str(one.step),
                one.source,
                Text(", ".join(one.next) or ("the start" if one.step < 0 else "the end")),
            )
        self.console.print(table, highlight=False, soft_wrap=not self.console.is_terminal)

    def status(self, status: str) -> None:
        """The session's status."""
        self.line(Text(f"  {status}", style=STYLES.get(status, "")))


def _nodes(drawing: Mapping[str, Any], depth: int) -> Iterator[tuple[int, Mapping[str, Any]]]:
    for node in drawing["nodes"]:
        if node["type"] in ("start", "end"):
            continue
        yield depth, node
        if node.get("subgraph"):
            yield from _nodes(node["subgraph"], depth + 1)


def node_paths(drawing: Mapping[str, Any]) -> list[str]:
    """The paths of all nodes of a described graph."""
    return [node["path"] for _, node in _nodes(drawing, 0)]
