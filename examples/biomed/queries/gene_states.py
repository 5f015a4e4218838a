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
