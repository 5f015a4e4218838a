"""Rows as SQLite statements: many rows in one statement, so that a batch takes the interpreter's lock seldom.

Python's sqlite3 releases and takes the GIL with every statement; the event loop would be in its way each time.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

SIZES = (32, 8, 1)
"""How many rows a statement takes: few different texts, so that they stay prepared."""


class Insert:
    """`INSERT` of rows of one table. `verb`: with the columns; `ending`: what follows the values."""

    def __init__(self, verb: str, columns: str, ending: str = "") -> None:
        width = columns.count(",") + 1
        marks = f"({','.join('?' * width)})"
        self.texts = {
            size: f"{verb} ({columns}) VALUES {','.join([marks] * size)} {ending}" for size in SIZES
        }

    def run(self, connection: sqlite3.Connection, rows: Sequence[Sequence[Any]]) -> None:
        """Insert all rows, in order."""
        at = 0
        for size in SIZES:
            text = self.texts[size]
            while len(rows) - at >= size:
                flat = [value for row in rows[at : at + size] for value in row]
                connection.execute(text, flat)
                at += size


def statements(script: str) -> Iterator[str]:
    """The statements of a script, each by itself: `executescript` would end a transaction that is open."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
    assert not statement.strip(), statement
