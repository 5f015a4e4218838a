"""A harm that a question asks for, "does it cause a rash?": what names it in a text, and that it is said first where nothing quoted does. Without I/O.

A benefit that is quoted to who asks for a harm reads as if the harm had been looked for and not been seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ..markdown import escape
from ..queries.concept import Concept
from ..terms.english import is_english
from .directions import asked_direction, is_good
from .families import Named, names_any
from .findings import finding
from .outcomes import Asked, names_outcome
from .ways import all_words

_CAUSES = re.compile(
    r"\b(?:causes?|leads? to|results? in|induces?|triggers?|contributes? to|provokes?|precipitates?|harms?|worsens?|impairs?|aggravates?|exacerbates?|"
    r"risks? (?:of|for))\b",
    re.IGNORECASE,
)
_RISK_OF = re.compile(
    r"^(?:(?:the|an?|any|more|higher|increased) )*(?:(?:risks?|rates?|incidence|odds|chances?|likelihood|development|onset|occurrence) of )+",
    re.IGNORECASE,
)
_COMPOUND = re.compile(
    r"(?:psycho|neuro|cardio|cerebro|gastro|hepato|nephro|musculo|senso|osteo|broncho|thrombo|dermato|myo|angio)(\w{5,})"
)
"""Words of two parts, of which the second names a part of what both do: of "psychomotor" the motor."""


def asked_harm(question: str, asked: Asked, about: Sequence[Concept]) -> str:
    """The harm that a question asks for, as it has it: of "does it raise the risk of falls?" the falls; empty where it asks for none.

    Args:
        question: As it was asked.
        asked: What it asks about.
        about: Its concepts: more of a disease is a harm, more of anything else may be none.
    """
    way = asked_direction(question, asked)
    good = is_good(asked.outcome, asked)
    if not asked.ways or not asked.exposures or way not in ("up", "worse"):
        return ""
    is_disease = any(
        one["kind"] == "condition" and one["text"].lower() in asked.outcome.lower() for one in about
    )
    is_harm = good is False or is_disease or _CAUSES.search(question) is not None
    if not is_harm or (way == "up" and good):
        return ""
    return _RISK_OF.sub("", asked.outcome)


_HAD_BEFORE = re.compile(
    r"\b(?:baseline|ha(?:d|s|ve) had|history of|previous(?:ly)?|prior|before|pre-?existing|at (?:admission|entry|enrol+ment|inclusion|presentation))\b",
    re.IGNORECASE,
)
_WITH_IT = re.compile(r"\b(?:with|who (?:have|had|has))\b[^,;:]*", re.IGNORECASE)


def counts_harmed(text: str, asked: Asked) -> bool:
    """Whether a sentence tells how many came to have the harm: not who had it before, nor of those with it something else."""
    left = _WITH_IT.sub(" ", text)
    return finding(text) > 0 and _HAD_BEFORE.search(text) is None and names_outcome(left, asked)


def names_harm(text: str, asked: Asked) -> bool:
    """Whether a text names the harm that is asked for, a part of a compound word counts: "motor" of "psychomotor"."""
    if names_outcome(text, asked):
        return True
    words = all_words(text)
    parts = {
        part
        for word in all_words(asked.outcome)
        for compound in [_COMPOUND.fullmatch(word)]
        if compound and is_english(part := compound[1])
    }
    return bool(parts & words)


_SHARE = r"(\d+(?:\.\d+)?) ?%"
_SHARES = re.compile(
    rf"(?P<what>^.{{3,}}?)\b(?:occurred|(?:was|were) (?:reported|seen|observed|noted|found|recorded|present)|developed|appeared|arose|(?:was|were)|affected)\b[^.;%]{{0,40}}?"
    rf"{_SHARE}(?P<one>[^%;]{{0,70}}?)(?:\band|\bvs\.?|\bversus|\bcompared (?:with|to)|\bagainst)\b[^%;]{{0,40}}?{_SHARE}(?P<two>.*)",
    re.IGNORECASE,
)
"""What was seen in two shares."""
_UNTREATED = re.compile(
    r"\b(?:placebo|controls?|vehicle|sham|usual care|no treatment|untreated|those who did not|without)\b",
    re.IGNORECASE,
)
_MORE_OFTEN = re.compile(
    r"(?P<what>^.{3,}?)\b(?:was|were|is|are|occurred) (?:\w+ly )?more (?:common|frequent|often|likely|prevalent)(?:ly)?\b(?!.*\b(?:in|with|on) (?:the )?(?:placebo|controls?|vehicle|sham)\b)",
    re.IGNORECASE,
)
_WELCOME = re.compile(
    r"\b(?:respon\w+|remission|cur(?:e|ed|es)|improv\w+|success\w*|resol\w+|clear\w*|abstin\w+|surviv\w+|recover\w*|heal(?:ed|ing)|pregnanc\w+|births?|\w*free|control(?:led)?|"
    r"achiev\w+|relie[fv]\w*|seroconver\w+|complet\w+|discharge\w*|suppress\w+|adheren\w+|satisf\w+|quit\w*|cessation|protect\w*|benefit\w*|loss of weight|weight loss|immun\w+|return\w*|"
    r"targets?|goals?|efficacy|sensitivity|specificity|accuracy|values?)\b",
    re.IGNORECASE,
)
"""What is hoped for: more of it is no harm."""


def tells_of_more(text: str) -> bool:
    """Whether a text tells that something nobody hopes for was seen more often with a treatment: "oedema occurred in 24% with it and 2% with placebo"."""
    often = _MORE_OFTEN.search(text)
    if often and not _WELCOME.search(often["what"]):
        return True
    found = _SHARES.search(text)
    if found is None or _WELCOME.search(found["what"]):
        return False
    first, second = float(found[2]), float(found[4])
    if _UNTREATED.search(found["one"]):
        first, second = second, first
    return first > second


def told_of_no_harm(
    quoted: Iterable[str], read: Iterable[str], harm: str, asked: Asked, named: Sequence[Named]
) -> tuple[str, list[str]]:
    """What to know first where no quoted sentence is on the harm that is asked for, as Markdown, and that harm; empty where one is.

    Args:
        quoted: The sentences, as they are read for what they name.
        read: Each source's whole text, likewise, quoted or not.
        harm: See :func:`asked_harm`.
        asked: What the question asks about.
        named: The outcomes that it names and that go by other names too.
    """
    quoted = list(quoted)
    if not harm or not quoted:
        return "", []
    if any(names_harm(one, asked) or names_any(one, named) for one in quoted):
        return "", []
    is_named = any(names_harm(one, asked) for one in read)
    lacking = "states a finding on" if is_named else "speaks of"
    return (
        f"**None of the sources {lacking} {escape(harm)}.** What is quoted is what they found otherwise.",
        [harm],
    )
