"""A question as its concepts are looked for in it: without numbers and amounts, with each name written out. Without I/O."""

from __future__ import annotations

import functools
import re

from ..terms.broad import GENERAL
from ..terms.everyday import EVERYDAY
from ..terms.find import find
from ..terms.names import is_action, singular, trees_of
from .amounts import IN_WORDS
from .compounds import hyphenated
from .contrasts import sides
from .coordination import completed
from .denied_verbs import without_contraction
from .gene_states import signs_in_words
from .identifiers import IDENTIFIERS
from .places import spelt_out
from .trial_people import KIN

_NEVER_DONE = re.compile(
    r"\b(?:no|without|(?:have |has |had )?(?:never|not) had)\s+(?:any |a )?(?:prior|previous|known|history of|past)\s+(?:"
    r"(?:[a-z]+ )?(?:surger(?:y|ies)|operations?|treatments?|therap(?:y|ies)|medications?|interventions?|hospitali[sz]ations?)"
    r"|(?:any |other |serious |severe |significant |chronic |relevant |major |underlying )*(?:diseases?|illness(?:es)?))\b(?!\s*(?:,|/|\bor\b|\bnor\b))",
    re.IGNORECASE,
)
"""What people have not had, in words too general to be left out of a search, and not to be asked for either."""
_AS_USUAL = re.compile(
    r"\b(?:(?:usual|standard|routine|conventional|current|normal) (?:medical |clinical )?care|standard of care|(?:care|treatment) as usual|"
    r"no (?:treatment|intervention)|sham(?: (?:treatment|procedure|intervention))?)\b",
    re.IGNORECASE,
)
"""What something is compared with, as with a placebo: no topic."""
_AMOUNTS = re.compile(
    r"\b\d+(?:[.,]\d+)?\s*(?:mg|mcg|[µμ]g|ng|pg|g|kg|ml|mL|IU|units?|cm|mm|mmol|[µμ]mol|nmol|pmol|mEq|mmHg)\b(?:/(?:d(?:ay)?|kg|h(?:r|our)?|week|month|dose|min(?:ute)?|dL|L|ml|(?:1\.73 ?)?m(?:2|²))(?!\w))*|\b\d+(?:[.,]\d+)?\s*%"
    rf"|\b(?:\d+|{'|'.join(IN_WORDS)})[- ](?:day|week|month|year|hour|minute)s?\b(?![- ](?:old|of age))",
    re.IGNORECASE,
)
"""How much, and how long: of "90-day mortality" and "6-minute walk test" what stands after it is asked about."""
_PARTICLES = re.compile(r"\bPM[ -]?(?:2[.·]5|10)\b(?! (?:am|pm)\b)")
_OFTEN = re.compile(
    rf"\b(?:(?P<times>once|twice)|thrice|(?:\d+|{'|'.join(IN_WORDS)}) times)(?: or (?:once|twice|thrice|more))? (?:an?|per|each|every) (?P<unit>hour|day|night|week|month|year)\b",
    re.IGNORECASE,
)
_ADVERBS = {"day": "daily", "week": "weekly", "month": "monthly"}
_TAKEN_IN = re.compile(
    r"\b(?P<how>eat(?:ing|s)?|drink(?:ing|s)?|consum(?:e|es|ing)|ingest(?:ing|s)?|smok(?:e|es|ing)) (?=[a-z])",
    re.IGNORECASE,
)
_VITAMIN = re.compile(r"\bvit\.?[ -]?(?=[A-EK]\d{0,2}\b)", re.IGNORECASE)
_COMPASS = re.compile(r"\b(north|south)[- ](east|west)(?=(?:ern)?\b)", re.IGNORECASE)
_NO_SMOKERS = re.compile(
    r"\b(?:(?:non|never|not)[- ]?smok(?:ers?|ing)|(?:people|patients|adults|men|women|those|persons) who (?:do not|don['’]?t|never|have never|"
    r"did not) smoked?|(?:have |had )?never smoked)\b",
    re.IGNORECASE,
)
_HEAD_TO_HEAD = re.compile(
    r"\bhead[- ]to[- ]head\b(?: (?:(?:randomi[sz]ed|clinical|controlled) )*(?:trials?|stud(?:y|ies)|comparisons?|data|evidence)\b)?",
    re.IGNORECASE,
)
"""No heads: a comparison."""
_RUN = re.compile(
    r"\b(?:runs?|running)\s+(?=(?:(?:the|a|any|these|new|clinical|large|randomi[sz]ed|controlled|phase \d) )*(?:trials?|stud(?:y|ies)|;))"
    r"|(?:(?<=trials )|(?<=; )|(?<=;  ))(?:(?:are|now|currently|still) )*running\b(?=\W*$| (?:in|at) (?:the )?(?-i:[A-Z])| now\b| currently\b)",
    re.IGNORECASE,
)
"""What is done with a trial is no exercise."""
_INITIAL = re.compile(r"\b([A-Z])\.\s?(?=[a-z]{4})")
"""``H. pylori``"""
_NAIVE_TO = re.compile(r"\b(?:naive|naïve) (?:to|for) (\w+)", re.IGNORECASE)
_NEVER_TAKEN = re.compile(
    r"\b(?:(?:who|that|and|but) )?(?:(?:have|has|had|are|is|were|was|being) )?(?:never|not (?:yet|previously|before))(?: (?:yet|been|before|previously))* "
    r"(?:(treated|medicated) with|exposed to|taken|taking|received|had|used|tried|given|prescribed|on) (?:any )?([a-z][\w-]{3,})\b(?! \w+s\b)",
    re.IGNORECASE,
)
_NEVER_TREATED = re.compile(
    r"\b(?:never(?: (?:yet|been|before|previously))*|not (?:yet|previously)(?: been)?) treated\b(?! (?:with|by|for|in|at|on)\b)",
    re.IGNORECASE,
)
_CONTRACTED = re.compile(
    r"\b(?:(?P<can>can)|(?P<will>wo)n|(?P<verb>do|does|did|is|are|was|were|has|have|had|could|should|would|must|need)n)['’]t\b",
    re.IGNORECASE,
)
_MINE = re.compile(
    rf"\b(?:my|our|your|his|her)(?: (?:elderly|old|older|young|younger|little|late))? (?:{KIN})(?:['’]s)?\b",
    re.IGNORECASE,
)
"""Whoever asks for them: no topic."""
_DRIVE = re.compile(
    r"\b((?:can|could|may|should|able to|allowed to) (?:(?!the\b)\w+ ){0,3}?)drive\b(?! (?:the|down|up|out)\b)",
    re.IGNORECASE,
)
_HINDERED = re.compile(
    r"\bstops?(?= (?:[\w-]+ ){1,4}?(?:spreading|happening|returning|recurring|developing|growing|coming back)\b)",
    re.IGNORECASE,
)
""" "Stop flu spreading" is no end of a treatment."""
_SPREAD = re.compile(
    r"(?P<what>\b(?:cancers?|carcinomas?|melanomas?|tumou?rs?|sarcomas?|lymphomas?|it)) (?:(?:that|which) )?(?:has|have|had) (?:already )?spread\b(?: to)?",
    re.IGNORECASE,
)
_NOT_ONLY = re.compile(r"\bnot (?:only|just|merely|simply|solely)\b", re.IGNORECASE)
"""Leaves nothing out, and of "not only children" none is an only child."""
_NON_NAMED = re.compile(r"\bnon-?([a-z]{4,})\b", re.IGNORECASE)


