"""A question taken apart: what is asked to change something, and what that is. Without I/O.

Only where a question says it plainly, by a verb of change, of cause or of relation.
"""

from __future__ import annotations

import re

from ..queries.trial_people import KIN

_ACTS = (
    r"worsen|improve|increase|decrease|reduce|lower|raise|affect|influence|impair|enhance|change|alter|cause|prevent|promote|delay|accelerate|"
    r"slow|shorten|prolong|relieve|aggravate|exacerbate|predict|decline|rise|fall|deteriorate|precipitate|trigger|modify|induce|diminish|impact|lessen|boost|"
    r"(?<!\byou )(?<!\bwe )(?<!\bI )(?:halve|cut(?! (?:off|point|out)))|curb|ease(?! of\b)|minimi[sz]e|protect against|lead to|result in|contribute to|harm|gain|lose|hasten|expedite|quicken"
)
CHANGES = re.compile(rf"(?:{_ACTS})(?:s|es|d|ed|ing)?", re.IGNORECASE)
"""A verb of change, in any form."""
_SPEED = r"speed(?: up)?(?! (?:in|of|after|during|and|or|with|at|for|on|when)\b)(?!.*\b(?:differ|depend|correlate|matter|vary|relate|get|become|have|make|help|reflect|mean)\b)"
"""A verb where what follows is what is done to, and no other verb does."""
_VERB = re.compile(
    rf"(?<!\bthe )(?<!\ba )(?<!\ban )(?<!\bof )(?<!\bin )(?<!-)\b(?:{_ACTS}|{_SPEED}(?!.*\b(?:{_ACTS})\b))\b(?! (?:{_ACTS})\b)|\bha(?:ve|s) an? (?:\w+ )?(?:effect|impact|influence) on\b",
    re.IGNORECASE,
)
"""After "does" and its like: as it stands there, so that of "does delayed surgery increase pain?" it is the second."""
_VERB_S = r"(?:halves?|curbs?|cuts?|worsens?|improves?|increases?|decreases?|reduces?|lowers?|raises?|prevents?|causes?|delays?|slows?|shortens?|prolongs?|relieves?|aggravates?|predicts?|triggers?|induces?|leads? to)"
_ASKS = re.compile(r"^\W*(?:do|does|did|can|could|will|would|may|might|should)\b", re.IGNORECASE)
_IS = re.compile(r"^\W*(?:is|are|was|were|has|have)\b", re.IGNORECASE)
_NOUN = re.compile(
    r"\b(?:risk factors?|predictors?|determinants?|causes?|markers?|predictive|(?:effects?|impact|influence))\s+(?:for|of|on|in)\s+",
    re.IGNORECASE,
)
COMPARED = r"most|least|fewest|higher|lower|more|fewer|less|greater|worse|better|poorer|increased|decreased|reduced|longer|shorter"
_LINK = re.compile(
    rf"\b(?:associated|linked|related|correlated|tied|connected) (?:with|to) |\b(?:at|have|has|run) an? (?:\w+ )?risk (?:of|for) |\b(?:more|less) (?:likely|prone|apt) to (?:have |get |develop |"
    rf"suffer (?:from )?|need )?|\b(?:have|has|had|show|face|experience|report|suffer|need|get|give|gives) (?:an? )?(?:\w+ly )?(?:{COMPARED}) ",
    re.IGNORECASE,
)
"""Of "do smokers have more pain?" and "is smoking linked to pain?" what stands before it is asked about, in what comes after it."""
_BETWEEN = re.compile(
    r"\b(?:association|relation(?:ship)?|link|correlation|connection) between (?P<of>.+?) and (?P<on>.+)",
    re.IGNORECASE,
)
_OF_ON = re.compile(
    r"\b(?:effects?|impact|influence) of (?P<of>.+?) (?:on|upon) (?P<on>.+)", re.IGNORECASE
)
_HAVING = re.compile(
    r"^(?:(?:adult|older|young|elderly) )?(?:people|persons?|patients?|children|adults?|adolescents|infants|women|men|girls|boys|those|subjects)"
    r" (?:with|having|who (?:have|take|are on)|on|taking|receiving|exposed to|given) (?=\w)",
    re.IGNORECASE,
)
"""Of "children with asthma" the asthma is asked about."""
_MAKES = re.compile(
    rf"\b(?:make|makes|keep|render) (?P<what>[\w' -]+?) (?:{COMPARED}|likelier)\b(?: (?:likely |prone |apt )?(?:to )?(?P<how>[\w-]+))?",
    re.IGNORECASE,
)
"""Of "does smoke make wheezing worse?" the wheezing, and of "does it make patients less confused?" that they are."""
_PEOPLE = re.compile(
    r"\b(?:patients?|people|persons?|children|infants?|babies|adolescents|adults?|women|men|participants|individuals|subjects|(?:smok|drink|us)ers|them|you|me|us)$",
    re.IGNORECASE,
)
_FOR_WHOM = re.compile(rf"\b(?:my|our|his|her|their|your) (?:{KIN})\b", re.IGNORECASE)
_CHANGED = re.compile(
    r"\b(?:worse|better|poorer|higher|lower|more common|less common|more frequent|increased|decreased|reduced|"
    r"improved|impaired|affected|influenced|elevated|raised|lowered|altered|disturbed)\b",
    re.IGNORECASE,
)
"""Of "is sleep worse in asthma?" what stands before it is asked about."""
_THERE = re.compile(
    rf"^\W*(?:is|are|was|were) there (?:an? )?(?:\w+ly )?(?:{COMPARED}) (?P<on>[^,;]+? (?:with|in|after|on|among|under) .+)",
    re.IGNORECASE,
)
"""The same of "is there more pain with asthma?"."""
_BECOMES = re.compile(
    r"\b(?:get|become|be)\s+(?:\w+ly\s+)?(?:worse|better|poorer|higher|lower|shorter|longer|(?:more|less) \w+|(?:increas|decreas|reduc|improv|"
    r"impair|affect|influenc|alter|delay|prevent|lower|rais|chang|prolong|shorten)ed)\b",
    re.IGNORECASE,
)
"""The same of "does sleep get worse in asthma?"."""
_MORE_THAN = re.compile(
    r"\b(?P<verb>[a-z]{3,}) (?:more|less)(?: (?:often|frequently))? than\b", re.IGNORECASE
)
"""Of "do smokers cough more than others?" the cough."""
_FASTER = re.compile(
    r"^\W*(?:(?:do|does|did|is|are|was|were|can|will) (?P<on>[\w' /-]+?) (?:any )?(?:faster|sooner|quicker|earlier|slower|more (?:quickly|slowly|rapidly))\b"
    r"|how much (?:faster|sooner|quicker|earlier|slower|longer) (?:do|does|did|is|are|was|were) (?P<much>[^?]+))",
    re.IGNORECASE,
)
"""Of "does shock resolve faster with steroids?" that it resolves."""
_HOW_MUCH = re.compile(
    rf"^\W*(?:(?:by )?how much|to what extent|how (?:strongly|far|greatly|well))\s+(?=(?:do|does|did|can|could|will|would)\b.*\b(?:{_ACTS})\b)",
    re.IGNORECASE,
)
"""Of "how much does smoking raise the risk?" it is asked whether it does, too."""
_OF_TWO = re.compile(r"(?:better|worse) (?:than|for)\b", re.IGNORECASE)
"""Of "is saline better than plasma in sepsis?" two things are compared, and neither changes."""
_RESPOND = re.compile(
    r"\b(?:respond|react|fare) (?:\w+ly |any |the )?(?:worse|better|less|more|same|differently|well|poorly|equally)\b",
    re.IGNORECASE,
)
"""Of "do women respond worse than men?" who they are is asked to make the difference, and no outcome is named."""
HARMS_THEM = (
    r"harms? (?:(?:the|my|our|your|an?|his|her|their|unborn|developing|breastfed|nursing) )*"
    r"(?:bab(?:y|ies)|child(?:ren)?|infants?|newborns?|f(?:o)?etus(?:es)?|mothers?|patients?|people|women|men|adults|me|us|you|them|him|her)\b"
)
"""Of "does it harm the baby?" its safety is asked, and not the baby."""
_HARMS_THEM = re.compile(rf"\b{HARMS_THEM}", re.IGNORECASE)
_THEY_FALL = re.compile(
    r"^\W*\w+ (?:(?!(?:in|of|for|with|on|among|after|at) )[\w'’-]+ ){0,3}?"
    r"(?:patients?|people|persons?|children|adults?|wom[ae]n|m[ae]n|seniors|elderly|residents|participants|those|users|survivors|mother|father|parents?|mum|mom|dad|gran\w*|nan|nana|husband|wife|partner|aunt|uncle|sister|brother|i|they|we|he|she|you)\b"
    r"(?: (?:with|on|who|taking|over|under|aged|in|after|living|given|having) [^?,;]*?)? (?:\w+ly )?(?P<verb>fall)\b(?! (?:ill|asleep|sick|pregnant|apart|behind|in love|short|for)\b)"
    r"(?:[^?,;]*?\b(?:on|with|taking|after|under|by) (?P<of>[^?,;]+))?",
    re.IGNORECASE,
)
"""Of "do older adults fall more on it?" people fall, and no number does."""
_END = re.compile(
    r"\s(?:in|after|during|among|with|at|following|by|when|while|before|from|for|within|under|over|between|than|compared|without|if|because|through|via|"
    r"as|to|on|who|that|undergoing|receiving|using)\b(?!-)|[?;:,.(]",
    re.IGNORECASE,
)
_SUBJECT = re.compile(r"\s(?:an?|the)(?: \w+)?$")
_WHERE = re.compile(
    r"\s*(?:in|after|during|among|following|for|from|before|of|at)\s+", re.IGNORECASE
)


