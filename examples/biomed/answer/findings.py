"""Whether a sentence states what was found, and how plainly. Without I/O."""

from __future__ import annotations

import re

STATISTICS = re.compile(
    r"\bp\s?[<=>≤]|(?-i:\b(?:CI|[as]?HR|[ac]?OR|a?RR|IRR|SIR|SMR|AUC|NS)\b)|\b(?:confidence (?:interval|limit)s?|(?:odds|hazard|risk|likelihood) ratios?|relative risk|"
    r"intraclass|kappa|r\s?=)|\bsignifican|\u00b1|\+/-",
    re.IGNORECASE,
)
CONTRAST = re.compile(
    r"\b(?:than|higher|lower(?! (?:limb|extremit|leg|back|pole|lip|cal[yi]|urinary|respiratory|airway|gastro|abdom|tract|eyelid|third|part|end|jaw|infund))|greater|fewer|better|worse|best|superior|(?:non-?)?inferior|(?:increas|decreas|reduc|improv)e[sd]?|improvements?|lower(?:s|ed)|shorten(?:s|ed)|prolong(?:s|ed)|worsen(?:s|ed)|declin\w+|fell|rose|dropped|doubled|halved|tripled|(?:was|were|is|are) (?:\w+ )?(?:raised|elevated|heightened|diminished)|"
    r"(?:less|more) (?:\w+ )?(?:likely|often|frequent\w*|common\w*|effective\w*|accurate\w*)|unchanged|similar|comparable|equal|the same|as (?:common|frequent|often|likely|high|low|effective|safe|good|severe)\b(?! as \d)(?=.*\bas\b| in (?:both|each|either|all)\b)|"
    r"no (?:\w+ )?(?:difference|effect|association|correlation|relation\w*|evidence|benefit|improvement|increase|change|recurrence)s?|neither|nor)\b",
    re.IGNORECASE,
)
_DENIES = re.compile(
    r"\b(?:did|do|does|was|were|is|are|could|can) not\b|\bcannot\b|\bthere (?:was|were|is|are) (?:\w+ )?(?:no|none|nothing)\b|"
    r"^(?:no|none of the) [^,;:]*\b(?:was|were|had|has|have|occurred|developed|experienced|died)\b|\bno (?:cases?|instances?|reports?|events?) of\b",
    re.IGNORECASE,
)
"""Says that something is not, or was not seen: "no cases were reported", "there was no interaction"."""
_SEEN = re.compile(
    r"\b(?:common|frequent|usual|main|important|serious|reported)\b[^.;]{0,40}\b(?:adverse|side|toxic\w*|complications?|harms?)\b[^.;]*\b(?:was|were|included?|are|is)\b|"
    r"\b(?:adverse|side) (?:events?|effects?|reactions?)\b[^.;]*\b(?:were|was|are|included?) (?!(?:recorded|assessed|collected|monitored|measured|evaluated|graded|defined|reviewed|compared)\b)",
    re.IGNORECASE,
)
"""Says which harms were seen, without a share."""
_RELATES = re.compile(
    r"\b(?:associated with|correlat\w+|predict(?:s|ed|ors?|ive)|independent(?:ly)?|influenced?|affect(?:s|ed)|contribut\w+|depend(?:s|ed|ent)|followed by|"
    r"result(?:s|ed) in|led to|caused?|prevent(?:s|ed)|occurred|developed|remained|persist\w*|achieved|detected|revealed|show(?:s|ed|n)|found (?:to|that|in)|"
    r"demonstrated?|reported|experienced|agreed|differ(?:s|ed)?|effective|successful\w*|safe|feasible|accura\w+|sensitivity|specificity|reliab\w+|valuable|"
    r"useful|adequate|sufficient|satisfactory|able to|identified)\b",
    re.IGNORECASE,
)
_PERCENT = re.compile(
    r"\d\s?%|\b\d+(?:\.\d+)? percent\b|\b\d+ (?:(?:cases|patients|people|women|men|children) )?(?:of|out of) (?:the )?\d+\b"
)

AMOUNT = re.compile(r"\d")
CHANGES = re.compile(
    r"\b(?:improv\w+|increas\w+|decreas\w+|reduc\w+|prevent\w+|lower\w*|higher|fewer|less|declin\w+|unchanged|fell|rose|effective\w*|benefi\w+|success\w*|"
    r"(?:no|any) (?:\w+ )?(?:effect|difference|change)s?|differ\w*)\b",
    re.IGNORECASE,
)
DEPENDS = re.compile(
    r"\b(?:associat\w+|correlat\w+|predict\w*|influenc\w+|affect\w*|independent\w*|depend\w*|related|relationship|odds|hazard|risk|likely|effects?|determin\w+|than|due to|attribut\w+|(?:is|are|was|were) followed by an?)\b",
    re.IGNORECASE,
)
_VERSUS = re.compile(
    r"\d ?%(?:[^.;]|\.(?=\d)){0,80}\b(?:and|but)\b (?:[^.;]|\.(?=\d)){0,20}\d ?%|\b(?:versus|vs|compared)\b|\bp\s?[<=>≤]|\b(?:prolong|shorten|worsen|rais|protect|lead|led|caus|link)\w*\b",
    re.IGNORECASE,
)

_RATE = r"(?:\d[\d,]*\.\d+(?: per [\d,]*[ -]?[a-z][\w-]*)?|\d[\d,]* per [\d,]*[ -]?[a-z][\w-]*)(?: (?:days|weeks|months|years|events))?"
_OF_TWO = re.compile(
    rf"(?<![\w.]){_RATE} (?:with|on|in|for|after|among) (?:[^.;\d]|\.(?=\d)){{2,80}}?(?:\band|\bbut|\bversus|\bvs\.?|,) {_RATE} (?:with|on|in|for|after|among)\b",
    re.IGNORECASE,
)
"""Two groups each with its number: "0.13 per year with the one and 0.19 with the other"."""


def has_figures(sentence: str) -> bool:
    return bool(STATISTICS.search(sentence) or _PERCENT.search(sentence))


def finding(sentence: str) -> float:
    """How much a sentence says that something was found: 0 to 0.5."""
    return (
        0.15 * bool(STATISTICS.search(sentence))
        + 0.2 * bool(any(one.search(sentence) for one in (CONTRAST, _DENIES, _SEEN)))
        + 0.1 * bool(_RELATES.search(sentence))
        + 0.05 * bool(_PERCENT.search(sentence) or _OF_TWO.search(sentence))
    )


def tells_of_change(sentence: str) -> bool:
    """Whether a finding says that something changes, differs, or goes with another, or that it does not: a rate alone does not."""
    return finding(sentence) > 0 and any(
        one.search(sentence)
        for one in (CONTRAST, _DENIES, _SEEN, CHANGES, DEPENDS, _VERSUS, _OF_TWO)
    )
