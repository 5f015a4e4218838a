"""Reading a document collection: JSONL files, and text or Markdown files in folders."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from ..records import one_line, year_in

SUFFIXES = (".jsonl", ".md", ".txt")
MAX_FILE_BYTES = 64 * 1024 * 1024
"""Larger files are left out of the index."""

_ID_KEYS = ("id", "pmid", "doi", "_id")
_TEXT_KEYS = ("text", "abstract", "body", "content")
_KEYWORD_KEYS = ("keywords", "mesh", "tags")


class Document(msgspec.Struct, frozen=True):
    """One searchable document."""

    id: str
    title: str
    keywords: str
    text: str
    year: int | None = None
    url: str | None = None


def find_files(path: Path) -> list[Path]:
    """The files of a collection: the file itself, or all below a folder, hidden ones left out.

    Raises:
        FileNotFoundError: ``path`` does not exist.
    """
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise FileNotFoundError(f"no document collection at {path.name!r}")
    return sorted(
        file
        for file in path.rglob("*")
        if file.suffix.lower() in SUFFIXES
        and file.is_file()
        and not any(part.startswith(".") for part in file.relative_to(path).parts)
        and file.stat().st_size <= MAX_FILE_BYTES
    )


def read_documents(name: str, content: bytes) -> Iterator[Document]:
    """The documents of one file; ``name`` is its path inside the collection.

    A JSONL line that is not an object with text is skipped: one broken line does not cost the
    collection.
    """
    text = content.decode("utf-8", errors="replace")
    if name.lower().endswith(".jsonl"):
        for number, line in enumerate(text.splitlines(), start=1):
            document = _from_json(name, number, line)
            if document is not None:
                yield document
    elif text.strip():
        yield _from_text(name, text)


def _from_json(name: str, number: int, line: str) -> Document | None:
    if not line.strip():
        return None
    try:
        raw = msgspec.json.decode(line.encode(), type=dict[str, Any])
    except msgspec.DecodeError:
        return None
    text = _first(raw, _TEXT_KEYS)
    if not text:
        return None
    pmid = str(raw.get("pmid") or "")
    return Document(
        id=_first(raw, _ID_KEYS) or f"{name}#{number}",
        title=one_line(raw.get("title") or _opening(text), 300),
        keywords=_first(raw, _KEYWORD_KEYS),
        text=text,
        year=year_in(raw.get("year") or raw.get("date") or ""),
        url=str(raw["url"])
        if raw.get("url")
        else f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/"
        if pmid.isdigit()
        else None,
    )


def _from_text(name: str, text: str) -> Document:
    heading = re.search(r"^#{1,6}\s+(.+?)\s*#*$", text, re.MULTILINE)
    title = heading[1] if heading else Path(name).stem.replace("_", " ").replace("-", " ")
    dated = re.search(r"^(?:date|year):\s*(.+)$", text, re.MULTILINE | re.IGNORECASE)
    return Document(
        id=name,
        title=one_line(title, 300),
        keywords="",
        text=text,
        year=year_in(dated[1]) if dated else None,
    )


def _first(raw: dict[str, Any], keys: tuple[str, ...]) -> str:
    for key in keys:
        value = raw.get(key)
        if isinstance(value, list):
            value = "; ".join(str(one) for one in value)
        if value not in (None, ""):
            return str(value)
    return ""


def _opening(text: str) -> str:
    """A stand-in for a missing title: the first sentence."""
    return re.split(r"(?<=[.?!])\s", text.strip(), maxsplit=1)[0]