def parts_of(text: str) -> tuple[str, str]:
    """What is asked to change something, and that; empty where a question does not say it."""
    text = _HOW_MUCH.sub("", text)
    if pair := _BETWEEN.search(text) or _OF_ON.search(text):
        return until(pair["of"]), until(pair["on"])
    is_ = _IS.match(text)
    if (much := _FASTER.match(text)) and much["much"]:
        return "", until(much["much"])
    if not is_ and not _ASKS.match(text):
        return _declared(text)
    if is_ and (noun := _NOUN.search(text)):
        return _SUBJECT.sub("", before(text, noun.start())), until(text[noun.end() :])
    if (link := _LINK.search(text)) and (rest := until(text[link.end() :])):
        return before(text, link.start()), rest
    if made := _MAKES.search(text):
        is_of_people = made["how"] and _PEOPLE.search(made["what"])
        return before(text, made.start()), until(made["how" if is_of_people else "what"])
    if is_ and (there := _THERE.match(text)):
        return "", until(there["on"])
    if (quick := _FASTER.match(text)) and not _VERB.search(text[: quick.end()]):
        return "", until(quick["on"])
    if is_:
        changed = _CHANGED.search(text)
        if changed and _OF_TWO.match(text, changed.start()):
            return "", ""
        return ("", before(text, changed.start())) if changed else ("", "")
    if changed := _BECOMES.search(text):
        return "", before(text, changed.start())
    if respond := _RESPOND.search(text):
        return before(text, respond.start()), "outcome"
    if they := _THEY_FALL.match(text):
        who = re.sub(r"^\W*\w+\s+", "", text[: they.start("verb")])
        have = until(_HAVING.sub("", who)) if _HAVING.match(who) else ""
        return until(they["of"] or "") or have, "falls"
    if _HARMS_THEM.search(text):
        return "", ""
    verb = _VERB.search(text)
    if verb is None and (more := _MORE_THAN.search(text)) and (who := before(text, more.start())):
        # An abbreviation may stand written out in a text, and otherwise than here.
        return "" if who.isupper() else who, more["verb"]
    if verb is None:
        return "", ""
    rest = text[verb.end() :]
    if _END.match(rest) or not rest.strip(" ?."):
        return "", before(text, verb.start())  # "does mortality increase at weekends?"
    return before(text, verb.start()), until(rest)


