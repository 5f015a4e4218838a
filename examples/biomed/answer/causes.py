"""Questions for what something comes of, its causes and risk factors, and whether a sentence says that. Without I/O.

What comes of it itself ("delirium predicts death") has the same words, and is no answer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..queries.concept import Concept
from ..words import STOPWORDS, words_of
from .question_parts import until
from .ways import Way, all_words, forms_of, has, is_there, others, telling

_FACTORS = r"risk factors?|causes?|causative factors?|predictors?|determinants?|(?:a?etiolog(?:y|ies))|triggers?|reasons?"
_ASKED = re.compile(
    rf"^\W*(?:what|which)\b.{{0,40}}?\b(?:{_FACTORS}) (?:of|for|behind) (?P<a>.+)|^\W*(?:the )?(?:main |common |known )?(?:{_FACTORS}) (?:of|for) (?P<b>.+)|"
    r"^\W*(?:what|which (?:\w+ )?factors?|which) (?:causes?|predicts?|triggers?|leads? to|precipitates?|influences?|affects?|determines?|(?:increases?|raises?) (?:the )?(?:risk|chance|odds|likelihood)s? of|"
    r"(?:is|are) (?:the )?(?:associated with|linked to|related to|responsible for)) (?P<c>.+)|"
    r"^\W*why (?:do|does|did) (?:\w+ ){1,4}?(?:get|develop|have|suffer from) (?P<d>.+)",
    re.IGNORECASE,
)
_NOUN = re.compile(rf"\b(?:{_FACTORS})\b(?: (?:of|for) (?P<of>[^.;:]+?))?(?=[.;:,]|\s(?:were|was|are|is|included?|in|at|after|with|among|by)\b|$)", re.IGNORECASE)  # fmt: skip
_BRINGS = re.compile(
    r"\b(?:predict\w*|caus(?:e[sd]?|ing)|l(?:ed|eads?|eading) to|contribut\w+ to|result(?:s|ed|ing)? in|precipitat\w+|trigger\w*|induc\w+|influenc\w+|affect\w*|determin\w+|"
    r"(?:increas|rais|elevat|higher|greater|excess|reduc|decreas|lower)\w* (?:the )?(?:\w+ )?(?:risks?|odds|likelihood|chances?|rates?|incidence|hazard) (?:of|for)|"
    r"(?:associated|related|linked|correlated|association|relationship) (?:with|to)|(?:risks?|odds) (?:of|for)|more likely to (?:have|develop|suffer|experience)) (?P<on>[^;]+)",
    re.IGNORECASE,
)
_COMES_OF = re.compile(
    r"\b(?:is|are|was|were|be|been|being|has|have|had)\b[^.;]{0,30}?\b(?:associated with|related to|linked to|correlated with|predicted by|caused by|due to|attribut\w+ to|explained by|"
    r"determined by|the result of|influenced by|affected by|induced by|(?:more|less) (?:common|likely|frequent|often)|higher (?:in|with|among|after)|lower (?:in|with|among|after)|"
    r"(?:increased|decreased|reduced) (?:in|by|with|among|after))(?P<of>[^;]*)|\b(?:because of|owing to|due to|secondary to|result(?:s|ed|ing)? from|arose from|arises? from)(?P<from>[^;]*)",
    re.IGNORECASE,
)
_CONSEQUENCE = re.compile(
    r"\b(?:mortality|deaths?|survival|prognos\w+|outcomes?|(?:length of|hospital) stay|readmi\w+|placement|institutionali\w+|costs?|quality of life|disabilit\w+)\b",
    re.IGNORECASE,
)
"""What mostly comes of a disease, and is none of its causes."""


def asked_effect(question: str) -> str:
    """What a question asks the causes of: of "what are the risk factors for falls in women?" the falls; empty where it asks for none."""
    match = _ASKED.search(" ".join(question.split()))
    return until(match["a"] or match["b"] or match["c"] or match["d"]) if match else ""


def effect_ways(effect: str, about: Sequence[Concept]) -> tuple[Way, ...]:
    """How a text may name that."""
    own = tuple(map(forms_of, telling(effect)))
    return tuple(one for one in (own, *others(effect, about)) if one)


def lists_factors(text: str) -> bool:
    """Whether a sentence says what risk factors are, and leaves it to its source's title of what: "risk factors were age and smoking"."""
    return any(
        not one["of"] and not re.search(r"\bno\b", text[: one.start()])
        for one in _NOUN.finditer(text)
    )


def tells_causes(text: str, effect: str, ways: Sequence[Way], *, is_on_it: bool) -> bool:
    """Whether a sentence says what something comes of.

    Args:
        text: A sentence, as it is read for what it names.
        effect: See :func:`asked_effect`.
        ways: See :func:`effect_ways`.
        is_on_it: Whether its source is on that, so that "risk factors were" are those of it.
    """
    is_consequence = _CONSEQUENCE.search(effect) is not None

    def names(part: str | None) -> bool:
        return bool(part) and any(has(all_words(part or ""), way) for way in ways)

    if any(names(one["of"]) for one in _NOUN.finditer(text)) or (is_on_it and lists_factors(text)):
        return True
    if any(names(one["on"]) and not names(text[: one.start()]) for one in _BRINGS.finditer(text)):
        return True
    return any(
        names(text[: one.start()])
        and (is_consequence or not _CONSEQUENCE.search(one["of"] or one["from"] or ""))
        for one in _COMES_OF.finditer(text)
    )


_WHY = re.compile(r"^\W*(?:why|how come)\b|\bwhat (?:explains|explained|accounts for|accounted for|drove|drives|was behind|is behind)\b", re.IGNORECASE)  # fmt: skip
_REASON = re.compile(
    r"\bbecause\b|\b(?:due|owing) to\b|\bcontribut(?:ed|es?|ors?|ing)\b|\breasons?\b|\battribut(?:able|ed) to\b|\b(?:explained|driven|caused|accounted for) (?:\w+ )?by\b|\b(?:explains?|drove|drives|accounts? for|accounted for|resulted from|as a result of|thanks to)\b",
    re.IGNORECASE,
)


def asks_why(question: str) -> bool:
    """Whether a question asks for the reason of something that it says was so."""
    return _WHY.search(" ".join(question.split())) is not None


def gives_reason(text: str, question: str) -> bool:
    """Whether a sentence gives the reason of something that a question names in any of its forms.

    What is explained stands before "because of", in the same clause, and mostly after "contributed to".
    """
    asked = [forms_of(one) for one in words_of(question.replace("-", " ")) if one not in STOPWORDS]
    for one in _REASON.finditer(text):
        start = max(text.rfind(mark, 0, one.start()) for mark in (",", ";", ":")) + 1
        before = text[start : one.start()]
        is_after = not before.strip() or _OF_WHAT_FOLLOWS.match(one[0]) is not None
        words = all_words(text[one.end() :] if is_after else before)
        if any(is_there(words, each) for each in asked):
            return True
    return False


_OF_WHAT_FOLLOWS = re.compile(r"contribut|reasons?|explains?$|dr(?:ove|ives)|accounts? for|accounted for$", re.IGNORECASE)  # fmt: skip
