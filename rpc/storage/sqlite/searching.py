"""Which sessions hold a text: found by index, newest first, however many there are."""

import sqlite3
import threading
from collections import OrderedDict

from msgspec import Struct

from rpc.storage.searching import COUNTED

SPARE = 1_000
"""So many more are counted: then it stays known, over as many changes, that there are more."""

KEPT = 512
"""How many counts are kept."""


class Match(Struct, frozen=True):
    """A search of one of the two full-text tables: `expression` in its language."""

    table: str
    expression: str


def match(text: str) -> Match | None:
    """The search for a text: anywhere from three characters on, at the beginnings of words below.

    None for what no index can hold.
    """
    if "\0" in text:
        return None
    quoted = text.replace('"', '""')
    if len(text) >= 3:
        return Match("session_trigrams", f'"{quoted}"')
    return Match("session_words", f'"{quoted}"*')


class Count(Struct, frozen=True):
    """What was counted: `sessions` up to the number `through`, when `changes` had been made."""

    sessions: int
    through: int
    changes: int


class Counts:
    """How many sessions match, as found before and brought up to date: a search for what is common counts once.

    A count holds for the sessions up to a number, newer ones are counted on top. A text that was changed, or a
    session that is gone, may change it by one. Thread-safe.
    """

    def __init__(self) -> None:
        self.lock = threading.Lock()
        # By search, the least recently used first.
        self.kept: OrderedDict[Match, Count] = OrderedDict()
        # How many texts of sessions were changed or deleted.
        self.changes = 0

    def changed(self, texts: int) -> None:
        """So many sessions got another text, or are gone; it is committed."""
        with self.lock:
            self.changes += texts

    def of(self, connection: sqlite3.Connection, match: Match) -> int:
        """How many sessions match, at most `COUNTED` + 1."""
        with self.lock:
            kept = self.kept.get(match)
            changes = self.changes
            if kept is not None and kept.sessions - (changes - kept.changes) > COUNTED:
                return COUNTED + 1
        if kept is None or kept.changes != changes:
            kept = Count(0, 0, changes)
        newest = connection.execute("SELECT max(number) FROM sessions").fetchone()[0] or 0
        sessions = kept.sessions
        if newest > kept.through:
            sessions += connection.execute(
                f"SELECT count(*) FROM (SELECT 1 FROM {match.table}"
                f" WHERE {match.table} MATCH ? AND rowid > ? AND rowid <= ? LIMIT ?)",
                (match.expression, kept.through, newest, COUNTED + 1 + SPARE - sessions),
            ).fetchone()[0]
        count = Count(sessions, max(newest, kept.through), changes)
        with self.lock:
            self.kept[match] = count
            self.kept.move_to_end(match)
            if len(self.kept) > KEPT:
                self.kept.popitem(last=False)
        return min(count.sessions, COUNTED + 1)
