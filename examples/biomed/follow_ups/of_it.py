"""Questions of what a topic is about that have a form of their own: "what happens after stopping?", "how many must be treated?", what a test costs. Without I/O."""

from __future__ import annotations

import re
from typing import Final

from ..terms.find import find
from ..words import stems
from .asked_anew import COST, frame_of
from .changes import Changed, Read

_MEASURE: Final = re.compile(
    r"^\W*(?:what (?:is|are|was|were) the|how (?:high|good|low) (?:is|are) the)\s+(?P<measure>[\w -]+?) of (?:the |an? )?(?P<who>[^?;:,]{2,60}?)(?:\s+(?:in|for|to|among|at)\s[^?;:]*?)?\W*$",
    re.IGNORECASE,
)
_ACCURACY: Final = stems("sensitivity specificity accuracy predictive")


def cost_of_test(topic: str, query: str) -> Changed | None:
    """The cost of what a topic asks the accuracy of: it is the same whatever it is to find. None where the query asks for no cost."""
    match = _MEASURE.match(topic) if COST.match(query) else None
    if match is None or not stems(match["measure"]) & _ACCURACY:
        return None
    return Changed(f"What does {match['who']} cost?", f"the cost is asked of {match['who']!r}")


def of_it(topic: str, query: str, read: Read) -> Changed | None:
    """What comes of stopping what the topic is about, or of how many it is needed; None where the query asks for neither.

    Who stops is told of by few: in whom the topic was asked and against what is let go, and said to be.
    """
    stopped, needed = _STOPPED.match(query), _NEEDED.match(query)
    frame = frame_of(topic, read) if stopped or needed else None
    if frame is None:
        return None
    if needed:
        told = f"{needed['asked']!r} is asked of {frame.who!r}"
        return Changed(f"{needed['asked'].capitalize()} for {frame.who}{frame.place}?", told)
    assert stopped
    told = f"{stopped['what']!r} is asked of {frame.who!r}"
    against = f"compared with {frame.against}" if frame.against else ""
    left = f"{against}{frame.place}".strip()
    lost = f", without {left!r}" if left else ""
    return Changed(f"What are the effects of stopping {frame.who}?", f"{told}{lost}")


_STOPPED: Final = re.compile(
    r"^\W*(?:(?:and|but|so)\s+)?what (?:happens|will happen|comes|if)\s+(?:(?:after|on|when|if|once|upon|with)\s+)?(?:(?:you|they|we|I|people|patients|someone|somebody)\s+)?"
    r"(?P<what>(?:stop\w*|discontinu\w*|withdraw\w*|quit\w*|com(?:e|ing) off|ceas\w*))(?:\s+(?:taking|using))?(?:\s+(?:it|them|this|that|treatment|therapy|the (?:drug|medicine|medication|treatment)s?))?\W*$",
    re.IGNORECASE,
)


_NEEDED: Final = re.compile(
    r"^\W*(?:and |so |but )?(?P<asked>how (?:many|much)(?: (?:people|men|women|patients|children))? (?:must|should|would|have to|had to|need to|needed to) (?:have to |need to )?be \w+)\W*$",
    re.IGNORECASE,
)


def asks_of_it_alone(query: str) -> bool:
    """Whether a question is one of these, and names nothing itself."""
    return _STOPPED.match(query) is not None or bool(_NEEDED.match(query) and not find(query))
