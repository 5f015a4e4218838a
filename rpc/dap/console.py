"""What a person types: expressions over the state, and commands of the console."""

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import msgspec

from protocol.debugging import CheckpointSummary
from rpc.client import RpcError
from rpc.dap.connection import DapError
from rpc.dap.debuggee import Debuggee
from rpc.dap.looking import Looking
from rpc.dap.moving import Moving, value_of
from rpc.dap.places import pointer_of
from rpc.dap.reading import PAGE, ROOTS
from rpc.dap.refs import Frame, Ref
from rpc.dap.telling import Telling
from rpc.dap.values import tag
from rpc.json_values import within

WORD = re.compile(r"[A-Za-z_]\w*$")

OPENED = re.compile(
    r"(?P<place>\b(?:state|input|context|config)(?:\[(?:'[^']*'|\"[^\"]*\"|\d+)\]|\.\w+)*)"
    r"(?:\[(?P<quote>['\"])(?P<begun>[^'\"]*)|\.(?P<word>\w*))$"
)
"""A place, and the beginning of a key in it."""

HELP = """commands:
  respond VALUE         answer the node that asks (JSON or a Python literal)
  rewind CHECKPOINT     go back to a checkpoint, by the beginning of its id
  goto NODE             go on as if that node had just run
  history               the checkpoints, newest first
  help                  this
Everything else is an expression over `state`, `input`, `context` and `config`: state['hits'][0], len(input['query'])
"""


