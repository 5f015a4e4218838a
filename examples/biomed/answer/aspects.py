"""Which side of a thing a question asks for: harms, a dose, how common it is, a cost. Without I/O.

A finding on another side of it, however sure, is no answer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from ..queries.concept import Concept
from ..records import Record
from ..sentences import sentences
from ..words import stem, words_of
from .question_parts import HARMS_THEM, until
from .ways import all_words, forms_of, has, others, telling


class Aspect(NamedTuple):
    """One side of a thing."""

    name: str
    """As an answer calls it: ``side effects``."""
    asked: re.Pattern[str]
    said: re.Pattern[str]
    """What a sentence that tells of it has."""


def _aspect(name: str, asked: str, said: str) -> Aspect:
    return Aspect(
        name,
        re.compile(rf"\b(?:{asked})\b", re.IGNORECASE),
        re.compile(rf"(?<!\w)(?:{said})(?!\w)", re.IGNORECASE),
    )


_ADVERSE = (
    r"adverse\w*|side[- ]effects?|toxic\w*|toler\w+|intoler\w+|harm\w*|unsafe|safe\w*|complicat\w+|discontinu\w+|withdr[ae]w\w*|hypersensitiv\w+|"
    r"hypotens\w+|hypoglyc\w+|birth defects?|malformations?|teratogen\w+|bleed\w*|h(?:a)?emorrhag\w*|nausea|vomiting|(?:nerve|duct|vascular|iatrogenic|thermal|bowel|ureter\w*|organ|kidney|liver) injur\w+|perforat\w+|uneventful\w*|well tolerated|side-?effects?|overdos\w+"
)
_WORSE = r"mortality|morbidit\w+|deaths?|died|surviv\w+|infect\w+|(?:treatment |graft |implant )failures?|failed|recurren\w+|dislocat\w+|leak\w*|re-?operat\w+|readmi\w+|(?:no|low|lower|small|higher|increased|greater|added) risks?|without (?:any )?(?:incident|problems?)"

ASPECTS: Final = (
    _aspect(
        "side effects",
        r"side[- ]effects?|adverse (?:events?|effects?|reactions?|drug reactions?)|toxicit(?:y|ies)|how (?:\w+ )?toxic|tolerability|tolerated|harms",
        _ADVERSE,
    ),
    _aspect(
        "safety",
        rf"safe|safer|safely|safety|unsafe|harmful|dangerous|contra-?indicated|{HARMS_THEM}",
        f"{_ADVERSE}|{_WORSE}",
    ),
    _aspect(
        "risks",
        r"(?:what|which|any|are there|the) (?:are|were)?(?: the)?(?: \w+)? ?(?:risks|dangers|hazards|downsides) (?:of|with|from|to)|(?<![\w ] )(?:risks|dangers|hazards) of",
        rf"{_ADVERSE}|{_WORSE}|caus(?:es|ed|ing)|more (?:common|frequent|often|likely)\w*|(?:higher|increased|greater|excess|elevated) (?:\w+ )?(?:risk|rate|incidence|odds)s?|"
        r"associated with (?!(?:an? )?(?:\w+ )?(?:lower|reduc|decreas|improv|less|fewer|better))\w+",
    ),
    _aspect("complications", r"complications?", f"{_ADVERSE}|{_WORSE}"),
    _aspect(
        "a dose",
        r"(?:what|which|best|right|optimal|recommended|maximum|starting|correct|appropriate|and the) (?:dose|dosage|dosing)s?|dose of .{3,40} (?:for|in)|(?:and|about) (?:dose|dosage|dosing)|"
        r"dosage|dosing|how (?:much|many) .{2,40} (?:should|to take|per day|a day|daily)",
        r"dos(?:e|es|age|ages|ed|ing)|\d[\d.,]* ?(?:mg|g|mcg|µg|μg|ug|iu|units?|ml|gy)(?:/\w+)*|titrat\w+",
    ),
    _aspect(
        "dependence on the dose",
        r"dos(?:e|age)[- ](?:depend\w+|respons\w*|relat\w+)|depend\w* (?:\w+ )?on (?:the |its )?dos(?:e|age)",
        r"dos(?:e|age)s?[- ](?:depend\w+|respons\w*|relat\w+)|(?:high|larg|great|low|small)(?:er|est)?[- ]dos(?:e|age)s?|(?:each|every|increasing|all|both|either|any|two|three|per|of|by|with) (?:\w+ )?(?:dos(?:e|age)s?|increments?)|"
        r"(?:(?:more|less|greater|fewer|lower|higher) than|at least|[<>≤≥]) ?\d[\d.,]* ?(?:mg|g|mcg|µg|μg|ug|iu|units?|ml|gy|cups?|drinks?)(?:/\w+)*|per \d*[\d.,]* ?(?:mg|g|mcg|µg|μg|iu|gy)(?:/\w+)*",
    ),
    _aspect(
        "how common it is",
        r"prevalence|incidence|how (?:common|frequent|prevalent|rare) (?:is|are)|how many (?:people|patients|children|women|men|adults) (?:have|get|suffer|develop)",
        r"prevalen\w+|inciden\w+|frequen\w+|common\w*|rare\w*|percent\w*|proportions?|[\d.,]*\d ?%|rates?|per (?:1,?000|10,?000|100,?000|million|year)|occur\w*|cases",
    ),
    _aspect(
        "costs",
        r"costs?|cost-?effective(?:ness)?|expensive|price|affordable|cheap(?:er)?|economical",
        r"costs?|costl\w+|cost-?effective\w*|cost-?sav\w+|expens\w+|prices?|charges?|sav(?:ed|ings?)|econom\w+|financ\w+|qalys?|[$€£¥] ?\d[\d.,]*|(?:usd|eur|dollars|euros|pounds)|spending|reimburs\w+|afford\w*|cheap\w*",
    ),
    _aspect(
        "how it works",
        r"mechanisms?(?: of action)?|mode of action|how (?:does|do) (?!.*\b(?:affect|influence|compare|change)\b).{2,60}\bwork|pathophysiology|pathogenesis",
        r"mechanis\w+|mediat\w+|pathways?|receptors?|agonis\w+|antagonis\w+|inhibit\w*|block(?:s|ed|ing|ade)?|activat\w+|express\w+|signal\w+|bind\w*|via|secret\w+|synthes\w+|metaboli\w+|"
        r"induc\w+|stimulat\w+|suppress\w*|releas\w+|enzym\w+|uptake",
    ),
    _aspect(
        "quality of life",
        r"quality of life|qol|hrqol|well-?being",
        r"quality[- ]of[- ]life|life quality|qol|hrql|hrqol|well-?being|sf-?(?:12|36)\w*|eq-?5d\w*|kccq\S*|symptoms?|functional status",
    ),
    _aspect(
        "mortality",
        r"mortality|deaths?|die|dying|lethal|fatal|survival|survive|life expectancy",
        r"mortality|deaths?|die[ds]?|dying|lethal\w*|fatal\w*|surviv\w+|life expectancy|alive",
    ),
    _aspect(
        "interactions",
        r"interact(?:s|ions?)?(?: with| between)?",
        r"interact\w*|co-?administ\w+|concomitant\w*|concurrent\w*|simultaneous\w*|co-?prescri\w+|co-?medicat\w+|co-?treat\w+|combin\w+|together|concentrations?|plasma levels?|exposure|auc\w*|modif(?:y|ies|ied|ication)",
    ),
    _aspect(
        "adherence",
        r"adherence|adherent|adhere|non-?adherence|(?:forgets?|skips?|skipping) (?:to take|taking|(?:some of )?(?:their|his|her|its|my|our|the|any|a|doses?|pills?|tablets?|medicines?|medications?|injections?)(?! (?:names?|words?|things?|past|meals?|visits?|appointments?|breakfast))\b)|miss(?:es|ing)? (?:\w+ ){0,2}(?:doses?|pills?|tablets?|injections?|medicines?|medications?)|"
        r"tak(?:e|es|ing) (?:[\w-]+ ){1,4}?(?:reliably|unreliably|regularly|irregularly|faithfully|consistently|properly|correctly|poorly|every day|as (?:prescribed|directed|told|they should))|(?:do|does|did)(?:n['’]t| not) (?:actually )?take (?:them|it|their|all|the)",
        r"adher\w+|non-?adher\w+|complian\w+|persisten\w+|discontinu\w+|missed",
    ),
    _aspect(
        "a diagnosis",
        r"how (?:is|are|do you|to) .{2,50} diagnosed?|diagnostic (?:accuracy|value|yield)|sensitivity and specificity|accuracy of",
        r"diagnos\w+|sensitiv\w+|specific\w+|accura\w+|detect\w+|predictive|auc|roc|yield\w*|identif\w+|distinguish\w*|kappa|agree\w*|correlat\w+|differentiat\w+",
    ),
)  # fmt: skip


def tells(side: Aspect, text: str, about: Sequence[Concept]) -> bool:
    """Whether a text tells of a side; a word that names what the question is on, "injury" of an injury, does not; what an inhibitor inhibits does."""
    own = {
        stem(word)
        for one in about
        if not side.asked.search(one["text"])
        for word in words_of(one["text"])
    }
    said = ({stem(word) for word in words_of(one[0])} for one in side.said.finditer(text))
    return any(not words or not words <= own for words in said)


_HOW = re.compile(r"mechanis\w+|pathways?|express\w+|via|receptors?", re.IGNORECASE)


def itself_first(told: Sequence[str], side: Aspect) -> list[str]:
    """Sentences in their order, but of how something works those that say what it does before those that speak of mechanisms alone."""
    if side.name != "how it works":
        return list(told)
    return sorted(told, key=lambda one: side.said.search(_HOW.sub(" ", one)) is None)


def asked_aspects(text: str) -> tuple[Aspect, ...]:
    """The sides that a question asks for; each has to be told of."""
    found = [one for one in ASPECTS if one.asked.search(text)]
    names = {one.name for one in found}
    # "Is it safe, and what side effects has it?" asks for one thing.
    return tuple(one for one in found if not (one.name == "safety" and "side effects" in names))


_OF = re.compile(
    r"\b(?:prevalence|incidence)(?: rates?)? of (?:the )?(?P<a>.+)|\bhow (?:common|frequent|prevalent|rare) (?:is|are) (?P<b>.+)",
    re.IGNORECASE,
)


def counted(record: Record, text: str, question: str, about: Sequence[Concept]) -> bool:
    """Whether a sentence of a record counts what a question asks the prevalence of; true where it asks for none.

    It names that, or the record comes back to it.
    """
    asked = _OF.search(question)
    if asked is None:
        return True
    what = until(asked["a"] or asked["b"])
    own = tuple(map(forms_of, telling(what)))
    ways = [one for one in (own, *others(what, about)) if one]
    named = [
        any(has(all_words(one), way) for way in ways)
        for one in (text, *sentences(record.get("text", "")))
    ]
    return not ways or named[0] or sum(named[1:]) > 1


def dwells_on(record: Record, side: Aspect) -> bool:
    """Whether a record comes back to a side of what it is on."""
    return sum(side.said.search(one) is not None for one in sentences(record.get("text", ""))) > 1
