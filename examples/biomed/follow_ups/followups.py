"""A question that goes on from the one before: "and in children?" keeps the topic. Without I/O."""

from __future__ import annotations

import re
from collections.abc import Callable

from ..answer.aspects import ASPECTS, asked_aspects
from ..answer.outcomes import asked_of
from ..entities import Entities
from ..queries.concept import Concept
from ..queries.identifiers import OF_ARTICLES, OF_TRIALS
from ..queries.shown import is_shown_alone
from ..queries.trial_filters import places
from ..terms.find import find
from ..words import content_words, stems, word_set
from .measured import SIDES, is_measured
from .of_it import asks_of_it_alone
from .replacing import SHORT

_GOES_ON = re.compile(
    r"^\s*(and|but|or|also|then|compared? (?:it |them )?(?:to|with|against)|against|relative to|versus|vs|(?:better |worse |safer )?than|instead of|"
    r"except(?:ing)?|excluding|exclude|leav(?:e|ing) out|i mean[t]?|(?:no|sorry|actually|rather),? i mean[t]?|make (?:it|that)|"
    r"what about|how about|what of|as well as|in addition|additionally|plus|likewise|(the )?same (for|in|with)|only|not|no|(and )?(in|for|with|without|"
    r"since|after|among|(?:at|on|during|before|below|above|under|over)(?! (?:what|which|whom))(?=[^,]*$))\b(?=.{0,40}\?*$))\b",
    re.IGNORECASE,
)
_POINTS_BACK = re.compile(
    r"\b(it|its|they|them|their|that|those|this|these|the same|the (?:effect|difference|benefit|improvement)s?(?! (?:of|on|in|between)))\b",
    re.IGNORECASE,
)
_ELLIPTIC = re.compile(
    r"^\s*(why|how (?:much|many|long|often|soon|come|so)|(?:at |in )?(?:what|which) (?:dose|dosage|doses|age|ages|one|ones)|"
    r"for how long|since when|by how (?:much|many)|who else)\b",
    re.IGNORECASE,
)
"""Begins a question that is whole only with the one before it, if it names nothing itself."""
_ASKS_ON = re.compile(
    r"^\s*(?:is|are|was|were|does|do|did|can|could|should|will|would|has|have|how does|how do|compare)\s+(?:it|they|them|this|that|these|those)\b"
    r"|^\s*(?:and |so |but )?which (?:ones?|of (?:them|these|those|the two|the three|both))\b",
    re.IGNORECASE,
)
"""Is about what was before, whatever else it names: "is it better than metformin?"."""
_ANYTHING = re.compile(
    r"^\s*(?:and |but )?(?:is|are|was|were) there (?:anything|something|more|any more|nothing)(?: (?:else|similar|known|new|newer))?\s+(?:in|on|for|about|among|with|from)\b",
    re.IGNORECASE,
)
"""Asks for more of the same: "is there anything in younger people?"."""
_HELPS = re.compile(
    r"^\s*(?:and |but )?(?:do|does|did|can|could|will|would|might)\s+[\w' -]{2,40}\s(?:help|work|matter)\s*\?*\s*$",
    re.IGNORECASE,
)
"""Does not say what against: "does exercise help?"."""
_REFINES = re.compile(
    r"\b(side effects?|adverse|safety|dos(?:e|es|age|ing)|costs?|long[- ]term|mechanism|humans?|more recent|newer|older ones|latest|only|limit(?:ed)? to|"
    r"restrict(?:ed)? to|show|just|instead|trials?|stud(?:y|ies)|reviews?|meta-?analys[ei]s|guidelines?|rcts?|recruiting|evidence|results?)\b",
    re.IGNORECASE,
)
_SWITCHES = re.compile(
    r"^\s*(?:(?:and |ok(?:ay)?,? |thanks,? |so,? )?(?:now )?(?:(?:for |to |about )?(?:something|anything) (?:else|different|new)(?: now)?|"
    r"(?:an? )?(?:new|different|another|next|unrelated|separate) (?:question|topic|subject|matter)|chang(?:e|ing)(?: of)?(?: the| my)? (?:topic|subject)s?|"
    r"switch(?:ing)?(?: the)? (?:topic|subject)s?|forget (?:that|it|about (?:that|it)|the (?:last|previous)[\w ]*)|moving on|"
    r"on (?:another|a different) (?:note|topic)|let['’]?s (?:talk about|move on to|turn to|switch to))\b)\s*[:,.;!–-]*\s*",
    re.IGNORECASE,
)
"""Says that what comes has nothing to do with what was before."""
_GRADES = word_set(
    "strong strength sure certain certainty good reliable recent newest few fewer fewest less least many much better best worse worst safer safest effective "
    "one ones anything something any summary quality level really tell details thing things"
)
"""Says how much, how good or how new, and of nothing in particular."""
_SETTING = re.compile(
    r"^\s*(?:(?:and|but|what about|how about)\s+)?(?:(?:patients|people|those|someone|anyone)\s+)?(?:in|on|at|below|above|under|over|among|during|after|while|once|with|undergoing)\s+(?!(?:whom|what|which)\b)\S",
    re.IGNORECASE,
)
ELLIPTIC = 4
REFINING = 6


