"""Numbers of articles and trials in a question, and the syntax of search boxes that comes with them. Without I/O."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from ..words import unique

OF_ARTICLES = ("pmids", "dois", "pmcids")
OF_TRIALS = ("nct_ids", "registry_ids")
"""The fields of `Entities` that hold such numbers."""

_LIST = r"(?:(?:\s*(?:,|;|/|&|\band\b|\bor\b|\bvs\.?|\bversus\b)\s*(?:and\s+|or\s+)?|\s+)"
_NCT = re.compile(
    rf"\bNCT[\s:#-]{{0,2}}(\d{{8}}\b{_LIST}(?:NCT[\s:#-]{{0,2}}\d|0)\d{{7}}\b)*)", re.IGNORECASE
)
"""One number or several: "NCT03548935 and 04184622". The later ones begin with a nought, as PMIDs do not."""
_PMIDS = re.compile(
    rf"\b(?:PMIDs?|PubMed(?: IDs?)?)[:\s#=]*([1-9]\d{{0,8}}\b{_LIST}(?:PMID)?[:\s#]*[1-9]\d{{4,8}}\b)*)",
    re.IGNORECASE,
)
"""One number or several: "PMIDs 33567185, 34010531". Of the later ones none is as short as a count or a year may be."""
_PMID_URL = re.compile(
    r"(?:pubmed(?:\.ncbi\.nlm\.nih\.gov)?|europepmc\.org/(?:article|abstract)/MED)/([1-9]\d{0,8})\b",
    re.IGNORECASE,
)
_PMCS = re.compile(
    rf"\bPMC(?:IDs?)?[:\s#-]*(?:PMC)?(\d{{5,9}}\b{_LIST}(?:PMC)?\d{{5,9}}\b)*)", re.IGNORECASE
)
_DOI = re.compile(r"\b(10\.\d{4,9}/[^\s\"<>]+)", re.IGNORECASE)
_SPONSORS = re.compile(
    r"(?<![\w-])(?:NN\d{4}-\d{4}|[A-Z]\d[A-Z]-[A-Z]{2}-[A-Z]{4}|GS-[A-Z]{2}-\d{3}-\d{4}|MK-?\d{4}[A-Z]?-\d{3}|CA\d{3}-\d{3}"
    r"|D\d{3,4}[A-Z]\d{5}|(?:BO|WO|GO|MO|WA|YO)\d{5}|[ABC]\d{7}|C[A-Z]{3}\d{3}[A-Z]\d{4,5}|EFC\d{4,5}|\d{8}[A-Z]{3}\d{4}|M\d{2}-\d{3}"
    r")(?![\w-])"
)
"""Numbers that sponsors give their studies: ``NN9536-4373``, ``I8F-MC-GPGH``, ``MK-3475-189``, ``B7471007``."""
_OTHER_REGISTRIES = re.compile(
    r"\b(?:ISRCTN\s?\d{8}|(?:EU\s?CT[:\s#]*)?\d{4}-5\d{5}-\d{2}(?:-\d{2})?(?!\d)"
    r"|(?:EudraCT[:\s#]*(?:number\s*)?|EUCTR)?\d{4}-\d{6}-\d{2}(?!\d)(?:-[A-Z]{2}\b)?|DRKS\d{8}|ACTRN\d{14}p?"
    r"|ChiCTR[-A-Za-z]*\d{8,12}|CTRI/\d{4}/\d{2,3}/\d{5,6}|(?:JPRN-)?(?:jRCTs?\d{9,10}|UMIN\d{9})|PACTR\d{15,16}|KCT\d{7}|IRCT\d{8,14}N\d+"
    r"|U1111-\d{4}-\d{4}|NL-OMON\d{3,6}|NTR\d{3,5}|TCTR\d{11}|SLCTR/\d{4}/\d{3}|RBR-\w{5,8}|RPCEC\d{8}|EUPAS\d{3,12})"
    rf"|(?-i:{_SPONSORS.pattern})",
    re.IGNORECASE,
)
_LOOSE_NCT = re.compile(r"\bNCT\s?-?(\d{5,7}|\d{9,12})\b", re.IGNORECASE)

_ALONE = re.compile(r"\W*([1-9]\d{6,7})\W*")
"""A question that is a number and nothing else."""

IDENTIFIERS = re.compile(
    rf"https?://\S+|{_NCT.pattern}|{_LOOSE_NCT.pattern}|{_PMCS.pattern}|{_PMIDS.pattern}|(?:doi[:\s]*)?(?:doi\.org/)?10\.\d{{4,9}}/\S+"
    rf"|{_OTHER_REGISTRIES.pattern}|\barXiv:\d{{4}}\.\d{{4,5}}(?:v\d+)?|^{_ALONE.pattern}$",
    re.IGNORECASE,
)
"""None of these is a word of the question."""
_TAGS = re.compile(
    r"\[\s*(?:mesh(?:[: ]\w+)*|mh|majr|sh|tiab|ti|ab|tw|all(?: fields)?|title(?:/abstract)?|abstract|text word|pt|publication type|nm|au|author|ta|journal|dp|la|lang(?:uage)?|sb|si|ad|ot|filter)"
    r"(?::~?\w+)?\s*\]|\bAREA\[\w+\]|</?[a-z][^<>]{0,80}>",
    re.IGNORECASE,
)


def without_tags(text: str) -> str:
    """A search as it is typed into PubMed or the registry, without its field tags; a web page's tags neither."""
    return " ".join(_TAGS.sub(" ", text).split())