class Console:
    """Evaluates for one session."""

    def __init__(
        self, debuggee: Debuggee, telling: Telling, looking: Looking, moving: Moving
    ) -> None:
        self.debuggee = debuggee
        self.telling = telling
        self.looking = looking
        self.moving = moving
        self.commands: Mapping[str, Callable[[str], Awaitable[str]]] = {
            "respond": self._respond,
            "rewind": self._rewind,
            "goto": self._goto,
            "history": self._history,
            "help": self._help,
        }

    async def evaluate(self, text: str, frame: Frame | None, context: str) -> dict[str, Any]:
        """As the protocol's `evaluate`. Raises `DapError`, `RpcError`."""
        text = text.strip()
        if context == "repl":
            word, _, rest = text.partition(" ")
            command = self.commands.get(word)
            if command is not None:
                return {"result": await command(rest.strip()), "variablesReference": 0}
        frame = self.looking.first() if frame is None else frame
        if context == "clipboard":
            value = (await self.debuggee.call("debug.evaluate", **await self._at(text, frame)))[
                "value"
            ]
            copied = msgspec.json.format(msgspec.json.encode(value)).decode()
            return {"result": copied, "variablesReference": 0}
        try:
            return await self._expression(text, frame)
        except RpcError as error:
            if context not in ("hover", "watch") or not WORD.match(text):
                raise
            return await self._named(text, frame, error)

    async def _named(self, name: str, frame: Frame, error: RpcError) -> dict[str, Any]:
        """A bare word in the source: what the state or the input has by that name."""
        for root in ("state", "input"):
            try:
                return await self._expression(f"{root}[{name!r}]", frame)
            except RpcError:
                continue
        raise error

    async def _at(self, text: str, frame: Frame) -> dict[str, Any]:
        """The params of `debug.evaluate` for an expression at a frame."""
        params: dict[str, Any] = {"expression": text}
        if frame.stands.path == "(end)":
            return params
        if frame.of_place is not None:
            return {**params, "task_id": frame.of_place}
        return {**params, "checkpoint_id": await self.looking.checkpoint(frame)}

    async def _expression(self, text: str, frame: Frame) -> dict[str, Any]:
        params = await self._at(text, frame)
        found = await self.debuggee.call("debug.evaluate", **params)
        return await self.looking.shown_place(frame, found["value"], text)

    async def complete(
        self, text: str, line: int, column: int, frame: Frame | None
    ) -> list[dict[str, Any]]:
        """As the protocol's `completions`: commands, what expressions name, and the keys at any depth in it.

        `column`: from 1, in UTF-16 code units. Each has `start` and `length`: what of the line it takes the place of.
        """
        lines = text.split("\n")
        before = _units(lines[min(line, len(lines)) - 1], column - 1)
        opened = OPENED.search(before)
        if opened is not None:
            begun = opened["word"] if opened["quote"] is None else opened["begun"]
            keys = await self._keys(opened["place"], frame)
            named = [(key, "property") for key in keys if opened["quote"] or key.isidentifier()]
        else:
            word = re.search(r"\w*$", before)
            begun = "" if word is None else word[0]
            named = [(one, "variable") for one in ROOTS]
            if before.strip() == begun:
                named += [(one, "keyword") for one in self.commands]
        length = _length(begun)
        start = _length(before) - length + 1
        return [
            {"label": name, "type": kind, "start": start, "length": length}
            for name, kind in named
            if name.startswith(begun)
        ]

    async def _keys(self, place: str, frame: Frame | None) -> list[str]:
        """The names of what is at a place, as a person writes it; none where there is nothing."""
        frame = self.looking.first() if frame is None else frame
        if place == "state":
            return list((await self.looking.look(frame))["sizes"])
        try:
            root, pointer = (place, "") if place in ROOTS else pointer_of(place)
            if root == "config":
                session = await self.debuggee.client.session(self.debuggee.session.session_id)
                found = within(session.config, pointer)
            else:
                ref = Ref(root, frame, pointer)
                found = (await self.looking.reading.fetch(ref, pointer, 0, PAGE))["values"]
        except (RpcError, DapError, LookupError):
            return []
        return list(found) if isinstance(found, dict) and tag(found) is None else []

    # The commands

    async def _respond(self, text: str) -> str:
        open_questions = (
            await self.debuggee.client.session(self.debuggee.session.session_id)
        ).interrupts
        if not open_questions:
            raise DapError("nobody asks")
        first, _, rest = text.partition(" ")
        chosen = [one for one in open_questions if rest and first in (one.interrupt_id, one.node)]
        if not chosen and len(open_questions) > 1:
            asks = ", ".join(f"{one.interrupt_id} ({one.node})" for one in open_questions)
            raise DapError(f"several nodes ask; `respond WHICH VALUE`, of: {asks}")
        question = (chosen or open_questions)[0]
        await self.debuggee.client.respond(
            self.debuggee.session.session_id,
            value_of(rest if chosen else text),
            question.interrupt_id,
        )
        return f"answered {question.node or question.interrupt_id}"

    async def _rewind(self, text: str) -> str:
        if not text:
            raise DapError("rewind to which checkpoint? `history` lists them")
        found = [one for one in await self._checkpoints() if one.checkpoint_id.startswith(text)]
        if len(found) != 1:
            raise DapError(f"{len(found)} checkpoints begin with {text!r}; `history` lists them")
        await self.moving.rewind(found[0].checkpoint_id, "goto")
        return f"went back to {found[0].checkpoint_id}"

    async def _goto(self, text: str) -> str:
        found = self.debuggee.sources.matching(text)
        if len(found) != 1:
            known = ", ".join(found or self.debuggee.sources.nodes)
            raise DapError(f"go on behind which node? {known}")
        await self.moving.go_to(found[0], self.looking.first())
        return f"goes on behind {found[0]}"

    async def _history(self, _: str) -> str:
        lines = []
        for one in await self._checkpoints():
            mark = "→" if one.current else " "
            where = one.path or self.debuggee.sources.graph
            lines.append(
                f"{mark} {one.checkpoint_id}  {where}  step {one.step}  next: {', '.join(one.next) or '(end)'}"
            )
        return "\n".join(lines)

    async def _help(self, _: str) -> str:
        return HELP

    async def _checkpoints(self) -> list[CheckpointSummary]:
        return await self.debuggee.session.history(limit=200)


def _length(text: str) -> int:
    """In UTF-16 code units, as the protocol counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _units(text: str, count: int) -> str:
    """So many UTF-16 code units of a text."""
    return text.encode("utf-16-le", "surrogatepass")[: max(0, count) * 2].decode(
        "utf-16-le", "replace"
    )
