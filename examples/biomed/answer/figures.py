"""The kind of number that a question asks for, and whether a sentence gives one: a share, a cost, a dose, a time, an accuracy. Without I/O."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from ..queries.intent import ASKS_YES_OR_NO
from .question_parts import asking, until


class Figure(NamedTuple):
    """One kind of number."""

    name: str
    """As an answer calls it: ``a share``."""
    asked: re.Pattern[str]
    said: re.Pattern[str]
    """What a sentence that gives it has, :data:`STATISTICS` apart."""
    is_of_methods: bool = False
    """Whether it is told with what was done, as a dose is, and not with what was found."""
    is_its_own: bool = True
    """Whether such a number is of one thing mostly; a share is of anything."""
    is_ratio: bool = False
    """Whether it is one of :data:`STATISTICS` itself."""


def _figure(
    name: str,
    asked: str,
    said: str,
    *,
    is_of_methods: bool = False,
    is_its_own: bool = True,
    is_ratio: bool = False,
) -> Figure:
    return Figure(
        name,
        re.compile(rf"\b(?:{asked})", re.IGNORECASE),
        re.compile(said, re.IGNORECASE),
        is_of_methods,
        is_its_own,
        is_ratio,
    )


_WHAT: Final = r"what (?:is|are|was|were|'s)(?: the)?(?: [\w/-]+){0,3}?"
_NEAR: Final = r"(?:[^.;\d]|(?<=\d)\.(?=\d)){0,60}?"
"""Between a word and its number: no end of a sentence, and no other number."""
_TIMES: Final = r"(?:minutes?|min|hours?|hrs?|h|days?|weeks?|months?|years?)"
IN_WORDS: Final = r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fourteen|fifteen|eighteen|twenty|thirty|forty|fifty|sixty|ninety)"
_PLACES: Final = r"(?:countr(?:y|ies)|hospitals?|cent(?:re|er)s?|sites|clinics?|practices|schools?|units|departments|states|regions|cities|villages|nursing homes|care homes|ICUs)"
_RELATIVE: Final = r"(?:greater|higher|lower|more|less|fewer|larger|smaller|increased?|decreased?|reduc(?:ed|tion)|improvement|relative)\b"
"""After a percentage: how much two things differ, and no share."""
_COUNTED: Final = r"(?:patients?|people|persons?|participants?|subjects?|cases?|women|men|children|infants|adults|procedures|operations|eyes|knees|hips|teeth|lesions)"
_PARTS: Final = r"(?:half|thirds?|quarters?|fifths?|tenths?)"
_CURRENCIES: Final = (
    r"(?:USD|EUR|GBP|AUD|CAD|NZD|SGD|CHF|SEK|NOK|DKK|JPY|CNY|RMB|INR|KRW|BRL|ZAR|TRY|THB|(?:(?:US|American|Australian|Canadian|international) )?dollars?|euros?|pounds(?: sterling)?|"
    r"cents|(?:Swiss )?francs|kron(?:er|or)|yen|yuan|rupees|rand|reais|pesos|baht|won)"
)
_RATIO: Final = (
    r"(?:hazards?|odds|risk|rate|incidence) ratios?|relative risks?|(?-i:[acs]?(?:HR|OR|RR)s?)"
)
_TREATED: Final = r"(?:treat(?:ed)?|screen(?:ed)?|invited?|vaccinated?|test(?:ed)?|operated?(?: on)?|harm(?:ed)?|prevent(?:ed)?)"


def _accuracy(name: str, words: str, how: str = "") -> Figure:
    asked = rf"{_WHAT} (?:{words})\b|(?:^|and )(?:{words})\b(?= (?:of|and)\b)"
    return _figure(
        name,
        asked + (rf"|how {how}\b" if how else ""),
        rf"\b(?:{words})\b{_NEAR}\d|\d ?%? {_NEAR}\b(?:{words})\b",
    )


FIGURES: Final = (
    _figure(
        "a ratio",
        rf"{_WHAT} (?:{_RATIO})\b|(?:^|and )(?:the )?(?:{_RATIO}) (?:of|for)\b",
        rf"\b(?:{_RATIO})\b{_NEAR}\d",
        is_its_own=False,
        is_ratio=True,
    ),
    _figure(
        "a number needed",
        rf"numbers? needed to {_TREATED}|NN[THSI]\b|how many [\w' -]{{2,60}}?\b(?:needs?|have|has|must|should)(?: to)? be {_TREATED}",
        rf"\b(?:numbers? (?:needed|required) to \w+|NN[THSI])\b{_NEAR}\d|\b\d[\d,]* [\w' -]{{2,60}}?\b(?:needs?|needed|have|had|would have)(?: to)? (?:be )?{_TREATED}",
    ),
    _accuracy("a sensitivity", r"sensitivity|detection rate", "sensitive"),
    _accuracy("a specificity", r"specificity|false[- ]positive rate", "specific"),
    _accuracy("a positive predictive value", r"positive predictive values?|PPV"),
    _accuracy("a negative predictive value", r"negative predictive values?|NPV"),
    _accuracy("an area under the curve", r"area under the (?:\w+ )*curve|AUC|AUROC|c-statistic"),
    _accuracy(
        "an accuracy",
        r"accuracy|sensitivity|specificity|predictive values?|AUC|AUROC|area under",
        "accurate",
    ),
    _figure(
        "a cost",
        rf"how much [\w' -]{{2,80}}?\bcosts?\b|what (?:do|does|did) [\w' -]{{2,80}}?\bcost\b|{_WHAT} (?:costs?|price|ICER)\b|how (?:expensive|costly|cheap)|(?:^|and )costs? (?:of|per)",
        rf"[$€£¥₹] ?\d|\b{_CURRENCIES} ?\d|\b\d[\d.,]*(?:[ \u00a0\u202f]\d{{3}})* ?(?:million |billion )?(?:€|£|{_CURRENCIES}\b)",
    ),
    _figure(
        "a dose",
        rf"{_WHAT} (?:dos(?:e|es|age|ages|ing)|concentration)\b|(?:what|which) (?:dos(?:e|es|age|ages))\b|how (?:much|many(?! (?:of (?:the|them) )?(?:\w+ )?{_COUNTED}\b)) [\w' -]{{2,60}}?\b(?:should|to take|take|a day|(?<!-)daily(?! [a-z])|per day|is given|are given)\b|(?:and|about) (?:dose|dosage|dosing)",
        rf"\b{IN_WORDS} (?:drops|tablets?|capsules?|puffs?|sprays?|sachets?|units)\b|"
        r"\b\d[\d.,]* ?(?:[mµμu]?g|mcg|kg|IU|U|units?|m?l|[mcµμ]?Gy|[mµμ]?Sv|mmol|mEq|drops|tablets?|puffs)(?:\b|/)",
        is_of_methods=True,
    ),
    _figure(
        "a length of time",
        rf"how many {_TIMES}\b",
        rf"(?<!within )(?<!at )(?<!after )(?<!by )(?<!before )(?<!aged )(?<!age of )(?<![<>≤≥\d.])(?<![<>≤≥=] )\b(?:\d[\d.,]*|{IN_WORDS})(?: (?:to|and|or|versus|vs\.?) (?:\d[\d.,]*|{IN_WORDS})|[-–]\d[\d.,]*)?"
        rf"(?:[- ]?{_TIMES}\b(?! (?:of age|old|or older|and older|or more of age))(?!-)| (?:and|versus|vs\.?) \d[\d.]* {_TIMES}\b)",
        is_of_methods=True,
        is_its_own=False,
    ),
    _figure(
        "a time",
        rf"how (?:long|soon|quickly|fast)\b(?!-)|{_WHAT} (?:duration|length|time|half-life|delay|interval|follow-up)\b",
        rf"(?<!aged )(?<!age )(?<!age of )(?<![<>≤≥\d.])(?<![<>≤≥=] )\b(?:\d[\d.,]*|{IN_WORDS})(?:[- ](?:to|and|or|versus|vs)[- ](?:\d[\d.,]*|{IN_WORDS}))?[- ]?{_TIMES}\b(?! (?:of age|old|or older|and older|or more of age))",
        is_of_methods=True,
        is_its_own=False,
    ),
    _figure(
        "a share or a rate",
        rf"prevalence of|incidence of|(?:prevalence|incidence)\W*$|(?:what|which) (?:percentage|proportion|fraction|share|percent)\b|how (?:high|great|large|big) (?:is|are|was) (?:the|a) |how (?:common|frequent|prevalent|rare|often|likely|frequently|commonly)\b|"
        rf"{_WHAT} (?:prevalence|incidence|rates?|(?:absolute|lifetime|annual) risk|chances?|likelihood|probability|frequency|percentage|proportion|survival|mortality|recurrence)\b(?! factors?| scores?)",
        rf"\d ?(?:%|percent\b|per cent\b)(?! (?:\w+ly )?{_RELATIVE})|\b(?:in|by) (?:only |just )?(?:\d+|{IN_WORDS}) (?:[\w-]+ )?{_COUNTED}\b(?! (?:who|with|in whom)\b)|\b(?:\d+|{IN_WORDS}) (?:of (?:them|these|those|whom) |{_COUNTED} )?(?:had|needed|required|developed|experienced|suffered)\b|"
        r"\b\d[\d,]* ?(?:of|out of|/|in) (?:the |these |all |our )?\d|\d/\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten) (?:in|of|out of) (?:the )?(?:\d|two|three|four|five|six|seven|eight|nine|ten|twenty)|"
        r"\bper (?:\d|hundred|thousand|million|patient|person|woman)|(?:0|1)\.\d+ (?:in|to|at|and)\b|\b(?:none|all) of\b|\bno (?:cases?|patients?|deaths?)\b|"
        rf"\b(?:(?:an?|one|two|three|four|the)[- ](?:\w+ )?{_PARTS}|half)(?: (?:of|the|all|had|were|did|needed|that)\b|[.;,)])|\b(?:\d+|{IN_WORDS}) (?:in|of|out of) every (?:\d|{IN_WORDS})",
        is_its_own=False,
    ),
    _figure(
        "a number of places",
        rf"how many (?:[\w-]+ )?{_PLACES}\b",
        rf"\b(?:\d[\d,]*|{IN_WORDS}) (?:[\w-]+ ){{0,3}}?{_PLACES}\b",
        is_of_methods=True,
    ),
    _figure(
        "a count",
        rf"how many (?!{_TIMES}\b)",
        rf"(?<![\w-])\d[\d,.]*(?![\d,.]|[ -]?(?:[mµμu]?g|mcg|kg|IU|m?l|mmol|{_TIMES})\b)|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|none|no) (?!of the (?:two|three)\b)|\b(?:an?|one|two|three)[- ](?:\w+ )?{_PARTS}\b|\bhalf (?:of|the)\b",
        is_its_own=False,
    ),
    _figure(
        "an amount",
        r"how much\b|by how much",
        rf"(?<![A-Za-z]-)(?<![A-Za-z])\d|\b(?:{IN_WORDS}|several|many)[- ]?fold\b|\b(?:doubl|halv|tripl|quadrupl)\w+",
        is_its_own=False,
    ),
)  # fmt: skip
STATISTICS = re.compile(
    r"\bp ?[<=>≤≥] ?[\d.]+|\b\d\d ?% ?(?:CI|CrI|confidence|credible)[^;)]*|\b(?:(?-i:[AaCc]?(?:HR|OR|RR))|(?:hazard|odds|risk|rate) ratio)s?\b[^;)]*",
    re.IGNORECASE,
)
"""Numbers that are on how sure a finding is, or on a ratio: "95% CI" is no share."""


_MORE_ACCURATE = re.compile(
    r"\b(?:more|less|as|equally) (?P<how>sensitive|specific|accurate)\b(?=.* at (?:an? )?(?:[\w-]+ ){0,3}[<>≥≤]?\d)",
    re.IGNORECASE,
)
"""Of two cut-offs of one test."""


def asked_figures(question: str) -> tuple[Figure, ...]:
    """The kinds of number that a question asks for, the most exact ones; one of them is enough. "Has the prevalence risen?" asks for none."""
    clause = asking(question)
    if how := _MORE_ACCURATE.search(clause):
        # "Is it less sensitive at 150 than at 10?" is answered by who gives the sensitivity.
        clause = f"how {how['how']}"
    elif ASKS_YES_OR_NO.match(clause):
        return ()
    found = tuple(one for one in FIGURES if one.asked.search(clause))
    exact = tuple(one for one in found if one.name not in ("an accuracy", "a count", "an amount"))
    return exact or found[:1]


def gives(sentence: str, asked: Sequence[Figure]) -> bool:
    """Whether a sentence gives a number of one of some kinds; true where none is asked for."""
    plain = STATISTICS.sub(" ", sentence)
    return not asked or any(one.said.search(sentence if one.is_ratio else plain) for one in asked)


_OF = re.compile(
    rf"\b(?:{_RATIO}|rates?|incidence|prevalence|risks?|chances?|probability|likelihood|frequency|percentage|proportion) (?:of|for) (?P<of>.+)",
    re.IGNORECASE,
)


def figure_of(question: str) -> str:
    """What a question asks the number of, "bleeding" of "what was the hazard ratio for bleeding after a switch?"; empty where it does not say."""
    clause = asking(question)
    if spent := _TIME_OF.search(clause):
        return until(spent["of"])
    if found := _OF.search(clause):
        return until(found["of"])
    found = _HOW_OFTEN.search(clause)
    if not found:
        return ""
    of = until(_SAID_OF.sub("", found["of"] or found["of_many"]))
    # Of many "risk factors" the last word says what is counted.
    return of if found["of"] else of.rpartition(" ")[2]


_TIME_OF = re.compile(
    rf"\bhow many {_TIMES} of (?P<of>.+?)\s(?:do|does|did|can|could|will|would)\b", re.IGNORECASE
)
"""Of "how many days of shock does it save?" the shock."""


_HOW_OFTEN = re.compile(
    rf"^\W*(?:in )?how (?:often|frequently|commonly) (?:is|are|was|were) (?:an? |the )?(?P<of>.+)|^\W*how many (?:of the )?(?!{_TIMES}\b|{_COUNTED}\b|of\b)(?P<of_many>.+)",
    re.IGNORECASE,
)
"""Of "how often was conversion needed?" the conversion, and of "how many infections were there?" the infections; of people it says nothing."""
_SAID_OF = re.compile(
    r"\s+(?:of|is|are|was|were|do|does|did|can|could|will|would|have|had|has|need(?:s|ed)?|seen|found|used|given|done|made|required|observed|reported|performed|occur\w*|happen\w*|there|develop\w*|[a-z]{3,}ed)\b.*",
    re.IGNORECASE,
)
"""What is said of that, after it."""


_MOST = r"most|least|fewest|highest|lowest|greatest|smallest|largest|biggest|best|worst|longest|shortest|more|fewer|less|higher|lower|better|worse|greater"
_RATE_OF = r"(?:(?:\w+ )?(?:rates?|risks?|incidence|prevalence|frequency|chances?|likelihood|probability|number|amount|proportion|percentage|share)s? (?:of|for) )?"
_ASKS_WHICH = r"^\W*(?:(?:at|with|in|on|after|among|for) )?(?:which|what|whom?)\b"
_HAS = (
    r"has|have|had|gives?|gave|shows?|showed|carr(?:y|ies|ied)|leads? to|led to|causes?|caused|brings?|brought|produces?|produced|results? in|resulted in|gets?|got|suffers?|suffered|develops?|developed|"
    r"achieves?|achieved"
)
_MOST_OF: Final = tuple(
    re.compile(one, re.IGNORECASE)
    for one in (
        rf"{_ASKS_WHICH}.*?\b(?:(?:{_HAS}) (?:the )?|(?!(?:is|are|was|were)\b)\w+ the )(?:{_MOST})\b {_RATE_OF}(?P<of>[^?]+)",
        rf"{_ASKS_WHICH}.*?\b(?:is|are|was|were) (?:the )?{_RATE_OF}(?P<of>(?!the\b).+?) (?:the )?(?:{_MOST})\b",
        rf"{_ASKS_WHICH}.*?\b(?:do|does|did) .*?\b(?:{_HAS}) (?:the )?(?:{_MOST})\b {_RATE_OF}(?P<of>[^?]+)",
        rf"{_ASKS_WHICH}.*?\b(?:{_HAS}) (?P<of>[\w' -]+?) (?:the )?(?:{_MOST})(?: (?:often|frequently|commonly))?\b",
        rf"{_ASKS_WHICH} .*?\b[a-z]+(?:s|ed) (?P<of>[\w-]+(?: [\w-]+)?) the (?:{_MOST})\W*$",
        rf"{_ASKS_WHICH} (?:[\w-]+ ){{0,4}}?(?!(?:is|are|was|were|do|does|did|works?|worked|benefits?|benefited|helps?|helped)\b)(?P<of>[\w-]{{4,}}) (?:the )?(?:most|least|more|less)(?: (?:often|frequently|commonly))?(?=\s*[,?]|\s*$)",
    )
)


def most_of(question: str) -> str:
    """Of what a question asks which thing has the most or the least, "bleeding" of "which dose has the lowest rate of bleeding?"; empty where it asks for none."""
    clause = asking(question)
    found = next((match for one in _MOST_OF if (match := one.search(clause))), None)
    if not found:
        return ""
    of = _ENDS_IN_RATE.sub("", until(found["of"]))
    return of.removeprefix("the ")


_ENDS_IN_RATE = re.compile(r" (?:rates?|risks?|incidence|prevalence|frequency)$", re.IGNORECASE)
