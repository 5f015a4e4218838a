"""A topic asked anew of something else that may come of it. Without I/O.

"And pain?" after "Is yoga better than walking for back pain?" has nothing to take the place of: the topic asks for no outcome. What is
asked about, what it is compared with and of whom stay: "Does yoga affect pain compared with walking for back pain?".
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from ..answer.outcomes import asked_of
from ..terms.find import find
from ..words import stems
from .changes import Changed, Read
from .measured import is_befalling, is_infection

_JUDGED: Final = (
    r"(?:not |really |also |any )?(?:an? )?(?:\w+ly )?(?:(?:non-?)?inferior|equivalent|comparable|preferable|safer?|unsafe|effective|better|worse|superior|good|bad|useful|helpful|beneficial|harmful|dangerous|toxic|tolerated|"
    r"enough|worthwhile|cost-effective|recommended|suitable|appropriate|(?:more|less|as) \w+)"
)
_IS: Final = re.compile(
    rf"^\W*(?:\w+!\s+)?(?:and |so )?(?P<aux>is|are|was|were)\s+(?P<who>(?!there\b)[^?;:,]{{2,60}}?)\s+(?P<says>{_JUDGED})(?=\s|\W*$)(?P<rest>[^?;:]*?)\W*$",
    re.IGNORECASE,
)
_DOES: Final = re.compile(
    r"^\W*(?:\w+!\s+)?(?:and |so )?(?P<aux>do|does|did|can|could|will|would|should)\s+(?P<who>[^?;:,]{2,60}?)\s+(?:(?P<says>help|work|benefit|protect)(?P<rest>(?=\s|\W*$)[^?;:]*?))\W*$",
    re.IGNORECASE,
)
_ANEW: Final = re.compile(
    r"^\W*(?P<aux>do|does)\s+(?P<who>[^?;:,]{2,60}?)\s+(?P<says>cause|affect|reduce|lower|decrease|increase|raise|improve|prevent|relieve|prolong)\s+[^?;:]{2,60}?(?P<rest>(?:\s+(?:compared with|in|for|after|during|among|on|at|before|when|with)\s[^?;:]*?)?)\W*$",
    re.IGNORECASE,
)
_OF_IT: Final = re.compile(
    r"^\W*what (?:(?:is|are) the (?P<says>[\w -]+?) of (?P<who>[^?;:,]{2,60}?)|(?P<aux>do|does) (?P<what>[^?;:,]{2,60}?) cost)(?P<rest>(?:\s+(?:compared with|in|for|after|during|among|on|at|before|when|with)\s[^?;:]*?)?)\W*$",
    re.IGNORECASE,
)
"""What :func:`asked_anew` and :func:`harms_of` make of a topic."""
_AGAINST: Final = re.compile(
    r"^\s+(?:than|compared (?:to|with)|versus|vs\.?|as|to)\s+(?P<other>.+?)(?=\s+(?:in|for|after|during|among|on|at|before|when|with)\b|$)",
    re.IGNORECASE,
)
_PLACE: Final = re.compile(
    r"^\s*(?:(?:in|for|after|during|among|on|at|before|while|with|against|following|undergoing)\b.*)?$",
    re.IGNORECASE,
)
_OF_WHOM: Final = re.compile(
    r"^(?P<whom>(?:[\w-]+ )*?(?:people|patients|adults|children|adolescents|women|men|infants|babies|(?:smok|drink|driv)ers))(?= (?!(?:with|who|on|after|in|of|and|or|aged|over|under|at|during|before)\b))",
    re.IGNORECASE,
)
"""Of "help older people live longer" who is helped."""
SAFE: Final = re.compile(r"\b(?:un)?safer?\b|harmful|dangerous|toxic|tolerated", re.IGNORECASE)
_AFTER: Final = re.compile(r"^\s*(?:after|during|before|following|undergoing)\b", re.IGNORECASE)
_TREATED: Final = re.compile(
    r"\s(?:slows?|relieves?|treats?|cures?|improves?|helps?|manages?|controls?)\s*(?:the )?$",
    re.IGNORECASE,
)
_OF_OUTCOME: Final = re.compile(r"\s(?:exacerbations?|flares?|relapses?|attacks?|symptoms?|progression|severity|activity)$", re.IGNORECASE)  # fmt: skip
_HARMS: Final = re.compile(
    r"^\W*(?:(?:and|but|so|what about|how about|what are|are there|any)\s+)*(?:the |its |their |any )?"
    r"(?P<harms>(?:(?:serious |severe )?(?:side[- ]effects?|adverse (?:effects?|events?|reactions?)|harms?|complications?|risks?)|safety)(?: and (?:side effects|harms|risks|safety))?)\W*$",
    re.IGNORECASE,
)
COST: Final = re.compile(
    r"^\W*(?:(?:and|but|so)\s+)?(?:what (?:do|does|did|would) (?:it|they|this|that) cost|(?:what about |how about )?(?:the |its )?costs?|how (?:much (?:do|does|did) (?:it|they) cost|expensive (?:is|are) (?:it|they))|"
    r"(?:is|are) (?:it|they) (?:worth (?:the|its|their) (?:money|costs?|price)|good value(?: for money)?|cost[- ]effective|expensive|cheap|affordable))\W*$",
    re.IGNORECASE,
)


_PURPOSE: Final = re.compile(
    r"^\s+(?:for|to|in) (?:the )?(?:(?:[\w-]+ ){0,3}?(?:prevention|prophylaxis|reduction)(?: of [\w -]+?)?|[a-z]+ing(?: [\w-]+){0,2}?)(?=\s+(?:in|among|after|during)\b|\s*$)",
    re.IGNORECASE,
)
"""What something is judged for, "for stroke prevention": what else comes of it does so for whatever it is taken."""


class Frame(NamedTuple):
    """What of a topic stays when something else is asked to come of it."""

    does: str
    """``Does`` or ``Do``."""
    who: str
    """What is asked about: ``edoxaban``."""
    against: str
    """What it is compared with, "warfarin"; empty where the topic compares nothing."""
    place: str
    """Of whom or in what, with its preposition: ``in atrial fibrillation``."""
    is_judged: bool
    """Whether the topic asks whether it is good or bad, and for no outcome."""
    is_treated: bool
    """Whether it asks of a disease that is treated: that stays when another outcome is asked about."""
    is_of_harm: bool
    """Whether what else is named may only be a harm: the topic asks whether something is safe after an event."""

    is_safety: bool = False
    """Whether the topic asks whether something is safe, in whomever."""

    def asked(self, what: str) -> str:
        """The whole question whether it does something."""
        against = f" compared with {self.against}" if self.against else ""
        return f"{self.does} {self.who} {what}{against}{_PURPOSE.sub('', self.place)}?"


def frame_of(topic: str, read: Read) -> Frame | None:
    """What of a topic stays; None where it does not say plainly what it asks about."""
    asked = asked_of(topic, read(topic)["concepts"])
    if (of := _OF_IT.match(topic)) and (of["aux"] or _HARMS.match(of["says"])):
        who, does, rest = of["who"] or of["what"], (of["aux"] or "does").capitalize(), of["rest"]
        other = _AGAINST.match(rest)
        against, rest = (other["other"], rest[other.end() :]) if other else ("", rest)
        return Frame(does, who, against, rest, True, False, False)
    match = _IS.match(topic) or _DOES.match(topic) or _ANEW.match(topic)
    if match is not None and not (asked.outcome and asked.exposure):
        does = "Do" if match["aux"].lower() in ("are", "were", "do") else "Does"
        rest, against = match["rest"], ""
        if other := _AGAINST.match(rest):
            against, rest = other["other"], rest[other.end() :]
        elif rest.strip() and not _PLACE.match(rest):
            if match["aux"].lower() in ("is", "are", "was", "were"):
                return None
            if whom := _OF_WHOM.match(rest.strip()):
                rest = whom["whom"]
            rest = f" in {rest.strip()}"
        if not _PLACE.match(rest):
            return None
        is_of_harm = bool(SAFE.search(match["says"]) and _AFTER.match(rest))
        place = f" {rest.strip()}" if rest.strip() else ""
        is_judged = match.re is not _ANEW
        who, is_safety = match["who"].strip(), bool(SAFE.search(match["says"]))
        return Frame(does, who, against, place, is_judged, False, is_of_harm, is_safety)
    at = topic.find(asked.exposure) if asked.exposure and asked.outcome else -1
    if at < 0 or (until := topic.find(asked.outcome, at + len(asked.exposure))) < 0:
        return None
    rest = topic[until + len(asked.outcome) :].rstrip(" ?.")
    is_one = topic.split()[0].lower() in ("does", "is", "was", "has", "can", "could")
    left = _left_of(topic[:until], asked.outcome)
    place = f" {left}{rest.strip()}".rstrip()
    return Frame("Does" if is_one else "Do", asked.exposure, "", place, False, bool(left), False)


def _left_of(before: str, outcome: str) -> str:
    """Of an outcome the disease that is treated, where it is one: "slow dementia", "COPD exacerbations"."""
    named = [one for one in find(outcome) if one.kind == "condition"]
    if len(named) != 1 or is_befalling(named[0].text):
        return ""
    is_whole = named[0].text == outcome and _TREATED.search(before)
    rest = outcome[named[0].end :] if outcome.startswith(named[0].text) else ""
    return f"in {named[0].text} " if is_whole or _OF_OUTCOME.fullmatch(rest) else ""


def asked_anew(topic: str, new: str, read: Read) -> Changed | None:
    """The topic asked of another outcome; None where it does not say plainly what it asks about."""
    frame = frame_of(topic, read)
    if frame is None or stems(new) <= stems(frame.who):
        return None
    is_harm = is_befalling(new) or (frame.is_of_harm and _is_disease(new))
    is_harm = is_harm or _is_caught(new, frame)
    verb = "cause" if is_harm else "affect"
    return Changed(frame.asked(f"{verb} {new}"), f"{new!r} is asked of {frame.who!r}")


def may_befall(new: str, topic: str, read: Read) -> bool:
    """Whether a disease that is named alone is what may come of what the topic judges, and no other one that it is judged in."""
    frame = frame_of(topic, read)
    return (
        frame is not None
        and frame.is_judged
        and (is_befalling(new) or frame.is_of_harm or _is_caught(new, frame))
    )


def _is_caught(new: str, frame: Frame) -> bool:
    """Whether it is an infection that is asked about where something is judged for its safety in those who have none."""
    return frame.is_safety and is_infection(new) and not is_infection(frame.place)


def _is_disease(text: str) -> bool:
    return any(one.kind == "condition" for one in find(text))


def harms_of(topic: str, query: str, read: Read) -> Changed | None:
    """The topic asked for harms, "side effects?", or for the cost, in the place of what it asks for; None where the query asks for neither."""
    harms = _HARMS.match(query)
    if harms is None and not COST.match(query):
        return None
    frame = frame_of(topic, read)
    if frame is None:
        return None
    of = f" compared with {frame.against}" if frame.against else ""
    if harms is None:
        does = frame.does.lower()
        return Changed(
            f"What {does} {frame.who} cost{frame.place}?", f"the cost is asked of {frame.who!r}"
        )
    words = harms["harms"].lower()
    be = "are" if words.endswith("s") else "is"
    return Changed(
        f"What {be} the {words} of {frame.who}{of}{frame.place}?",
        f"{words!r} is asked of {frame.who!r}",
    )
