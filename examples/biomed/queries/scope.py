"""Whether a question is about medicine at all: by the names it holds, and by the words only medicine and its research have. Without I/O."""

from __future__ import annotations

import functools
import re

from ..terms.derived import base_of_quality
from ..terms.find import find
from ..terms.typos import whole_of
from ..terms.word_forms import TRUNCATED

OF_MEDICINE = frozenset("ACDEM")
"""Branches of MeSH: anatomy, diseases, chemicals, procedures, people. The others (organisms, phenomena, behaviour, places,
technology) hold as many words of everyday."""

_WORDS = re.compile(
    r"\b(?:patients?|surg(?:ery|ical|ically|eons?)|clinic(?:s|al|ally)?|clinicians?|hospital\w*|nurs(?:e|es|ing)|physicians?|"
    r"doctors?|medic(?:al|ally|ine|ines|ations?)|health\w*|disease\w*|syndromes?|diagnos\w+|prognos\w+|patholog\w+|"
    r"\w*therap(?:y|ies|eutic)|vaccin\w+|fractur\w+|pregnan\w+|f(?:o)?etal|f(?:o)?etus|perinatal|neonatal|prenatal|antepartum|postpartum|"
    r"(?:hazard|odds|risk|likelihood) ratios?|relative risks?|confidence intervals?|p[ -]values?|number needed to (?:treat|harm)|placebos?|"
    r"(?:randomi[sz]ed|controlled|double-blind) (?:\w+ )?trials?|non-?inferiority|(?:composite|surrogate|primary|secondary) (?:end-?points?|outcomes?)|"
    r"intention[ -]to[ -]treat|kaplan[ -]meier|forest plots?|meta-?analys[ei]s|systematic reviews?|adverse events?|"
    r"circumcis\w+|sonogra\w+|psychiatr\w+|psychotic|residency|"
    r"\w{3,}(?:plasty|ectomy|otomy|ostomy|itis|osis|a?emia|pathy|pathies|oma|omas|scopy|ography|algia|uria|penia|parity))\b",
    re.IGNORECASE,
)


@functools.lru_cache(maxsize=256)
def is_medical(question: str) -> bool:
    """Whether the question names a thing of medicine, or has a word of it."""
    if _WORDS.search(question):
        return True
    if any(whole_of(match[0][:-1]) for match in TRUNCATED.finditer(question)):
        return True
    return any(
        one.kind in ("drug", "condition", "gene") or one.branches & OF_MEDICINE
        for one in find(question)
    ) or any(
        one.kind == "condition"
        for word in _QUALITIES.findall(question.lower())
        if (noun := base_of_quality(word))
        for one in find(noun)
    )


_QUALITIES = re.compile(r"\b\w{4,}(?:ful|less|y)\b")
"""What may be said of a complaint, "painful" of pain."""
