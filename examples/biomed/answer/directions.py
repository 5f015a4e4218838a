"""Which way something goes, in a question and in a sentence: up or down, better or worse. Without I/O.

Told only where it is said plainly; a sentence with two directions, or on those without what is asked to change something, has none here.
"""

from __future__ import annotations

import re
from typing import Literal, cast

from . import families
from .outcomes import Asked, is_of_outcome, names_exposure, names_outcome
from .significance import is_significant, ratio_goes

Direction = Literal["", "up", "down", "better", "worse"]
Against = Literal["", "as asked", "contrary", "unchanged"]
"""What a sentence says, held against what was asked; empty where it cannot be told."""

_WORDS: tuple[tuple[Direction, str], ...] = (
    ("up", r"increas\w*|rais\w*|rose|rises?|rising|higher|greater|more|elevat\w*|longer|prolong\w*|promot\w*|gain(?:s|ed)?|boost\w*|caus\w*|"
     r"accelerat\w*|enhanc\w*|induc\w*|trigger\w*|leads? to|led to|contribut\w*|risk factors?|"
     r"doubl(?:es?|ed|ing)\b(?!-)|tripled|trebled"),
    ("down", r"decreas\w*|reduc\w*|lower(?:s|ed|ing)?|fewer|less|declin\w*|fell|dropped|shorter|shorten\w*|prevent\w*|protect\w*|diminish\w*|"
     r"los(?:s|t|es|ing)|lessen\w*|halved|minimi[sz]\w*"),
    ("better", r"better|improv\w*|benefi\w*|superior|favou?rabl\w*"),
    ("worse", r"worse\w*|poorer|impair\w*|deteriorat\w*|inferior|aggravat\w*|exacerbat(?:es?|ed|ing)|unfavou?rabl\w*"),
)  # fmt: skip
_EACH = tuple((way, re.compile(rf"\b(?:{words})\b", re.IGNORECASE)) for way, words in _WORDS)
_TURNED = re.compile(r"\b(?:inverse(?:ly)?|negative(?:ly)?) (?:\w+ )?(?:associat|correlat|relat)\w*", re.IGNORECASE)  # fmt: skip
OPPOSITE: dict[str, Direction] = {
    "up": "down",
    "down": "up",
    "better": "worse",
    "worse": "better",
}
_WANTED = re.compile(
    r"\b(?:surviv\w*|quality of life|function\w*|recover\w*|remission|fertility|cure|adherence|pregnancy rates?|well-?being)\b",
    re.IGNORECASE,
)
_UNWANTED = re.compile(
    r"\b(?:mortality|deaths?|dying|die[ds]?|fatal\w*|pain|complication\w*|infection\w*|recurrence\w*|relapse\w*|depression|anxiety|stroke\w*|bleeding|"
    r"fractures?|falls|failure|morbidity|toxicity|cancer|pneumonia|sepsis|diabetes|asthma|dementia|obesity|preterm birth|insomnia|"
    r"arrest|\w*(?:itis|osis|oma|a?emia|pathy|algia|fibrillation))\b",
    re.IGNORECASE,
)
_UNCHANGED = re.compile(
    r"\b(?:no (?:\w+ ){0,2}(?:difference|effect|association|relation\w*|correlation|change|increase|decrease|reduction|improvement|influence|impact)s?|"
    r"(?:did|does|do|was|were|is|are) not|not (?:\w+ )?(?:associated|related|correlated|different|affected?|predict\w*)|unchanged|neither|similar|"
    r"failed to|independent of)\b",
    re.IGNORECASE,
)
_AS_COMMON = re.compile(
    r"(?<!twice )(?<!times )(?<!half )(?<!fold )(?<!not )\bas (?:common|frequent|often|likely|high|low|severe)\b(?! as \d)(?=.*\bas\b| in (?:both|each|either|all)\b)",
    re.IGNORECASE,
)
_THE_OTHERS = re.compile(
    r"\b(?:in|among|for|with|than)\b(?:(?!\bthan\b).)*\b(?:controls?|placebo|without|non-?\w+|untreated|usual care|never|no)\b(?=.*\bthan\b)",
    re.IGNORECASE,
)
"""Of "lower in controls than in users" the users have more."""
_LESS_OF_IT = re.compile(
    r"(?<!p)(?<!p )[<≤]\s?\d|"
    r"\b(?:low(?!-dose)|lower|less|little|few|fewer|lack of|absence of|without|no|non-?|short|shorter|delayed|late|stopping|avoiding|withdrawal of|reduc\w+|decreas\w+)"
    r"[ -](?:\w+[ -])?$",
    re.IGNORECASE,
)
"""What makes little of what is asked to change something, or compares it with itself."""
_DOSE = re.compile(r"\b(low|lower|high|higher|full|standard|regular)[- ]dose")
"""Of two doses each has its own way."""
_COMPARED_WITH = re.compile(
    r"\b(?:(?:when )?compared (?:with|to)|than|versus|vs\.?)\s[^,;()]*", re.IGNORECASE
)
"""What it is compared with: the sentence is on the other."""
_KIND = re.compile(
    r"\b(?:low|lower|high|higher|early|late|later|delayed|short|long|old|older|young|younger|less|more|intensive|reduced|increased|deficien\w*|lack|"
    r"without|poor|good|strict|small|large)\b",
    re.IGNORECASE,
)
"""Makes two of what is asked to change something: a sentence on early treatment says nothing straight of late treatment."""
_CLAUSE = re.compile(r"[;,:]\s|\b(?:but|while|whereas|although|however|and)\b", re.IGNORECASE)


