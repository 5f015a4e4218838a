"""What a topic is asked to do to a part of the body, or to bring with it at all: "and the heart?", "any bowel trouble?". Without I/O."""

from __future__ import annotations

import re
from typing import Final

from ..answer.outcomes import asked_of
from ..words import stems, word_set
from .asked_anew import asked_anew, frame_of
from .changes import Changed, Read
from .measured import SIDES, is_befalling, is_disease, is_part_of_body
from .named_parts import parts_of

_OPENS: Final = r"^\W*(?:(?:and|but|or|so|also|then|what about|how about|what of)[, ]+)*"
_ANY: Final = re.compile(
    rf"{_OPENS}(?:(?:are|were|is|was) there )?any (?:other |more |new )?(?!(?:differences?|effects?|changes?|evidence|experience|influence)\b)(?P<what>[^?;:,]{{3,50}}?)(?: (?:with|from|on) (?:it|them|this|that))?\W*$",
    re.IGNORECASE,
)
_ORGAN: Final = re.compile(
    rf"{_OPENS}(?P<what>(?:the |their )?(?P<part>(?!(?:in|for|with|on|of|at|after|before|during|from|to)\b)[\w-]+(?: [\w-]+)??)(?: (?P<ill>problems?|troubles?|complaints?|issues?|damage))?)\W*$",
    re.IGNORECASE,
)
_COMPLAINT: Final = re.compile(
    rf"{_OPENS}(?P<what>(?:(?!(?:in|for|with|on|of)\b)[\w-]+ ){{1,3}}(?:problems?|troubles?|complaints?|issues?))\W*$",
    re.IGNORECASE,
)
_ILL: Final = re.compile(r"\s(?:problems?|troubles?|complaints?|issues?)$", re.IGNORECASE)
_PLACED: Final = re.compile(
    r"\s(?:in|for|on|to|about|against|of|between|that|who)\s", re.IGNORECASE
)


def any_of_it(topic: str, query: str, read: Read) -> Changed | None:
    """The topic asked whether it does something to what the query names, a part of the body or whatever stands after "any"; None where it names no
    such thing, or what is taken."""
    frame = frame_of(topic, read)
    if frame is None:
        return None
    any_ = _ANY.match(query) or _COMPLAINT.match(query)
    if any_ is not None and not _PLACED.search(any_["what"]) and _comes(any_["what"], read):
        return _caused(topic, any_["what"], read)
    organ = _ORGAN.match(query)
    outcome = asked_of(topic, read(topic)["concepts"]).outcome
    if organ is None or any(
        one.role == "part"
        and one.text not in (*frame.who.split(), outcome, outcome.removeprefix("the "))
        for one in parts_of(topic, read)
    ):
        # Of a topic that is on a part itself the other takes its place.
        return None
    *how, part = [organ["part"]] if is_part_of_body(organ["part"]) else organ["part"].split()
    if not is_part_of_body(part):
        return None
    if organ["ill"] or how:
        return _caused(topic, organ["what"], read)
    return asked_anew(topic, organ["what"], read)


_NOT_OF_IT: Final = word_set(
    "alternative option choice better other newer evidence data news idea advice recommendation suggestion thought comment question trial study review paper article guideline "
    "reference source finding result difference effect exception limitation reason way thing one benefit advantage disadvantage role"
)
_SEVERAL: Final = re.compile(r"(?:[^s]s|[st]ion|ness|ment|ing|ity|ence|ance)\W*$")
"""Things that are counted, or what befalls somebody."""


def _comes(what: str, read: Read) -> bool:
    """Whether a few words name what may come of something, and nothing to take or to read."""
    parts = parts_of(what, read)
    roles = {"taken" if one.kind == "drug" else one.role for one in parts}
    if all(one.kind in ("phrase", "word") and one.role == "taken" for one in parts):
        # What no table has is asked about as it is: "any road accidents?"; but for other work, and for what else there is.
        is_befallen = _SEVERAL.search(what) is not None or is_befalling(what)
        return is_befallen and not stems(what) & (SIDES | _NOT_OF_IT)
    is_named = roles and not stems(what) & SIDES and "gene" not in roles
    return bool(is_named) and ("taken" not in roles or is_befalling(what))


def _caused(topic: str, what: str, read: Read) -> Changed | None:
    """The topic asked whether it brings a complaint with it; what is no complaint, "any weight loss?", it may as well do for good."""
    changed = asked_anew(topic, what, read)
    is_ill = _ILL.search(what) or is_disease(what) or is_part_of_body(what.split()[-1])
    if changed is None or not is_ill:
        return changed
    return changed._replace(topic=changed.topic.replace(f" affect {what}", f" cause {what}", 1))