@functools.lru_cache(maxsize=64)
def prepared(question: str) -> str:
    """The question as concepts are looked for in it: without identifiers, with each name written out."""
    text = _NEVER_DONE.sub(" ; ", IDENTIFIERS.sub(" ; ", without_contraction(question)))
    text = _DRIVE.sub(r"\1drive a car", _HINDERED.sub("prevent", text))
    text = _SPREAD.sub(r"\g<what> metastatic", text)
    text = hyphenated(_NOT_ONLY.sub(" ", _in_full(_MINE.sub("someone", text))))
    text = _without_amounts(_AS_USUAL.sub(" ; ", _COMPASS.sub(r"\1\2", text)))
    text = _without_how_often(_without_taking(signs_in_words(text)))
    text = spelt_out(_RUN.sub("", _HEAD_TO_HEAD.sub("compared", text)))
    text = _PARTICLES.sub("particulate matter", text)
    text = _VITAMIN.sub("vitamin ", text)
    text = _NO_SMOKERS.sub("non-smokers", _INITIAL.sub(r"\1 ", text))
    text = _NAIVE_TO.sub(r"\1-naive", _NEVER_TAKEN.sub(_naive, text))
    text = _NEVER_TREATED.sub("treatment-naive", text)
    return completed(_NON_NAMED.sub(_apart, text))


