"""The table of names: MeSH's descriptors, medicines, diseases and genes, each with its synonyms."""

from __future__ import annotations

import gc
import gzip
import re
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Literal, NamedTuple, cast

FILE = Path(__file__).parent / "names.tsv.gz"

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
    return list(dict.fromkeys(key_of(each) for one in names for each in (one, unturned(one))))


class Names:
    """All names by their keys. Made once a process; see :func:`load`."""

    def __init__(self, rows: list[Name], keys: list[list[str]]) -> None:
        """``keys``: of each row, see :func:`keys_of`."""
        self.rows = rows
        self.by_key: dict[str, list[Name]] = {}
        self.genes: dict[str, Name] = {}
        """By symbol as written: ``MET`` is a gene, "met" is not."""
        by_key = self.by_key
        for row, own in zip(rows, keys, strict=True):
            for key in own:
                known = by_key.get(key)
                if known is None:
                    by_key[key] = [row]
                else:
                    known.append(row)
            if row.kind == "gene":
                for symbol in (row.name, *row.synonyms):
                    if " " not in symbol:
                        self.genes.setdefault(symbol, row)


def unturned(name: str) -> str:
    """``Carcinoma, Renal Cell`` as people write it: ``Renal Cell Carcinoma``."""
    return " ".join(reversed(name.split(", "))) if name.count(", ") in (1, 2) else name


_lock = threading.Lock()
_loaded: list[Names] = []


def load() -> Names:
    """The table, read once a process; some tenths of a second. Who comes meanwhile waits for it."""
    with _lock:
        if not _loaded:
            # Nothing of half a million new objects is garbage: looking for it takes half of the time.
            was_on = gc.isenabled()
            gc.disable()
            try:
                _loaded.append(_read())
            finally:
                if was_on:
                    gc.enable()
        return _loaded[0]


def _read() -> Names:
    rows: list[Name] = []
    keys: list[list[str]] = []
    text = gzip.decompress(FILE.read_bytes()).decode()
    # Keys are in the table because working them out takes longer than all the rest.
    for line in text.split("\n")[1:-1]:
        identifier, kind, name, trees, synonyms, own = line.split("\t")
        rows.append(
            Name(
                identifier,
                cast(Kind, kind),
                name,
                tuple(trees.split("|")) if trees else (),
                tuple(synonyms.split("|")) if synonyms else (),
            )
        )
        keys.append(own.split("|") if own else [])
    return Names(rows, keys)
