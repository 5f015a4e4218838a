"""A message's pieces without the secrets in it, also where one is cut over several pieces. Decisions without I/O.

Only the end of a piece that a secret may begin with is held back, until the next piece shows whether it does, or the message is over.
"""

from collections.abc import Sequence

import msgspec
from msgspec import Struct

from protocol.events import MessageDelta
from rpc.masking import scrubbed


class Held(Struct):
    """The end of a message that was not told yet, in the task that speaks; as a piece that says no more than that."""

    task_id: str
    piece: MessageDelta


class Deltas:
    """The messages of one advance. `secrets`: texts that no piece may have, the longest first."""

    def __init__(self, secrets: Sequence[str]) -> None:
        self.secrets = secrets
        self.held: dict[tuple[str, str | None], Held] = {}

    def told(self, task_id: str, piece: MessageDelta, *, last: bool) -> str:
        """What of a piece's text is told now, with what was held back before it. `last`: the message is over with it."""
        if not self.secrets:
            return piece.delta
        key = task_id, piece.message_id
        earlier = self.held.pop(key, None)
        text = scrubbed(
            piece.delta if earlier is None else earlier.piece.delta + piece.delta, self.secrets
        )
        kept = 0 if last else begun(text, self.secrets)
        if kept:
            rest = msgspec.structs.replace(piece, delta=text[-kept:], partial=True, message=None)
            self.held[key] = Held(task_id, rest)
            return text[:-kept]
        return text

    def over(self, task_id: str | None = None, message_id: str | None = None) -> list[MessageDelta]:
        """What is held back of a task's messages, or of one of them, or of all."""
        keys = [
            key
            for key in self.held
            if (task_id is None or key[0] == task_id)
            and (message_id is None or key[1] == message_id)
        ]
        return [self.held.pop(key).piece for key in keys]


def begun(text: str, secrets: Sequence[str]) -> int:
    """How many characters at the end of a text a secret may begin with."""
    most = 0
    for secret in secrets:
        # The longest end of the text that is the secret's beginning.
        at = max(0, len(text) - len(secret) + 1)
        while (at := text.find(secret[0], at)) >= 0:
            if secret.startswith(text[at:]):
                most = max(most, len(text) - at)
                break
            at += 1
    return most
