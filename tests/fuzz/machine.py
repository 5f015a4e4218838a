"""Two connections to a server of `fuzz_graphs`, and what is known of a session that they share."""

import json
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import Any

from websockets.sync.client import connect

from tests.fuzz.socket_by_hand import check_answer, check_text
from tests.support.peer import SETTLED

SECONDS = 60.0
ENDED = ("completed", "failed", "cancelled")


class Connection:
    """One of them."""

    def __init__(self, url: str) -> None:
        self.open = ExitStack()
        self.socket = self.open.enter_context(
            connect(
                url,
                proxy=None,
                compression=None,
                max_size=None,
                ping_interval=None,
                max_queue=None,
            )
        )
        self.ids = count(1)
        self.answers: dict[int, Any] = {}
        # Events by session, in the order they came.
        self.events: dict[str, list[dict[str, Any]]] = {}

    def send(self, method: str, params: dict[str, Any]) -> int:
        number = next(self.ids)
        self.socket.send(
            json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": params})
        )
        return number

    def read(self) -> None:
        """Take one frame. Raises `TimeoutError`."""
        text = self.socket.recv(SECONDS)
        assert isinstance(text, str)
        check_text(text)
        message = json.loads(text)
        if "method" in message:
            self.events.setdefault(message["params"]["session_id"], []).append(message)
        else:
            check_answer(message)
            self.answers[message["id"]] = message

    def answer(self, number: int) -> Any:
        while number not in self.answers:
            self.read()
        return self.answers.pop(number)

    def call(self, method: str, **params: Any) -> Any:
        """The whole answer."""
        return self.answer(self.send(method, params))

    def result(self, method: str, **params: Any) -> Any:
        answer = self.call(method, **params)
        assert "result" in answer, answer
        return answer["result"]


class Known:
    """A session: its program, and how far it is. Both connections read its events."""

    def __init__(self, folder: Path, reader: Connection, session_id: str, program: str) -> None:
        self.folder = folder
        self.reader = reader
        self.id = session_id
        self.program = program
        self.n = 0
        self.status = "queued"
        self.debug = False
        self.keys = count(1)

    @property
    def events(self) -> list[dict[str, Any]]:
        return self.reader.events.setdefault(self.id, [])

    @property
    def seq(self) -> int:
        return self.events[-1]["params"]["seq"] if self.events else 0

    def file(self, n: int) -> Path:
        return self.folder / f"{self.id}-{n}"

    @property
    def held(self) -> int | None:
        """The visit that is held now, after which nothing happens by itself."""
        for event in reversed(self.events):
            kind, params = event["method"], event["params"]
            if kind == "progress" and "held" in params["data"]:
                n: int = params["data"]["held"]
                return None if self.file(n).exists() else n
            if kind in ("node.started", "node.finished", "node.cancelled", "session.status"):
                return None
        return None

    @property
    def told(self) -> str:
        """The status as its events tell it."""
        for event in reversed(self.events):
            if event["method"] == "session.status":
                status: str = event["params"]["status"]
                return status
        return "queued"

    def rest(self, after: int | None = None, *, over: bool = False) -> None:
        """Read until nothing happens by itself, past an event. `over`: it was told to end, which whoever runs it may not know yet."""
        try:
            while True:
                while (
                    (after is not None and self.seq <= after)
                    or (over and self.told not in ENDED)
                    or (self.told not in SETTLED and self.held is None)
                ):
                    self.reader.read()
                after = self.look()
                if over and self.status not in ENDED:
                    continue
                if self.status in SETTLED or self.held is not None:
                    return
        except TimeoutError:
            raise AssertionError(f"stuck, {self.told}: {self.events[-6:]}") from None

    def look(self) -> int:
        """What it is now, by its events, its record and its state, which must agree; by which event."""
        got = self.reader.result("session.get", session_id=self.id)
        # Events of other calls may still be on their way.
        while self.seq < got["seq"]:
            self.reader.read()
        if got["status"] in SETTLED:
            assert self.told == got["status"], (self.told, got["status"], self.events[-4:])
        self.status, self.debug = got["status"], got["debug_mode"]
        values = self.reader.result("debug.inspect", session_id=self.id)["values"] or {}
        self.n = values.get("n", 0)
        said = [f"{letter}{n}" for n, letter in enumerate(self.program[: self.n])]
        assert values.get("said", []) == said, "a visit was lost or repeated"
        if self.status == "completed" and not self.debug:
            assert got["result"]["said"] == said
            assert self.n == len(self.program)
        seq: int = got["seq"]
        return seq

    def release(self) -> None:
        """Let the visit go that is held."""
        n = self.held
        if n is not None:
            self.file(n).touch()
            self.rest(self.seq)