def nct_ids(text: str) -> list[str]:
    return unique(f"NCT{digits}" for digits in _numbers(_NCT, text, 8))


def pmids(text: str) -> list[str]:
    if alone := _ALONE.fullmatch(text):
        return [alone[1]]
    return unique([*_numbers(_PMIDS, text, 1), *_PMID_URL.findall(text)])


def pmcids(text: str) -> list[str]:
    return unique(f"PMC{digits}" for digits in _numbers(_PMCS, text, 5))


def dois(text: str) -> list[str]:
    """Without the punctuation that a sentence, and what an address has after them; each once, however it is written."""
    found = (re.split(r"[?#](?=\w+=|\w+$)", one)[0] for one in _DOI.findall(text))
    plain = (_closed(unquote(one).rstrip(_AFTER)) for one in found)
    return list({one.lower(): one for one in reversed([*plain])}.values())[::-1]


_AFTER = ".,;:?!]'’”*/"
_PAGE = re.compile(r"(?:/(?:full(?:text)?|abstract|e?pdf|meta|html)|\.pdf)$", re.IGNORECASE)
"""What publishers' addresses have after a DOI."""


def _closed(doi: str) -> str:
    while doi.endswith(")") and doi.count(")") > doi.count("("):
        doi = doi[:-1].rstrip(_AFTER)
    return _PAGE.sub("", doi).rstrip(_AFTER)


_SET_AS = re.compile(
    r"^(?:EudraCT[:\s#]*(?:number\s*)?|EUCTR|EU\s?CT[:\s#]*|JPRN-)|(?<=\d{4}-\d{6}-\d{2})-[A-Z]{2}$",
    re.IGNORECASE,
)
"""What stands around a number that registries keep without it."""


def registry_ids(text: str) -> list[str]:
    """Numbers that other registries and sponsors gave a trial: ``ISRCTN74851356``, ``2017-003436-36`` of EudraCT, ``NN9536-4373``."""
    return unique(
        _SET_AS.sub("", match[0]).replace(" ", "") for match in _OTHER_REGISTRIES.finditer(text)
    )


def is_sponsors(number: str) -> bool:
    """Whether it is a sponsor's number, which no registry of articles keeps in a field of its own."""
    return _SPONSORS.fullmatch(number) is not None


def is_same_trial(number: str, other: str) -> bool:
    """Whether two texts are one number of a registry, however it is set: ``ISRCTN 74851356``, "EudraCT Number: 2017-003436-36"."""
    return _bare(number) == _bare(other) != ""


def _bare(number: str) -> str:
    named = registry_ids(number)
    return re.sub(r"\W", "", named[0] if named else number).upper()


def is_lookup(text: str) -> bool:
    """Whether a question names an article or a trial by its number."""
    return any((nct_ids(text), pmids(text), pmcids(text), dois(text), registry_ids(text)))


def told(text: str) -> list[str]:
    """What a reader should know of numbers that are none."""
    return [
        f"{match[0]!r} is no number of ClinicalTrials.gov: one has eight digits, and this {len(match[1])}"
        for match in _LOOSE_NCT.finditer(text)
    ]


def _numbers(rule: re.Pattern[str], text: str, shortest: int) -> Iterator[str]:
    for match in rule.finditer(text):
        for digits in re.findall(r"\d+", match[1]):
            if len(digits) >= shortest:
                yield digits


def is_article(found: Any) -> bool:
    """Whether a question's entities name articles by their numbers, and no trial."""
    return any(found.get(name) for name in OF_ARTICLES) and not any(
        found.get(name) for name in OF_TRIALS
    )
