"""Whether the cited source supports a sentence: the rule. Without I/O."""

from __future__ import annotations

import re

from examples.biomed.answer.general_words import GENERAL
from examples.biomed.answer.speaking import roots
from examples.biomed.records import Record


def supports(sentence: str, record: Record) -> bool:
    """The rule for a supported sentence: all its numbers and three quarters of its telling words are
    in the cited record's title, text, outcome or named facts.
    """
    source = f"{record['title']} {record.get('text', '')} {record.get('outcome', '')}"
    source += " " + " ".join(
        [*record.get("conditions", []), *record.get("interventions", []), record.get("sponsor", "")]
    )
    numbers = set(re.findall(r"\d+(?:[.,]\d+)*", re.sub(r"\[\d+\]", "", sentence)))
    known = set(re.findall(r"\d+(?:[.,]\d+)*", source))
    known |= {str(record.get("enrollment") or ""), str(record["year"] or ""), record["id"]}
    words = {one for one in roots(re.sub(r"\[\d+\]", "", sentence)) if not one[0].isdigit()}
    words -= GENERAL
    if not numbers <= known:
        return False
    return not words or len(words & roots(source)) >= 0.75 * len(words)
