"""Rows as PostgreSQL statements: many rows in one statement, few different texts, so that they stay prepared."""

from collections.abc import Sequence
from typing import Any

from psycopg import Connection

SIZES = (16, 4, 1)
"""How many rows a statement takes."""


class Insert:
    """`INSERT` of rows into one table. `ending`: what follows the values.

    `key`: how many columns, the first ones, are the key, where a later row of one key replaces an earlier one.
    """

    def __init__(self, table: str, columns: str, ending: str = "", key: int = 0) -> None:
        width = columns.count(",") + 1
        self.key = key
        self.texts = {
            size: (
                f"INSERT INTO {table} ({columns}) VALUES "
                + ",".join(
                    f"({','.join(f'${row * width + column + 1}' for column in range(width))})"
                    for row in range(size)
                )
                + f" {ending}"
            ).encode()
            for size in SIZES
        }

    def run(self, connection: Connection[Any], rows: Sequence[Sequence[Any]]) -> None:
        """Insert all rows, in order. Raises `psycopg.Error`."""
        if self.key and len(rows) > 1:
            # One statement may meet a row once.
            rows = list({tuple(row[: self.key]): row for row in rows}.values())
        at = 0
        for size in SIZES:
            text = self.texts[size]
            while len(rows) - at >= size:
                flat = [value for row in rows[at : at + size] for value in row]
                connection.execute(text, flat, prepare=True)
                at += size


def replacing(columns: str, key: int) -> str:
    """What makes an `INSERT` replace the row that is there. `key`: how many columns, the first ones, are the key."""
    names = columns.split(", ")
    new = ", ".join(f"{name} = excluded.{name}" for name in names[key:])
    return f"ON CONFLICT ({', '.join(names[:key])}) DO UPDATE SET {new}"