def points_back(query: str) -> bool:
    """Whether a question has a word for what was before it, "does smoking change that?"."""
    return _POINTS_BACK.search(query) is not None


def asked_back(entities: Entities) -> str:
    """What to ask where a question names nothing to search for; empty where it does."""
    named = (
        "drugs",
        "drug_classes",
        "conditions",
        "genes",
        "companies",
        *OF_ARTICLES,
        *OF_TRIALS,
    )
    if any(entities.get(name) for name in named) or entities.get("language"):
        return ""
    if sum(not one["excluded"] for one in entities.get("concepts", [])) > 1:
        return ""
    return "Which disease, medicine or procedure is it about, and in whom?"


def begun_anew(query: str) -> str | None:
    """The question without the words that say it is about something else ("new topic: gout"); None where it has none."""
    match = _SWITCHES.match(query)
    rest = query[match.end() :].strip() if match else ""
    return rest or None


def is_follow_up(query: str, names_something: bool, narrows: bool = False) -> bool:
    """Whether a question needs the one before it.

    Args:
        query: The question.
        names_something: Whether it names a drug, a condition or an identifier itself.
        narrows: Whether it has nothing but what narrows a search: dates, people, places, a kind of work.
    """
    words = query.split()
    if begun_anew(query) is not None or _is_of_nothing_before(query):
        return False
    if _ASKS_ON.search(query) and len(words) <= SHORT:
        return True
    if is_shown_alone(query) and not names_something:
        return True
    if asks_of_it_alone(query):
        return True
    if _HELPS.search(query) and not any(one.kind == "condition" for one in find(query)):
        return True
    if not names_something and len(words) <= REFINING and (narrows or _REFINES.match(query)):
        return True
    if _GOES_ON.search(query) and len(words) <= SHORT:
        return True
    if names_something or len(words) > SHORT:
        return False
    if names_nothing(query) or _ANYTHING.search(query):
        return True
    if len(words) <= ELLIPTIC and asks_for_any(query):
        return True
    if len(words) <= ELLIPTIC and _ELLIPTIC.search(query):
        return True
    return bool(_POINTS_BACK.search(query))


def _is_of_nothing_before(query: str) -> bool:
    """Whether its "it" stands for nothing, and it names itself what is done and in whom: "is it safe to drink alcohol in pregnancy?"."""
    match = _EXPLETIVE.match(query)
    return match is not None and bool(find(match["what"]))


_EXPLETIVE = re.compile(
    r"^\W*(?:(?:and|but|so)\s+)?(?:is|was|would) it (?:be )?(?:ever |really |still )?\w+ (?:for [\w ]+? )?to \w+ (?P<what>(?!(?:in|with|during|for|after|before|on|at|by|to|if|when|it|them|this|that|these|those|long|every|daily)\b)[\w' -]+?) (?:in|during|after|before|at) (?!(?:it|them|this|that|these|those|the)\b)[\w' -]+?\W*$",
    re.IGNORECASE,
)


def is_whole(query: str, read: Callable[[str], Entities]) -> str:
    """A question without the "and" before it that says itself what does what, "and does poor adherence cause strokes?"; empty for any other."""
    match = _AND.match(query)
    if match is None or _POINTS_BACK.search(match["rest"]):
        return ""
    asked = asked_of(match["rest"], read(match["rest"])["concepts"])
    return match["rest"] if asked.exposure and asked.outcome else ""


