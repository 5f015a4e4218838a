"""What a tumour has of a gene, in the words that titles have for it: ``EGFR mutated``, ``HER2 positive``, ``ALK rearranged``. Without I/O."""

from __future__ import annotations

import re
from typing import Final

_CALLED: Final = (
    ("mutat mutant variant", ("mutated", "mutant", "mutation", "mutations", "positive")),
    (
        "rearrang fusion fused transloc",
        ("rearranged", "rearrangement", "fusion", "translocation", "positive"),
    ),
    (
        "amplif overexpress positiv",
        ("positive", "amplified", "amplification", "overexpressing", "overexpression"),
    ),
)
"""By the beginnings of the words for a state: what else it is called."""
_STATE = re.compile(
    r"(?P<gene>(?=[\w-]*[A-Z])[A-Za-z][A-Za-z0-9-]*[A-Z0-9][A-Za-z0-9-]*)[ -](?P<state>[a-z]+)(?: (?:positive|cancers?|tumou?rs?|disease|patients?))?"
)


_RECEPTORS = {"ER": "estrogen receptor", "PR": "progesterone receptor", "HR": "hormone receptor"}
_SIGN = re.compile(
    r"(?<![\w-])(?P<what>(?!(?:NADP?|CD\d+|HIV|H[BC]V|HPV|EBV|CMV)\+)[A-Z][A-Z0-9-]*[A-Z0-9])(?:(?P<plus>\+)|(?P<minus>[-−–])(?! (?:and|or|to|versus|vs)\b))(?=[\s/,;)?]|$)"
)
_OF_RECEPTOR = re.compile(r"(?<![\w-])(ER|PR|HR)(?=[- ](?:positive|negative)\b)")


def signs_in_words(text: str) -> str:
    """A text with "ER+/HER2-" as "estrogen receptor positive / HER2 negative"; of "HER2- and HER3-targeted" no sign is one, and "CD4+ cells" and "HIV+ men" are not asked for the word."""
    text = _SIGN.sub(
        lambda match: f"{match['what']} {'positive' if match['plus'] else 'negative'}", text
    )
    return _OF_RECEPTOR.sub(lambda match: _RECEPTORS[match[1]], text)


def sign_of(name: str, question: str) -> str:
    """What a question says of a gene, receptor or virus: ``HER2 negative``; the name alone where it says nothing."""
    said = re.search(
        rf"(?<![\w-]){re.escape(name)}[- ](positive|negative)\b",
        signs_in_words(question),
        re.IGNORECASE,
    )
    return f"{name} {said[1].lower()}" if said else name


def gene_of(text: str) -> str:
    """The gene whose state a text is; empty for any other text."""
    found = _STATE.fullmatch(text)
    return found["gene"] if found and _forms(found["state"]) else ""


def state_names(text: str) -> list[str]:
    """What a gene's state is called, itself first; empty for any other text."""
    found = _STATE.fullmatch(text)
    forms = _forms(found["state"]) if found else ()
    return (
        list(dict.fromkeys([text, *(f"{found['gene']} {one}" for one in forms)]))
        if found and forms
        else []
    )


def _forms(state: str) -> tuple[str, ...]:
    return next((forms for begins, forms in _CALLED if state.startswith(tuple(begins.split()))), ())
