"""Which way something goes, in a question and in a sentence: up or down, better or worse. Without I/O.

Told only where it is said plainly; a sentence with two directions, or on those without what is asked to change something, has none here.
"""

from __future__ import annotations

import re
from typing import Literal

from .outcomes import Asked, is_of_outcome

Direction = Literal["", "up", "down", "better", "worse"]
_WORDS: tuple[tuple[Direction, str], ...] = (
    ("up", r"increas\w*|rais\w*|rose|rises?|rising|higher|greater|more|elevat\w*|longer|prolong\w*|promot\w*|gain(?:s|ed)?|boost\w*|caus\w*|"
     r"accelerat\w*|enhanc\w*|induc\w*|trigger\w*|leads? to|led to|contribut\w*|risk factors?|"
     r"doubl(?:es?|ed|ing)\b(?!-)|tripled|trebled"),
    ("down", r"decreas\w*|reduc\w*|lower(?:s|ed|ing)?|fewer|less|declin\w*|fell|dropped|shorter|shorten\w*|prevent\w*|protect\w*|diminish\w*|"
     r"los(?:s|t|es|ing)|lessen\w*|halv(?:es?|ed|ing)|curb(?:s|ed|ing)?|cut(?:s|ting)?(?![- ](?:off|points?|out)s?\b)|minimi[sz]\w*"),
    ("better", r"better|improv\w*|benefi\w*|superior|favou?rabl\w*"),
    ("worse", r"worse\w*|poorer|impair\w*|deteriorat\w*|inferior|aggravat\w*|exacerbat(?:es?|ed|ing)|unfavou?rabl\w*"),
)  # fmt: skip
EACH = tuple((way, re.compile(rf"\b(?:{words})\b", re.IGNORECASE)) for way, words in _WORDS)
TURNED = re.compile(r"\b(?:inverse(?:ly)?|negative(?:ly)?) (?:\w+ )?(?:associat|correlat|relat)\w*", re.IGNORECASE)  # fmt: skip
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
UNCHANGED = re.compile(
    r"\b(?:no (?:\w+ ){0,2}(?:difference|effect|association|relation\w*|correlation|change|increase|decrease|reduction|improvement|influence|impact)s?|"
    r"(?:did|does|do|was|were|is|are) not|not (?:\w+ )?(?:associated|related|correlated|different|affected?|predict\w*)|unchanged|neither|similar|"
    r"failed to|independent of)\b",
    re.IGNORECASE,
)
UNCHANGED_TOO = re.compile(
    r"\b(?:non-?inferior\w*|not inferior|(?:no|without|lack of|little or no|nor) (?:\w+ ){0,2}?(?:benefits?|evidence|differences?|reductions?|"
    r"increases?|improvements?|changes?|effects?|better|worse|higher|lower|more|less|longer|superior)|never|nor|\w+n['’]t|cannot|comparable|ineffective|"
    r"not (?:\w+ ){0,2}?(?:reduc|increas|improv|lower|rais|superior|effective|better|worse|prevent|higher|differ|chang)\w*|the same|"
    r"(?:was|were) \d[\d.]*\s?%?(?: \w+)? in both|\d+\s?% (?:of )?(?:\w+ ){0,3}in both (?:groups|arms)|un(?:affected|altered|influenced|related)|stable(?=\W*$|[.,;)]| (?:in|over|at|during|with|after|between|throughout|for|and|but)\b)|equal(?:ly)?|equivalent|identical|none|as (?:often|frequent\w*|common\w*|effective\w*|well) as)\b",
    re.IGNORECASE,
)
NO_WAY = re.compile(
    r"\ball[- ]cause\b|\b(?:from|of|for|by) (?:[\w-]+ ){0,3}causes?\b|\b(?:any|other|major|main|leading|common|cardiovascular) causes?\b|\bcauses of (?:death|mortality)\b|-induced\b|\bnot only\b|\bmore than (?=\d)|\bless than (?=\d)|\b(?:for|in) (?:the )?(?:prevention|reduction) of\b|\bone or more\b|"
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
    clause = NO_WAY.sub(" ", clause)
    if UNCHANGED.search(clause) or UNCHANGED_TOO.search(clause):
        return frozenset(("unchanged",))
    clause = _ADJECTIVE.sub(
        lambda m: "worse" if (m["how"] or "").lower() == "less" else "better", clause
    )
    often = list(_HOW_OFTEN.finditer(clause))
    amount = _BY_MUCH.sub(" ", clause)
    found: set[Direction] = {way for way, words in EACH if words.search(amount)}
    if often:
        found = {
            "down" if one["down"] or (one["more"] or "").lower() == "less" else "up"
            for one in often
        }
    elif not found:
        rest = _MORE_THAN.sub(" ", clause)
        found = {way for way, words in EACH if words.search(rest)}
    elif re.search(r"\bless\b[^,;]*\bthan\b", clause, re.IGNORECASE):
        found = {OPPOSITE[one] for one in found}
    if TURNED.search(clause):
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
        for way, words in EACH
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


def is_good(text: str, asked: Asked) -> bool | None:
    """Whether more of what is asked about, as a text calls it, is better; None where it is not known, or the text calls it both."""
    wanted, unwanted = (
        any(is_of_outcome(one[0], asked) for one in words.finditer(text))
        for words in (_WANTED, _UNWANTED)
    )
    return wanted if wanted != unwanted else None