_AND = re.compile(
    r"^\W*(?:and|but|so|or)\s+(?P<rest>(?:do|does|did|can|could|will|would)\s.*)$", re.IGNORECASE
)


def names_nothing(query: str) -> bool:
    """Whether a question is on an aspect, the evidence or the newest work of something that it does not name: "which has fewer side effects?"."""
    rest = query
    for aspect in ASPECTS:
        rest = aspect.asked.sub(" ", rest)
    rest = _REFINES.sub(" ", rest)
    left = content_words(rest)
    if any(word not in _GRADES for word in left):
        return False
    return bool(left or asked_aspects(query) or _REFINES.search(query))


_BARE = re.compile(
    r"\s*(?!(?:why|how|what|which|when|where|who|whom|really|and|or|but|in|for|no|not|yes|ok|only|is|are|was|were|has|have|had|there|do|does|did|can|could|will|would|should|so|on|at|with|without|versus|vs|than|after|during|before|among|while|since|against|compared|under|over|by|to|from|also|plus|then)\b)(?:any )?[\w'’-]+(?: [\w'’-]+){0,3}\s*\?+\s*",
    re.IGNORECASE,
)


def is_bare(query: str) -> bool:
    """Whether a question is nothing but a few words, "kidney injury?", "response rates?": it asks the same of what they name."""
    name = query.strip(" ?")
    is_counted = is_measured(name) and not stems(name) & SIDES
    if _BARE.fullmatch(query) is None or (names_nothing(query) and not is_counted):
        return False
    is_named = len(name.split()) < ELLIPTIC and bool(find(name))
    return is_counted or is_named or not _OF.search(name)


_OF = re.compile(r"\s(?:in|on|at|of|for|from|by|near|around)\s", re.IGNORECASE)
"""Makes a question of its own of words that no table has: "best pizza in Rome?"."""


def asks_for_any(query: str) -> bool:
    """Whether it asks whether there is any of what it names, and for nothing in the place of anything: "any better alternatives?"."""
    return _ANY.match(query) is not None and not any(one.kind == "drug" for one in find(query))


_ANY = re.compile(r"^\W*(?:(?:and|but|or|so)\s+)*any\s", re.IGNORECASE)


def is_event(query: str) -> bool:
    """Whether a setting is one time that not all share who are asked of next: "after cardiac surgery?"."""
    return _WHEN.match(query) is not None


_WHEN = re.compile(
    r"^\s*(?:(?:and|but|what about|how about)\s+)?(?:after|before|during|undergoing)\s",
    re.IGNORECASE,
)


def is_setting(query: str) -> bool:
    """Whether it says in whom or at what the topic is asked of, "and on dialysis?": what is asked next is of that, too."""
    return len(query.split()) <= REFINING and _SETTING.match(query) is not None


def narrows(entities: Entities) -> bool:
    """Whether a question has no topic, and something that narrows one."""
    if any(
        one["kind"] != "word"
        and not one["excluded"]
        and one["heading"] not in _WHOM
        and not places(one["text"])
        for one in entities.get("concepts", [])
    ):
        return False
    goes_on = _GOES_ON.search(entities["question"]) or _REFINES.search(entities["question"])
    if not goes_on and any(_is_topical(one) for one in entities.get("concepts", [])):
        return False
    filters = (
        "phases", "statuses", "date_from", "date_to", "places", "sex", "age_groups", "age_from", "age_to", "min_enrollment",
        "max_enrollment", "randomized", "excluded", "designs",
        "excluded_designs",
    )  # fmt: skip
    return entities["intent"] in ("trials", "recruiting", "review") or any(
        entities.get(name) for name in filters
    )


def _is_topical(one: Concept) -> bool:
    """Whether a lone word is one that a question may be about: "best pizza in Rome"."""
    return one["kind"] == "word" and not one["excluded"] and not places(one["text"])


_WHOM = ("", "Child", "Infant", "Adolescent", "Aged", "Women", "Men", "Pregnant Women", "Pregnancy")


def joined(topic: str, query: str) -> str:
    """The whole question: the topic's, and what is asked on."""
    return f"{topic.strip().rstrip('?.! ')}, {query.strip()}"
