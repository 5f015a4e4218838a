"""Sorted lines in compressed blocks, in one file: looked up one by one, never read whole.

The file is a few tables, each of lines ``key<TAB>rest`` in the order of their keys, cut into blocks that are
compressed one by one. In front of them stands where each block is, and the key it begins with: 4 bytes of length (big
endian), then compressed JSON, ``{table: [[first key, offset, size], …]}``. So opening costs milliseconds, and looking a key
up the unpacking of one block.
"""

from __future__ import annotations

import json
import zlib
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

_LENGTH = 4


def write(file: Path, tables: Mapping[str, Iterable[list[tuple[str, str]]]]) -> None:
    """Write tables, each as its blocks of (key, rest) in order; neither may have a tab or a line break."""
    directory: dict[str, list[tuple[str, int, int]]] = {}
    packed: list[bytes] = []
    offset = 0
    for name, blocks in tables.items():
        directory[name] = []
        for block in blocks:
            data = zlib.compress("\n".join("\t".join(line) for line in block).encode(), 9)
            directory[name].append((block[0][0], offset, len(data)))
            packed.append(data)
            offset += len(data)
    head = zlib.compress(json.dumps(directory, separators=(",", ":")).encode(), 9)
    file.write_bytes(len(head).to_bytes(_LENGTH, "big") + head + b"".join(packed))


class SortedLines:
    """One table of such a file. Blocks that were unpacked are kept."""

    def __init__(self, data: memoryview, blocks: list[tuple[str, int, int]]) -> None:
        self._data = data
        self._firsts = [first for first, _, _ in blocks]
        self._places = [(offset, size) for _, offset, size in blocks]
        self._unpacked: dict[int, dict[str, str]] = {}

    def get(self, key: str) -> str | None:
        """The rest of a key's line; None where there is no such key."""
        number = bisect_right(self._firsts, key) - 1
        return self.block(number).get(key) if number >= 0 else None

    def block(self, number: int) -> dict[str, str]:
        """The lines of one block."""
        found = self._unpacked.get(number)
        if found is None:
            offset, size = self._places[number]
            text = zlib.decompress(self._data[offset : offset + size]).decode()
            found = dict(line.split("\t", 1) for line in text.split("\n"))
            self._unpacked[number] = found
        return found

    def lines(self) -> Iterator[tuple[str, str]]:
        """All of them, in order."""
        for number in range(len(self._firsts)):
            yield from self.block(number).items()


def read(file: Path) -> dict[str, SortedLines]:
    """The tables of a file."""
    data = memoryview(file.read_bytes())
    length = int.from_bytes(data[:_LENGTH], "big")
    directory = json.loads(zlib.decompress(data[_LENGTH : _LENGTH + length]))
    blocks = data[_LENGTH + length :]
    return {name: SortedLines(blocks, places) for name, places in directory.items()}
