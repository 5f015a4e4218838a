"""What a study tells of itself and not of what it found: how old people were, who was left out, who dropped out, where and when it was done. Without I/O.

An abstract tells it in its methods mostly, where no finding stands: to quote what was found to who asks for it is to answer another question.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, Literal, NamedTuple

from ..queries.trial_filters import places
from ..records import Record
from ..sentences import sentences
from .telling_sentences import LONGEST_ALONE
from .zones import Part, parts_of

FactName = Literal["age", "left out", "dropping out", "place", "years"]


class StudyFact(NamedTuple):
    """One thing that a study tells of itself."""

    name: FactName
    what: str
    """As an answer says that it is not told: ``how old they were``."""
    asked: re.Pattern[str]
    """How a question begins that asks for it."""
    said: Callable[[str], bool]
    """Whether a sentence tells it."""


_WERE: Final = r"(?:was|were|is|are)"
_THEY: Final = r"(?:they|those|these|people|(?:the |these |those )?(?:patients|participants|subjects|adults|children|infants|babies|women|men|girls|boys|volunteers))"
_IT: Final = r"(?:it|this|that|they|these|people|patients|(?:the |this |that |these )?(?:trials?|stud(?:y|ies)|work|research|cohorts?|patients|participants|data|people|operations?))"
_DONE: Final = r"(?:done|run|carried out|conducted|performed|held|recruited|enrolled|collected|treated|operated on|seen|included|studied|take place|took place|from|set)"
_OF_RESULTS: Final = re.compile(
    r"\bhospital(?:i[sz]\w+| (?:stays?|admissions?|mortality|costs?|days|discharge))|\bin-hospital\b|\bintensive care unit (?:stay|admission)s?",
    re.IGNORECASE,
)


def _fact(name: FactName, what: str, asked: str, said: str | Callable[[str], bool]) -> StudyFact:
    if isinstance(said, str):
        pattern = re.compile(said, re.IGNORECASE)
        return StudyFact(name, what, _begins(asked), lambda text: bool(pattern.search(text)))
    return StudyFact(name, what, _begins(asked), said)


def _begins(asked: str) -> re.Pattern[str]:
    return re.compile(rf"^\W*(?:(?:and|but|so|then)\s+)*(?:{asked})\b", re.IGNORECASE)


_PLACE: Final = re.compile(
    r"\b(?:hospitals?|clinics?|universit(?:y|ies)|cent(?:re|er)s?|countr(?:y|ies)|sites|institut(?:e|ion)s?|nationwide|multi-?(?:cent(?:re|er)|national)|ICUs?|practices|primary care|departments?)\b",
    re.IGNORECASE,
)


_OF_A_LAND: Final = re.compile(
    r"\b(?:American|US|U\.S\.|UK|Argentin\w+|Australian|Austrian|Bangladeshi|Belgian|Brazilian|British|Bulgarian|Canadian|Chilean|Chinese|Colombian|Croatian|Czech|Danish|Dutch|Egyptian|English|Ethiopian|Finnish|"
    r"French|German|Ghanaian|Greek|Hungarian|Indian|Indonesian|Iranian|Irish|Israeli|Italian|Japanese|Kenyan|Korean|Malaysian|Mexican|Nepali|New Zealand|Nigerian|Norwegian|Pakistani|Peruvian|Polish|Portuguese|Romanian|"
    r"Russian|Saudi|Scottish|Serbian|Singaporean|South African|Spanish|Swedish|Swiss|Taiwanese|Tanzanian|Thai|Tunisian|Turkish|Ugandan|Ukrainian|Vietnamese|Welsh|European|Asian|African|Scandinavian|Nordic) "
    r"(?:regions?|states?|provinces?|cit(?:y|ies)|towns?|villages?|districts?|count(?:y|ies)|schools?|regist(?:ry|ries|ers?)|populations?|cohorts?|municipalit(?:y|ies)|nursing homes|general practices|adults|people|patients|women|men|children)\b"
)
"""Where a study was done, by what it calls those or that: "three Spanish regions"."""


def _tells_where(text: str) -> bool:
    return bool(
        _PLACE.search(_OF_RESULTS.sub(" ", text)) or places(text) or _OF_A_LAND.search(text)
    )


FACTS: Final = (
    _fact(
        "age",
        "how old they were",
        rf"how (?:old|young) {_WERE}|(?:of |at )?(?:what|which) ages? {_WERE} (?:they|{_THEY})|(?:what {_WERE} )?(?:the |their )?(?:(?:mean|median|average) ages?|ages? (?:range|of {_THEY}))|what {_WERE} (?:the |their )ages?",
        r"\baged?\b[^.;]{0,25}\d|\bages?\b[^.;]{0,40}\d|\b\d[\d.]*(?: ?(?:-|–|to|and) ?\d[\d.]*)?[- ]years?(?:[- ]olds?|s? of age| or (?:older|over|above|more|younger)| and (?:older|over|above))\b|\b(?:older|younger) than \d+ years",
    ),
    _fact(
        "left out",
        "who was left out",
        rf"(?:who|whom)(?: else)? (?:{_WERE}|did they) (?:left out|leave out|excluded|exclude|not (?:included|eligible|allowed|let in)|kept out|ineligible)|(?:(?:what|which) {_WERE} )?(?:the |their )?exclusions?(?: criteria)?|"
        r"(?:who|which (?:patients|people|women|men|children)) (?:could|can|may|might|was|were|is|are)(?:n['’]t| not) (?:take part|join|enter|enrol|participate|be (?:included|enrolled|in it)|allowed|included|let in|eligible)|"
        rf"(?:which|what) (?:[\w-]+ ){{1,8}}?{_WERE} (?:excluded|left out|not eligible|kept out)|{_WERE} (?:anyone|anybody|{_THEY}|any (?:[\w-]+ )+?)(?: [\w-]+)? (?:excluded|left out)",
        r"\b(?:patients?|people|participants|subjects|adults|children|women|men|those|cases|persons|individuals|pregnan\w+)\b[^.;]* (?:was|were) excluded\b|\bexclu(?:ding|sion) (?!of (?:the )?(?:data|outliers|stud|trial))|\bwe excluded\b|\bexcluded (?:were|if|patients|those|people|women|men|for)\b|"
        r"\bineligible\b|\bnot eligible\b|\bwithout (?:a )?(?:prior|previous|known|history of)\b",
    ),
    _fact(
        "dropping out",
        "how many dropped out",
        rf"how many(?: {_THEY}| of (?:them|{_THEY}))? (?:dropped out|dropout|withdrew|quit|left(?: the (?:trial|study))?|were lost(?: to follow-?up)?|did not (?:finish|complete)|gave up|discontinued(?: (?:it|the (?:trial|study)))?)(?=\W*$| (?:of|from|in)\b)|"
        rf"(?:what was )?(?:the )?(?:drop-?outs?(?: rates?)?|attrition|withdrawal rates?)|did (?:anyone|anybody|many|{_THEY}) (?:drop out|withdraw|quit)",
        r"\bdrop(?:ped)?[- ]?outs?\b|\bwithdrew\b|\bwithdrawals?\b(?! (?:symptoms?|group|of|arm|from (?:the )?(?:drug|medic)))|\blost to follow-?up\b|\battrition\b|\bcompleted (?:the )?(?:trial|study|treatment|follow|protocol|program|course|all)|\b\d[^.;]{0,20}completed\b|"
        r"\b(?:discontinued|stopped) (?:the )?(?:treatment|therapy|trial|study|drug|medicine|medication|because|due|owing|prematurely)|\bdid not complete\b|\bdiscontinuations?\b(?! (?:group|arm|of))",
    ),
    _fact(
        "place",
        "where it was done",
        rf"where (?:{_WERE}|did|do|does) {_IT}(?: \w+)?(?: {_DONE})?(?=\W*$| in\b| of\b)|(?:in |at )?(?:which|what) (?:countr(?:y|ies)|hospitals?|cent(?:er|re)s?|cit(?:y|ies)|places?) (?:{_WERE}|did|do) {_IT}|(?:in |at )?(?:which|what) (?:countr(?:y|ies)|hospitals?|cit(?:y|ies))(?=\W*$)",
        _tells_where,
    ),
    _fact(
        "years",
        "in which years it was done",
        rf"(?:(?:in|over|between|during) )?(?:which|what) (?:years?|period)(?=\W*$| (?:{_WERE}|did) {_IT})|when (?:{_WERE}|did) {_IT}(?: \w+)? {_DONE}(?=\W*$)",
        r"\b(?:19|20)\d\d\b",
    ),
)  # fmt: skip


def asked_fact(question: str) -> StudyFact | None:
    """What a question asks a study to tell of itself; None where it asks for what was found."""
    return next((one for one in FACTS if one.asked.match(question)), None)


def is_fact_alone(query: str, fact: StudyFact) -> bool:
    """Whether a follow-up asks for that and names nothing of its own: "how old were they?"."""
    match = fact.asked.match(query)
    return match is not None and _REST.fullmatch(query[match.end() :]) is not None


_REST: Final = re.compile(
    rf"(?:\s+(?:{_WERE}|did|{_THEY}|{_IT}|{_DONE}|then|mostly|on average|usually|in|of|from|at|there|out|by|the|them|participate|recruit|enrol|do|each|group|groups|at (?:baseline|entry|the start)))*\W*",
    re.IGNORECASE,
)


def fact_sentences(record: Record, fact: StudyFact) -> list[str]:
    """The sentences of a study that tell it, those of its methods first."""
    parts = parts_of(sentences(record.get("text", "")))
    told = [one for one in parts if len(one.text) <= LONGEST_ALONE and fact.said(one.text)]
    return [one.text for one in sorted(told, key=lambda one: _is_of_results(one))]


def _is_of_results(part: Part) -> bool:
    return part.zone in ("found", "concluded")