_UNCHANGED_TOO = re.compile(
    r"\b(?:non-?inferior\w*|not inferior|(?:no|without|lack of|little or no|nor) (?:\w+ ){0,2}?(?:benefits?|evidence|differences?|reductions?|"
    r"increases?|improvements?|changes?|effects?|better|worse|higher|lower|more|less|longer|superior)|never|nor|\w+n['’]t|cannot|comparable|ineffective|"
    r"not (?:\w+ ){0,2}?(?:reduc|increas|improv|lower|rais|superior|effective|better|worse|prevent|higher|differ|chang)\w*|the same|"
    r"(?:was|were) \d[\d.]*\s?%?(?: \w+)? in both|\d+\s?% (?:of )?(?:\w+ ){0,3}in both (?:groups|arms)|un(?:affected|altered|influenced|related)|stable|equal(?:ly)?|equivalent|identical|none|as (?:often|frequent\w*|common\w*|effective\w*|well) as)\b",
    re.IGNORECASE,
)
_NO_WAY = re.compile(
    r"\ball[- ]cause\b|-induced\b|\bnot only\b|\bmore than (?=\d)|\bless than (?=\d)|\b(?:for|in) (?:the )?(?:prevention|reduction) of\b|\bone or more\b|"
    r"\b(?:those|who|that) (?:did|do|does|was|were|had|have) not\b|\b(?:leads?|led) to (?=(?:[\w-]+ ){0,4}?(?:changes?|effects?)\b)|"
    r"\b(?:leads?|led|contribut\w+|result\w*) (?:to|in) (?=(?:\w+ ){0,2}?(?:fewer|less|lower|more|higher|greater|better|worse|shorter|longer|reduc\w+|decreas\w+)\b)",
    re.IGNORECASE,
)
_BY_MUCH = re.compile(r"\b(?:more|less|greater|fewer)\b", re.IGNORECASE)
_HOW_OFTEN = re.compile(
    r"\b(?:(?P<more>more|less)(?: \w+ly)? (?:common|often|frequent|likely|prevalent|numerous)(?:ly)?|(?P<up>commoner|oftener)|(?P<down>rarer))\b",
    re.IGNORECASE,
)
"""What is said of how often tells the way, whatever it is that is raised or lowered: "raised enzymes were less common"."""
_MORE_THAN = re.compile(r"\b(?:more|less) than\b", re.IGNORECASE)
"""Of "delayed it more than B" the amount alone tells no way."""
_ADJECTIVE = re.compile(r"\b(?P<how>more|less) (?:effective|efficacious|potent|safe)\b|\bsafer\b", re.IGNORECASE)  # fmt: skip


