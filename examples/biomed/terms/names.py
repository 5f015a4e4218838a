"""The table of names: MeSH's descriptors, medicines, diseases and genes, each with its synonyms."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal, NamedTuple, cast

from ..words import unique
from . import sorted_lines
from .sorted_lines import SortedLines

FILE = Path(__file__).parent / "names.bin"

Kind = Literal["drug", "condition", "gene", "topic"]

_PART = re.compile(r"[^\W_]+")


class Name(NamedTuple):
    """One thing, and what it is called."""

    id: str
    """MeSH's (``D003924``, ``C000594``), HGNC's or DrugBank's identifier."""
    kind: Kind
    name: str
    """As its vocabulary prefers it, so maybe turned round: ``Diabetes Mellitus, Type 2``."""
    trees: tuple[str, ...]
    """Where it stands in MeSH, ``C18.452.394``; empty for what is no descriptor."""
    synonyms: tuple[str, ...]

    @property
    def heading(self) -> str:
        """The MeSH heading; empty where there is none. Supplementary concepts are not headings."""
        return self.name if self.id.startswith("D") and self.trees else ""

    @property
    def supplement(self) -> str:
        """The name of a supplementary concept (``[nm]`` in PubMed), empty for others."""
        return self.name if self.id.startswith("C") and not self.trees else ""


def singular(word: str) -> str:
    """A rough singular: enough to let ``neoplasms`` meet ``neoplasm``."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


_OWNERS = re.compile(r"['’]s\b")


def key_of(text: str) -> str:
    """A name in the form it is looked up in: lower case, singular, without punctuation."""
    return " ".join([singular(part) for part in _parts(text)])


def _parts(text: str) -> list[str]:
    text = text.lower()
    if "'" in text or "’" in text:
        text = _OWNERS.sub("", text)
    return text.split() if text.replace(" ", "").isalnum() else _PART.findall(text)


def keys_of(kind: str, name: str, synonyms: Iterable[str]) -> list[str]:
    """The keys a row is found by. A gene's symbols are none: they are looked up as written."""
    names = [name, *synonyms] if kind != "gene" else [one for one in synonyms if " " in one]
    return unique(key_of(each) for one in names for each in (one, unturned(one)))


class Names:
    """All names by their keys, read as they are asked for. Made once a process; see :func:`load`."""

    def __init__(self, tables: Mapping[str, SortedLines]) -> None:
        self._tables = tables

    def of_key(self, key: str) -> list[Name]:
        """The rows a key names (see :func:`key_of`), in the table's order; none for one that is no name."""
        numbers = self._tables["keys"].get(key)
        return [self.row(number) for number in numbers.split(",")] if numbers else []

    def gene(self, symbol: str) -> Name | None:
        """The gene of a symbol as written: ``MET`` is a gene, "met" is not."""
        number = self._tables["symbols"].get(symbol)
        return self.row(number) if number else None

    def has_word(self, word: str) -> bool:
        """Whether any key has this word."""
        return self._tables["words"].get(word) is not None

    def of_length(self, length: int) -> list[str]:
        """The keys of medicines and diseases that are one word of so many letters."""
        found = self._tables["single"].get(f"{length:03}")
        return found.split(" ") if found else []

    def words_of_length(self, length: int) -> list[str]:
        """The words of longer names of diseases, of so many letters: ``rheumatoid``."""
        found = self._tables["within"].get(f"{length:03}")
        return found.split(" ") if found else []

    def row(self, number: str) -> Name:
        """A row by its number, as the other tables have it."""
        line = self._tables["rows"].get(number)
        assert line is not None, number
        return _row(line)

    def rows(self) -> Iterator[Name]:
        """All rows, in order. Reads the whole table."""
        return (_row(line) for _, line in self._tables["rows"].lines())


SHORTEST_WITHIN = 7
"""Letters of a word that is listed by itself: a shorter one is near to too many others."""


def write(rows: Iterable[Sequence[str]], file: Path = FILE) -> int:
    """Write the table; the number of its rows.

    Args:
        rows: ``id``, ``kind``, ``name``, ``trees`` and ``synonyms`` of each (the last two joined by ``|``), in order.
        file: Where to.
    """
    lines: list[tuple[str, str]] = []
    keys: dict[str, list[str]] = {}
    symbols: dict[str, str] = {}
    single: dict[int, set[str]] = {}
    within: dict[int, set[str]] = {}
    for place, row in enumerate(rows):
        number = f"{place:05}"
        lines.append((number, "\t".join(row)))
        _, kind, name, _, joined = row
        synonyms = joined.split("|") if joined else []
        for key in keys_of(kind, name, synonyms):
            keys.setdefault(key, []).append(number)
            if kind in ("drug", "condition") and " " not in key:
                single.setdefault(len(key), set()).add(key)
            elif kind == "condition":
                for word in key.split(" "):
                    if word.isalpha() and len(word) >= SHORTEST_WITHIN:
                        within.setdefault(len(word), set()).add(word)
        if kind == "gene":
            for symbol in (name, *synonyms):
                if " " not in symbol:
                    symbols.setdefault(symbol, number)
    words = sorted({word for key in keys for word in key.split(" ")})
    tables: dict[str, list[tuple[str, str]]] = {
        "rows": lines,
        "keys": [(key, ",".join(keys[key])) for key in sorted(keys)],
        "symbols": sorted(symbols.items()),
        "words": [(word, "") for word in words],
        "single": [(f"{length:03}", " ".join(sorted(single[length]))) for length in sorted(single)],
        "within": [(f"{length:03}", " ".join(sorted(within[length]))) for length in sorted(within)],
    }
    sizes = {"rows": 64, "keys": 128, "symbols": 256, "words": 512, "single": 1, "within": 1}
    sorted_lines.write(
        file,
        {
            name: [own[at : at + sizes[name]] for at in range(0, len(own), sizes[name])]
            for name, own in tables.items()
        },
    )
    return len(lines)


def _row(line: str) -> Name:
    identifier, kind, name, trees, synonyms = line.split("\t")
    return Name(
        identifier,
        cast(Kind, kind),
        name,
        tuple(trees.split("|")) if trees else (),
        tuple(synonyms.split("|")) if synonyms else (),
    )


def unturned(name: str) -> str:
    """``Carcinoma, Renal Cell`` as people write it: ``Renal Cell Carcinoma``."""
    return " ".join(reversed(name.split(", "))) if name.count(", ") in (1, 2) else name


@functools.lru_cache(maxsize=1000)
def branches_of(heading: str) -> frozenset[str]:
    """The branches of MeSH that a heading stands in, by their letters."""
    return frozenset(tree[:1] for tree in trees_of(heading))


@functools.lru_cache(maxsize=1000)
def trees_of(heading: str) -> tuple[str, ...]:
    """Where a heading stands in MeSH; empty for none."""
    rows = [row for row in load().of_key(key_of(heading)) if row.name == heading] if heading else []
    return tuple(tree for row in rows for tree in row.trees)


_ACTIONS = "D27.505"


@functools.lru_cache(maxsize=1000)
def is_action(heading: str) -> bool:
    """Whether a heading is a pharmacological action, as a class of medicines has: PubMed tags each medicine that has it ``[pa]``."""
    return any(tree.startswith(_ACTIONS) for tree in trees_of(heading))


@functools.cache
def load() -> Names:
    """The table, opened once a process: a few milliseconds. What is looked up is read then."""
    return Names(sorted_lines.read(FILE))