_DECLARES = re.compile(
    rf"^\W*(?!(?:what|which|who|whom|whose|how|why|when|where|whether|if|role|effects?|impact|influence|comparison|use)\b)(?P<of>(?:[\w'’/-]+ ){{1,7}}?)(?P<verb>{_VERB_S})\s+(?P<on>[^?.:;]+)[?.]?\s*$",
    re.IGNORECASE,
)
"""A claim in the place of a question, "awake proning reduces mortality"."""


def _declared(text: str) -> tuple[str, str]:
    """The same of a claim."""
    claim = _DECLARES.match(text)
    if claim is None or _END.match(f" {claim['on']}"):
        return "", ""
    return until(_HAVING.sub("", claim["of"])), until(claim["on"])


def asking(question: str) -> str:
    """The clause that asks: of "ear drops: do they reduce toxicity?" the second."""
    text = " ".join(question.split())
    for clause in reversed(re.split(r"(?<=[.:?;])\s+|-- ?", text)):
        if _ASKS.match(clause) or _IS.match(clause):
            return clause
    return text


def until(text: str) -> str:
    """A text up to where its next part begins, "in adults", "compared with"."""
    end = _END.search(f" {text}")
    return (f" {text}"[: end.start()] if end else text).strip(" ?.")


def before(text: str, end: int) -> str:
    """What stands between a question's first word and a place of it, without the people that have it."""
    words = re.sub(r"^\W*\w+\s+", "", text[:end])
    return until(_HAVING.sub("", words))


def after(clause: str, outcome: str) -> str:
    """What stands after the outcome, "in heart failure"; empty where nothing does."""
    _, _, rest = clause.partition(outcome)
    place = _WHERE.match(rest)
    return until(rest[place.end() :]) if place else ""


def without_people(text: str) -> str:
    """Of "children with asthma" the asthma, of "my gran" nothing."""
    return _HAVING.sub("", _FOR_WHOM.sub("", text))