def ways_of(clause: str) -> frozenset[str]:
    """Each way that a clause tells, ``unchanged`` alone where it says that nothing changed; up and down also as better and worse where it
    is known which. "Lowered more than" is down, "lowered less than" up.
    """
    clause = _NO_WAY.sub(" ", clause)
    if _UNCHANGED.search(clause) or _UNCHANGED_TOO.search(clause):
        return frozenset(("unchanged",))
    clause = _ADJECTIVE.sub(
        lambda m: "worse" if (m["how"] or "").lower() == "less" else "better", clause
    )
    often = list(_HOW_OFTEN.finditer(clause))
    amount = _BY_MUCH.sub(" ", clause)
    found: set[Direction] = {way for way, words in _EACH if words.search(amount)}
    if often:
        found = {
            "down" if one["down"] or (one["more"] or "").lower() == "less" else "up"
            for one in often
        }
    elif not found:
        rest = _MORE_THAN.sub(" ", clause)
        found = {way for way, words in _EACH if words.search(rest)}
    elif re.search(r"\bless\b[^,;]*\bthan\b", clause, re.IGNORECASE):
        found = {OPPOSITE[one] for one in found}
    if _TURNED.search(clause):
        found = {OPPOSITE[one] for one in found}
    wanted, unwanted = _WANTED.search(clause), _UNWANTED.search(clause)
    if len(found) == 1 and bool(wanted) != bool(unwanted) and (way := min(found)) in ("up", "down"):
        found.add("better" if (way == "up") == bool(wanted) else "worse")
    return frozenset(found)


def has_one_name(outcome: str) -> bool:
    """Whether every article calls it so: mortality, pain."""
    return bool(_WANTED.search(outcome) or _UNWANTED.search(outcome))


def asked_direction(question: str, asked: Asked) -> Direction:
    """Which way a question asks whether something goes: of "does asthma worsen sleep?" worse; empty where it does not say."""
    if not asked.ways or (not asked.exposures and _BETTER_THAN.search(question)):
        return ""
    rest = question.replace(asked.exposure, " ", 1) if asked.exposure else question
    rest = _BRINGS.sub(" ", _OR_LESS.sub(" ", rest))
    found = sorted(
        (match.start(), match[0].lower(), way)
        for way, words in _EACH
        for match in words.finditer(rest)
    )
    if not found:
        return ""
    if any(word == "less" for _, word, _ in found[1:]):
        # "Does A reduce pain less than B?" asks which does more of it.
        return ""
    return found[0][2]


_BETTER_THAN = re.compile(
    r"\b(?:better|worse|safer|superior|inferior|(?:more|less) (?:effective|efficacious|potent|safe|useful|accurate)) (?:than|to)\b",
    re.IGNORECASE,
)
"""Of "is A better than B?" neither A nor B goes anywhere."""
_OR_LESS = re.compile(
    r"\bor (?:less|more|fewer|lower|higher|greater|longer|shorter)\b|\b(?:less|more|fewer|lower|higher|greater) than (?=\d)",
    re.IGNORECASE,
)
"""Of how much is asked: of a dose, an age."""
_BRINGS = re.compile(
    r"\b(?:caus\w+|leads? to|result in|induce|trigger|promote) (?=(?:an? )?(?:\w+ly )?(?:less|fewer|lower|more|higher|greater|better|worse|poorer|longer|shorter|reduced|increased|decreased)\b)",
    re.IGNORECASE,
)
"""Of "does it cause less bleeding?" the less is asked."""
_COMPOSITE = re.compile(r"\bcomposite\b|\b(?:primary|secondary|combined) (?:\w+ )?(?:outcomes?|end ?-?points?)\b", re.IGNORECASE)  # fmt: skip


def _is_of_more(sentence: str, clause: str, question: str, asked: Asked) -> bool:
    """Whether what a clause tells is of more than what is asked about, or of a part of it: its direction is not that one's.

    A composite, "death or dialysis", deaths from one cause.
    """
    for one in families.asked(question, asked.outcome):
        if one.is_outcome and families.how(clause, one) in ("narrower", "wider"):
            return True
    if (composite := _COMPOSITE.search(sentence)) and not _COMPOSITE.search(asked.outcome):
        at = sentence.find(clause)
        inside = sentence[composite.start() :]
        if composite.start() <= at or names_outcome(inside, asked):
            return True
    return not _EITHER.search(clause) and any(
        names_outcome(one["left"], asked) != names_outcome(one["right"], asked)
        for one in _EITHER_OF.finditer(clause)
    )


_EITHER_OF = re.compile(r"(?P<left>(?:[\w-]+ ){1,3})or (?P<right>[\w-]+(?: [\w-]+){0,2})")
"""What stands on the two sides of "or", "death or acute kidney injury"; the odds ratio is in capitals."""
_EITHER = re.compile(r"\b(?:not|no|nor|neither|without|never)\b(?=.*(?-i:\bor\b))", re.IGNORECASE)
"""Of "it did not reduce pain or fever" each is denied."""


