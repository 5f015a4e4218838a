"""Numbered citations, and the guard that keeps any other reference out of a model's text.

The list is built from the sources' results and nothing else. A text from a model passes through
:class:`CitationGuard`, piece by piece as it streams: what is not in the list does not come out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from .markers import as_brackets
from .records import Record, citable, identity_of
from .state import Citation

REMOVED = "(reference removed)"
MAX_SEGMENT = 2000


def number(results: Mapping[str, Sequence[object]]) -> list[tuple[Citation, Record]]:
    """Citations 1, 2, 3 … of all well-formed results, source by source, none twice."""
    pairs: list[tuple[Citation, Record]] = []
    seen: set[tuple[str, str]] = set()
    for source, records in results.items():
        for one in records:
            record = citable(one)
            if record is None or identity_of(record) in seen:
                continue
            seen.add(identity_of(record))
            citation: Citation = {
                "n": len(pairs) + 1,
                "type": record["type"],
                "id": record["id"],
                "title": record["title"],
                "authors": record.get("authors", []),
                "journal": record.get("journal", ""),
                "doi": record.get("doi", ""),
                "year": record["year"],
                "url": record["url"],
                "source": source,
                "origin": str(record.get("origin", "unknown")),
                "as_of": record.get("as_of"),
                "via": record.get("via", ""),
            }
            pairs.append((citation, record))
    return pairs


_LINK = re.compile(r"!?\[([^\[\]\n]*)\]\(((?:[^()\n]|\([^()\n]*\))*)\)")
_OPEN, _CLOSE = r"\\?[\[【［]", r"\\?[\]】］]"
_AND = r"(?:[,;&–-]|and\b|to\b)"
_NUMBERS = re.compile(
    rf"{_OPEN}[ \t]*(?:(?:see|refs?|references?|sources?|citations?|nos?)\b[.:]?[ \t]*)*"
    rf"([\^#]?[ \t]*\d[\d \t]*(?:{_AND}[ \t]*[\^#]?\d[\d \t]*)*)(?:†[^\]】］\n]*)?{_CLOSE}",
    re.IGNORECASE,
)
_OPEN_NUMBER = re.compile(rf"{_OPEN}(?=[ \t\\]*[\^#]?[ \t]*(?:\d|$))")
_URL = re.compile(
    r"(?:[a-z][a-z0-9+.-]{0,20}://|www\.|(?:javascript|data|vbscript|mailto):(?=\S))[^\s<>]*|(?:[a-z0-9-]{1,63}\.){1,5}[a-z]{2,20}/[^\s<>]*",
    re.IGNORECASE,
)
_DOI = re.compile(r"\b(?:doi:[ \t]*)?(10\.\d{4,9}/[^\s<>\])]+)", re.IGNORECASE)
_MARKS = r"[ \t:=#*_`\"'-]{0,6}"
_NCT = re.compile(rf"NCT{_MARKS}(\d+)", re.IGNORECASE)
_PMID = re.compile(
    rf"(?:(?:PMC?ID|PMC|PubMed ID){_MARKS}(?:(?:no|number)\b\.?{_MARKS})?|PubMed[ \t:#-]*)(\d+)",
    re.IGNORECASE,
)
_OTHER = re.compile(r"(?:ISRCTN[ \t]*\d+|EudraCT\W{0,3}\d[\d-]*|arXiv:[ \t]*\S+)", re.IGNORECASE)
"""Numbers of registries that are not searched here."""
_AUTHOR_YEAR = re.compile(
    r"\(?([^\W\d_][\w'’-]{1,60})(?:[ \t]+(?:[A-Z]{1,3}))?[ \t]+et[ \t]+al\.?,?"
    r"(?:[ \t]*\(?(?:19|20)\d\d[a-z]?\)?)?\)?"
)


class CitationGuard:
    """Lets through only references to the given citations.

    Allowed are ``[n]`` of the list, the NCT numbers, PMIDs and DOIs of its records, and ``et al.``
    after one of their authors' names. Numbers in other brackets, raised or circled, are read as bracketed
    ones (see :mod:`.markers`); other bracketed numbers vanish, other identifiers become
    ``(reference removed)``; links, web addresses and other registries' numbers always go: the
    reference list has the addresses.
    """

    def __init__(self, cited: Iterable[tuple[Citation, Record]]) -> None:
        cited = list(cited)
        self._count = len(cited)
        self._ids = {citation["id"].upper() for citation, _ in cited}
        self._dois = {record["doi"].lower() for _, record in cited if record.get("doi")}
        self._authors = {
            name.split()[0].lower()
            for _, record in cited
            for name in record.get("authors", [])
            if name.strip()
        }
        # What came since the last segment's end.
        self._held = ""

    def feed(self, text: str) -> str:
        """Take in a piece of text; give out what is complete and clean.

        Text is held until its sentence or line ends, so how it was cut into pieces does not matter.
        """
        done = []
        for character in text:
            self._held += character
            if self._at_an_end(character):
                done.append(self._clean(self._held))
                self._held = ""
        return "".join(done)

    def close(self) -> str:
        """Give out the rest."""
        rest, self._held = self._clean(self._held), ""
        return rest

    def _at_an_end(self, character: str) -> bool:
        held = self._held
        if character == "\n" or (len(held) > MAX_SEGMENT and character.isspace()):
            return True
        return (
            character == " "
            and held[-2:-1] in (".", "!", "?")
            and not held.endswith("al. ")
            and all(held.count(a) <= held.count(b) for a, b in ("[]", "()", "【】", "［］"))
        )

    def _clean(self, text: str) -> str:
        # Taking something out can bring the two sides together into something new.
        while (cleaner := self._pass(text)) != text:
            text = cleaner
        return text

    def _pass(self, text: str) -> str:
        text = as_brackets(text)
        text = _LINK.sub(lambda m: f"[{m[1]}]" if m[1].strip(" ^").isdigit() else m[1], text)
        text = _NUMBERS.sub(lambda m: self._numbers(m[1]), text)
        text = _OPEN_NUMBER.sub(lambda m: "" if not self._is_kept(text, m.start()) else m[0], text)
        text = _OTHER.sub(REMOVED, _URL.sub(REMOVED, text))
        text = _DOI.sub(lambda m: self._known(m[0], m[1].rstrip(".,;").lower(), self._dois), text)
        text = _NCT.sub(lambda m: self._known(m[0], f"NCT{m[1]}", self._ids), text)
        text = _PMID.sub(lambda m: self._known(m[0], m[1], self._ids), text)
        return _AUTHOR_YEAR.sub(lambda m: self._known(m[0], m[1].lower(), self._authors), text)

    def _numbers(self, inside: str) -> str:
        """``2, 4-6`` as ``[2][4][5][6]``, without those the list does not have."""
        numbers: list[int] = []
        for part in re.split(r"[,;&]|and", inside, flags=re.IGNORECASE):
            ends = [int(digits) for digits in re.findall(r"\d{1,6}", part.replace(" ", ""))]
            if len(ends) == 2 and ends[0] <= ends[1]:
                numbers += range(ends[0], min(ends[1], self._count) + 1)
            else:
                numbers += ends
        return "".join(f"[{n}]" for n in numbers if 1 <= n <= self._count)

    def _is_kept(self, text: str, start: int) -> bool:
        match = re.compile(r"\[([1-9]\d{0,5})\]").match(text, start)
        return match is not None and int(match[1]) <= self._count

    def _known(self, whole: str, identifier: str, known: set[str]) -> str:
        return whole if identifier in known else REMOVED


def cited_numbers(text: str) -> set[int]:
    """The numbers ``[n]`` a text refers to."""
    return {int(digits) for digits in re.findall(r"\[(\d+)\]", text)}
