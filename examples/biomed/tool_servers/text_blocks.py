"""Records told in plain text: Markdown, or lines with labels."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_PMID_LINE = re.compile(
    r"\bPMID\W{0,6}(\d{1,9})\b|pubmed\.ncbi\.nlm\.nih\.gov/(\d{1,9})", re.IGNORECASE
)
NCT = re.compile(r"\bNCT\d{8}\b")
_LABEL = re.compile(r"^\W{0,8}([A-Za-z][A-Za-z /()-]{1,40}?)\W{0,3}:\W{0,3}\s*(\S.*)$")
_HEADING = re.compile(r"^#{1,5}\s+(?:\d+[.)]\s*)?(\S.*)$")


def blocks(text: str, *, is_trial: bool) -> list[dict[str, Any]]:
    """The fields of each record by its label in small letters and digits: a new one begins where a new identifier does.

    Its headings are under ``heading``, an identifier that stands without a label under ``nctid`` or ``pmid``.
    """
    found: list[dict[str, Any]] = []
    block: dict[str, Any] = {}
    label = ""
    for line in text.splitlines():
        bare = line.strip().strip("*").strip()
        match = _LABEL.match(line.replace("**", ""))
        heading = _HEADING.match(line.strip())
        if heading and not match:
            if _has_id(block):
                found.append(block)
                block = {}
            block["heading"], label = heading[1], "heading"
            _note_id(block, heading[1], is_trial)
            continue
        if match:
            label = re.sub(r"[^a-z0-9]", "", match[1].lower())
            # The label of a record's beginning, a second time: the next record.
            if (
                label in block
                and _has_id(block)
                and label in ("pmid", "nctid", "title", "nctnumber")
            ):
                found.append(block)
                block = {}
            block.setdefault(label, match[2].strip())
        elif bare and label and label != "heading" and not re.match(r"[-=_*#]{3,}", bare):
            block[label] = f"{block.get(label, '')} {bare}"
        _note_id(block, line, is_trial)
    found.append(block)
    return found


def _has_id(block: Mapping[str, Any]) -> bool:
    return any(block.get(name) for name in ("pmid", "nctid", "nctnumber"))


def _note_id(block: dict[str, Any], line: str, is_trial: bool) -> None:
    if is_trial and (found := NCT.search(line)):
        block.setdefault("nctid", found[0])
    elif not is_trial and (pmid := _PMID_LINE.search(line)):
        block.setdefault("pmid", pmid[1] or pmid[2])