def told_against(sentence: str, question: str, asked: Asked, wanted: Direction = "") -> Against:
    """What a sentence says, held against what was asked, or against a way that is wanted instead."""
    wanted = wanted or asked_direction(question, asked)
    if not wanted or not names_exposure(sentence, asked):
        return ""
    if _THE_OTHERS.search(sentence) or len(set(_DOSE.findall(sentence.lower()))) > 1:
        return ""
    sentence = _COMPARED_WITH.sub(" ", sentence)
    kinds = {one.lower() for one in _KIND.findall(asked.exposure)}
    if not names_exposure(sentence, asked) or not kinds <= {
        one.lower() for one in _KIND.findall(sentence)
    }:
        return ""
    if _is_little(sentence, asked):
        return ""
    clauses = [one for one in _CLAUSE.split(sentence) if names_outcome(one, asked)]
    if len(clauses) != 1:
        return ""
    clause = clauses[0]
    if _is_of_more(sentence, clause, question, asked):
        return ""
    figures = _with_figures(sentence, clause)
    if (
        any(one.search(clause) for one in (_UNCHANGED, _AS_COMMON))
        or is_significant(figures) is False
    ):
        return "unchanged"
    ways = _ways_beside(_NO_WAY.sub(" ", _without_kinds(clause, kinds)), asked)
    if not ways and (by_ratio := ratio_goes(figures)):
        ways = {cast(Direction, by_ratio)}
    if len(ways) != 1:
        return ""
    told = ways.pop()
    if _TURNED.search(clause):
        told = OPPOSITE[told]
    asked_way, told_way = _valued(wanted, question, asked), _valued(told, clause, asked)
    if not asked_way or not told_way or {asked_way, told_way} in _NEVER_MEET:
        return ""
    return "as asked" if asked_way == told_way else "contrary"


def _ways_beside(clause: str, asked: Asked) -> set[Direction]:
    """The ways that a clause tells; the words of what is asked about, "reduced weight gain", only where there are no others."""
    found = [(way, match[0]) for way, words in _EACH for match in words.finditer(clause)]
    beside = {way for way, word in found if not is_of_outcome(word, asked)}
    return beside or {way for way, _ in found}


def _with_figures(sentence: str, clause: str) -> str:
    """A clause with the figures that stand behind it: "mortality rose, HR 1.05, 95% CI 0.93-1.18"; the next clause with a word of change has its own."""
    parts = _CLAUSE.split(sentence)
    at = parts.index(clause)
    own = [clause]
    for one in parts[at + 1 :]:
        if any(words.search(one) for _, words in _EACH) or _UNCHANGED.search(one):
            break
        own.append(one)
    return ", ".join(own)


def _is_little(sentence: str, asked: Asked) -> bool:
    """Whether a sentence tells of little of it: "a low intake of salt"."""
    if _LESS_OF_IT.search(sentence):
        return True
    words = re.split(r"(?<=[\s-])", sentence)
    return any(
        names_exposure(word, asked) and _LESS_OF_IT.search("".join(words[max(0, at - 3) : at]))
        for at, word in enumerate(words)
        if not asked.exposure or len(asked.exposure.split()) == 1
    )


_NEVER_MEET = ({"up", "better"}, {"up", "worse"}, {"down", "better"}, {"down", "worse"})
"""Whether more of it is better is not known."""


def _without_kinds(clause: str, kinds: set[str]) -> str:
    return re.sub(rf"\b(?:{'|'.join(kinds)})\b", " ", clause, flags=re.I) if kinds else clause


def _valued(way: Direction, text: str, asked: Asked) -> Direction:
    """Up and down as better and worse, where it is known which: a higher mortality is worse, a higher survival better."""
    if way not in ("up", "down"):
        return way
    good = is_good(text, asked)
    if good is None:
        good = is_good(asked.outcome, asked)
    if good is None:
        return way
    return "better" if (way == "up") == good else "worse"


def is_good(text: str, asked: Asked) -> bool | None:
    """Whether more of what is asked about, as a text calls it, is better; None where it is not known, or the text calls it both."""
    wanted, unwanted = (
        any(is_of_outcome(one[0], asked) for one in words.finditer(text))
        for words in (_WANTED, _UNWANTED)
    )
    return wanted if wanted != unwanted else None
