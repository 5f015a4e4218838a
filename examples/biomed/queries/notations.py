"""What is written in signs and in a clinician's shorthand, in words: ``25(OH)D``, ``TGF-β``, ``Ca2+``, ``w/o``, ``s/p``, ``V/Q``. Without I/O."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from ..terms.find import find

GREEK: Final = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta", "η": "eta", "θ": "theta", "κ": "kappa", "λ": "lambda", "μ": "mu", "µ": "mu",
    "σ": "sigma", "τ": "tau", "φ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega", "Δ": "delta", "Ω": "omega",
}  # fmt: skip
_LETTER: Final = f"[{''.join(GREEK)}]"
_WITH_GREEK = re.compile(rf"(?<![\w-])[\w-]*{_LETTER}[\w-]*")
_Put = str | Callable[[re.Match[str]], str]
_IONS: Final = {
    "Ca": "calcium", "Na": "sodium", "K": "potassium", "Mg": "magnesium", "Fe": "iron", "Zn": "zinc", "Cu": "copper", "Li": "lithium",
}  # fmt: skip
_BONES: Final = "neck of femur|femur|hip|wrist|radius|ulna|ankle|tibia|fibula|humerus|clavicle|ribs?|skull|pelvi[cs]|vertebral|scaphoid"
_SIGNS: Final[tuple[tuple[re.Pattern[str], _Put], ...]] = (
    (re.compile(r"(?<![\w,.])1,?\s?(?:α,?\s?)?25[ -]?\(?OH\)?\s?2[ -]?(?:vit(?:amin)?[ -])?D[23]?\b"), "calcitriol"),
    (re.compile(r"(?<![\w,.])25[ -]?\(?OH\)?[ -]?(?:vit(?:amin)?[ -])?D[23]?\b"), "25-hydroxyvitamin D"),
    (re.compile(r"\bV/Q\b"), "ventilation-perfusion"),
    (re.compile(r"(?<![\w-])(Ca|Mg|Fe|Zn|Cu)(?:2\+|3\+|\+\+|²⁺|³⁺)"), lambda match: _IONS[match[1]]),
    (re.compile(r"(?<![\w-])(Na|K|Li)(?:\+|⁺)(?![\w+])"), lambda match: _IONS[match[1]]),
    # An allele is one of its gene, and no cut-off word.
    (re.compile(r"\b([A-Z][A-Z0-9]*(?:-[A-Z]+\d?)?)\*\d{1,3}[A-Z]?(?::\d{2,3})*\b"), r"\1"),
    (re.compile(r"\bCBT-?[Ii]\b"), "CBT for insomnia"),
    # A clinician's shorthand.
    (re.compile(r"#\s?NOF\b|\bNOF\s?#"), "femoral neck fracture"),
    (re.compile(rf"#\s?(?:of (?:the )?)?({_BONES})\b", re.IGNORECASE), r"\1 fracture"),
    (re.compile(rf"\b({_BONES})\s?#", re.IGNORECASE), r"\1 fracture"),
    (re.compile(r"\bw/o\b", re.IGNORECASE), "without"),
    (re.compile(r"(?<![\w/])w/\s?(?=\w)"), "with "),
    (re.compile(r"\bs/p\b", re.IGNORECASE), "after"),
    (re.compile(r"\bh/o\b", re.IGNORECASE), "with a history of"),
    (re.compile(r"\bf/u\b", re.IGNORECASE), "follow-up"),
    (re.compile(r"\b(?:d/t|b/c)\b"), "because of"),
    (re.compile(r"(?<=\d) ?(?:y/?o|yrs? old)\b(?! \w+ old)", re.IGNORECASE), "-year-old"),
    (re.compile(r"\b(?:Rx|Tx)\b"), "treatment"),
    (re.compile(r"\bDx\b"), "diagnosis"),
    (re.compile(r"\bHx of\b"), "with a history of"),
    (re.compile(r"\bSx\b"), "symptoms"),
    (re.compile(r"\bpts\b"), "patients"),
)  # fmt: skip
_WRITTEN_OUT: Final = (("IFN", "interferon"), ("IFN-", "interferon-"))


def in_words(text: str) -> str:
    """The text with such signs in words, where they stand for one thing; Greek letters where a name is known by them written out."""
    for sign, words in _SIGNS:
        text = sign.sub(words, text)
    return _WITH_GREEK.sub(_named, text)


def _named(match: re.Match[str]) -> str:
    if any(one.text == match[0] for one in find(match[0])):
        return match[0]
    for said in written_out(match[0]):
        if any(one.start == 0 and one.end == len(said) for one in find(said)):
            return said
    return match[0]


def written_out(word: str) -> Iterator[str]:
    """How a word with a Greek letter may be written without it: ``α1-antitrypsin`` as "alpha1-antitrypsin" and "alpha 1-antitrypsin"."""
    for short, long in (("", ""), *_WRITTEN_OUT):
        if not word.startswith(short):
            continue
        whole = long + word[len(short) :]
        for before, after in (("", ""), (" ", ""), ("", " "), (" ", " "), ("-", "")):
            said = re.sub(rf"(?<=[A-Za-z0-9]){_LETTER}", lambda one: before + GREEK[one[0]], whole)  # noqa: B023
            said = re.sub(rf"{_LETTER}(?=\d)", lambda one: GREEK[one[0]] + after, said)  # noqa: B023
            yield re.sub(_LETTER, lambda one: GREEK[one[0]], said)


def has_greek(word: str) -> bool:
    return re.search(_LETTER, word) is not None and not re.fullmatch("[μµ](?:g|l|m|mol|L|M)", word)
