"""What is asked of the sources of the answer before, and not of its topic: "how many patients?", "what was the p value?". Without I/O."""

from __future__ import annotations

import re
from typing import Final, Literal

from ..answer.study_facts import FACTS, FactName, is_fact_alone

Fact = Literal["people", "dose", "p"] | FactName

_ONES: Final = r"(?:patients?|participants?|people|persons|subjects|adults|children|infants|babies|women|men|girls|boys|cases|volunteers)"
_STUDY: Final = r"(?:the |this |that |those |these |each |their )?(?:trials?|stud(?:y|ies)|cohorts?|samples?|analys[ei]s|meta-?analys[ei]s|reviews?|groups?|it|they|them|there)"
_WERE: Final = r"(?:was|were|is|are|did|do|does|had|have)"
_TAKEN_IN: Final = r"(?:included|enrolled|recruited|randomi[sz]ed|studied|analy[sz]ed|treated|involved|take part|took part|taking part|participate|participated|enrol|include)"
_BEGINS: Final = r"(?:and |but |so |ok(?:ay)?,? |thanks,? )*"
_USED: Final = (
    r"(?:used|given|tested|studied|taken|chosen|use|give|take|test|study|get|got|have|had)"
)
_DOSES: Final = r"(?:dos(?:e|es|age|ages|ing))"

_RULES: Final[dict[Fact, str]] = {
    "people": rf"how many(?! (?:trials|stud|cohorts|samples|anal|meta|reviews|groups))(?: {_ONES})?(?: (?:{_WERE}|{_TAKEN_IN}|in|{_STUDY}))*|how (?:big|large|small) {_WERE} {_STUDY}|"
    rf"(?:(?:what|how (?:big|large|small)) {_WERE} )?(?:the |their )?(?:sample sizes?|numbers? of {_ONES}|size of {_STUDY})(?: (?:in|of|{_STUDY}))*|how many {_ONES} (?:{_WERE} )?{_STUDY} {_TAKEN_IN}|n",
    "dose": rf"(?:(?:at |in |with )?(?:what|which) {_DOSES}|what {_WERE} the {_DOSES}|the {_DOSES}|{_DOSES})(?: (?:{_WERE}|{_USED}|{_STUDY}|of it))*|how much (?:{_WERE}|{_USED}|{_STUDY})(?: (?:{_USED}|{_STUDY}))*",
    "p": rf"(?:what {_WERE} )?(?:the )?p[- ]?values?(?: for (?:it|that|this))?|(?:{_WERE} )?(?:it|this|that|they|the (?:difference|effect|result|results|finding))? ?(?:statistically )?significant|how significant (?:{_WERE} )?(?:it|that|this)",
}
_ASKED: Final[dict[Fact, re.Pattern[str]]] = {
    fact: re.compile(rf"^\W*{_BEGINS}(?:{rule})\W*$", re.IGNORECASE)
    for fact, rule in _RULES.items()
}


def asked_of_sources(query: str) -> list[Fact]:
    """What a question asks of the studies that answered the one before, and of nothing else; empty for any other question."""
    counted: list[Fact] = [fact for fact, rule in _ASKED.items() if rule.match(query)]
    return [*counted, *(one.name for one in FACTS if is_fact_alone(query, one))]
