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
from rpc.dap.refs import Frame
from rpc.dap.telling import Telling

WORD = re.compile(r"[A-Za-z_]\w*$")

HELP = """commands:
  respond VALUE         answer the node that asks (JSON or a Python literal)
  rewind CHECKPOINT     go back to a checkpoint, by the beginning of its id
  goto NODE             go on as if that node had just run
  history               the checkpoints, newest first
  help                  this
Everything else is an expression over `state` and `input`: state['hits'][0], len(input['query'])
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

    async def complete(self, text: str, column: int, frame: Frame | None) -> list[dict[str, Any]]:
        """As the protocol's `completions`: commands, `state` and `input`, and the keys in them."""
        before = text[: max(0, column - 1)]
        opened = re.search(r"\b(state|input)(?:\[['\"]|\.)(\w*)$", before)
        if opened is not None:
            frame = self.looking.first() if frame is None else frame
            looked = await self.looking.look(frame)
            keys = list(looked["sizes"])
            if opened[1] == "input" and isinstance(
                frame.stands.stop and frame.stands.stop.input, dict
            ):
                assert frame.stands.stop is not None
                keys = list(frame.stands.stop.input)
            return [
                {"label": key, "type": "property", "length": len(opened[2])}
                for key in keys
                if key.startswith(opened[2])
            ]
        word = re.search(r"\w*$", before)
        begun = "" if word is None else word[0]
        names = [(one, "variable") for one in ("state", "input")]
        if before.strip() == begun:
            names += [(one, "keyword") for one in self.commands]
        return [
            {"label": name, "type": kind, "length": len(begun)}
            for name, kind in names
            if name.startswith(begun)
        ]

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