def _in_full(text: str) -> str:
    """``who don't`` as "who do not", ``can't`` as "cannot"."""

    def full(match: re.Match[str]) -> str:
        return f"{match['can']}not" if match["can"] else f"{match['verb'] or 'will'} not"

    return _CONTRACTED.sub(full, text)


def _without_amounts(text: str) -> str:
    """The text without how much and how long: but for amounts that are compared."""
    asked = [(one.start, one.end) for one in sides(text)]
    for match in reversed([*_AMOUNTS.finditer(text)]):
        if not any(start < match.end() and match.start() < end for start, end in asked):
            text = f"{text[: match.start()]} {text[match.end() :]}"
    return text


def _without_how_often(text: str) -> str:
    """The text without "three times a week"; "twice a day", where that is compared, as "twice daily"."""
    for match in reversed([*_OFTEN.finditer(text)]):
        before, after = text[: match.start()], text[match.end() :]
        adverb = _ADVERBS.get(match["unit"].lower())
        short = f"{before}{match['times']} {adverb}{after}" if match["times"] and adverb else ""
        is_side = any(one.start <= match.start() < one.end for one in sides(short))
        text = short if is_side else f"{before}{after}"
    return text


def _without_taking(text: str) -> str:
    """The text without "eating" before what is eaten: who asks of eating fish asks of fish. "Drinking water" and "smoking tobacco" are called so."""
    for match in reversed([*_TAKEN_IN.finditer(text)]):
        names = find(text)
        if any(
            one.start <= match.start() < one.end and one.end > match.end("how") for one in names
        ):
            continue
        taken = next((one for one in names if one.start == match.end()), None)
        if taken is not None and _is_taken_in(taken.heading):
            text = f"{text[: match.start()]}{text[match.end() :]}"
    return text


def _is_taken_in(heading: str) -> bool:
    """Whether a heading is food, drink, a plant, an animal or a substance."""
    return any(tree.startswith(("B", "D", "J02")) for tree in trees_of(heading))


def _naive(match: re.Match[str]) -> str:
    """``never treated with stimulants`` as "stimulant-naive": of them, not of those who take others. Only of medicines."""
    treated, written = match.groups()
    name = next((one for one in find(match.string) if one.start <= match.start(2) < one.end), None)
    if name is None:
        is_taken = bool(treated) and not {written.lower(), singular(written.lower())} & (
            EVERYDAY | GENERAL
        )
    else:
        is_whole = (name.start, name.end) == match.span(2)
        is_taken = is_whole and (name.kind == "drug" or _is_medicine(name.heading))
    return f"{singular(written)}-naive" if is_taken else match[0]


def _is_medicine(heading: str) -> bool:
    """Whether a heading is a class of medicines: by what they do, or made of what is alive."""
    return is_action(heading) or any(tree.startswith("D20.215") for tree in trees_of(heading))


def _apart(match: re.Match[str]) -> str:
    """``nondiabetic`` as "non diabetic", where that is not a name, and the rest is one."""
    known = find(match[1])
    is_name = any(len(one.text) == len(match[0]) for one in find(match[0]))
    return f"non {match[1]}" if known and known[0].text == match[1] and not is_name else match[0]
