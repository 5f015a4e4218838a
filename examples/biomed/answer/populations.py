"""Whom a question is about: ages, sexes, pregnancy, origins, animals. Without I/O.

The names are MeSH's check tags and descriptors ("Child, Preschool", "Aged", "Pregnant Women", "Animals"), whose scope notes
give the ages; in a text they go by their everyday words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple


class Population(NamedTuple):
    """One kind of people."""

    name: str
    """As an answer calls it: ``children``."""
    group: str
    """What they are told apart by; a source need not be of two of one group."""
    asked: re.Pattern[str]
    """How a question names them."""
    said: re.Pattern[str]
    """How a text does."""
    headings: frozenset[str]
    """MeSH's descriptors that say a source is of them."""
    years: tuple[float, float] | None = None
    """The ages, both included."""


def _population(
    name: str,
    group: str,
    asked: str,
    said: str,
    headings: str,
    years: tuple[float, float] | None = None,
) -> Population:
    return Population(
        name,
        group,
        re.compile(rf"(?<![\w-])(?:{asked})(?!-?\w)", re.IGNORECASE),
        re.compile(rf"(?<!\w)(?:{said})(?!\w)", re.IGNORECASE),
        frozenset(one.strip() for one in headings.split(";")),
        years,
    )


_BEASTS = r"animals?|mice|mouse|rats?|rodents?|pigs?|dogs?|rabbits?|monkeys?|primates|ewes?|sheep|lambs?|goats?|cows?|mares?|cats?|sows?|hamsters?|ferrets?|baboons?|macaques?"
_BORN = r"(?<!\bmore )(?<!\bfewer )(?<!\bmany )(?<!\bhave a )(?<!\bhaving a )(?<!\bget a )(?<!\bgetting a )(?<!\bof a )(?<!\bfor a )bab(?:y|ies)|(?:more|fewer|many) babies(?= (?!after|from|by|than|if|when|during|per|born)\w)"
"""Babies, and not that some are born: "more babies?" asks for births, "do more babies die?" for babies."""
_BABIES = r"newborns?|neonat\w+|infants?|infancy|bab(?:y|ies)|preterms?|premature"
_TEENS = r"adolescen\w+|teen\w*|youths?|young people|high[- ]school\w*|age[sd]? (?:of )?1[0-5](?: (?:years )?to |[-–])1[5-9]"
_CHILDREN = r"child(?:ren)?(?:['’]s)?|childhood|p(?:a)?ediatric\w*|toddlers?|preschool\w*|kids?|boys?|girls?|minors|school-?aged?|schoolchildren|juvenile"
_NEWBORN = "Infant, Newborn; Infant, Premature; Infant, Low Birth Weight; Infant, Very Low Birth Weight; Infant, Extremely Low Birth Weight"
_OF_WOMEN = r"breast cancer|ovar\w+|uter(?:us|ine)|endometri\w+|vagin\w+|menopaus\w*|postmenopaus\w*|gyn(?:a)?ecolog\w+|menstrua\w+|matern\w+|obstetri\w+|pregnan\w+|mothers?"
_OF_MEN = (
    r"prostat\w+|testic\w+|testis|penile|erectile|semen|sperm\w*|fathers?|dads?|patern\w+|husbands?"
)

POPULATIONS: Final = (
    _population(
        "newborns",
        "age",
        r"newborns?|neonates?|preterm (?:infants?|bab(?:y|ies)|neonates?)|premature (?:infants?|bab(?:y|ies))|prematures",
        r"newborns?|neonat\w+|preterms?|premature (?:infants?|babies)|birth ?weight",
        _NEWBORN,
        (0, 0.08),
    ),
    _population(
        "infants",
        "age",
        rf"infants?|{_BORN}",
        rf"{_BABIES}|toddlers?",
        f"Infant; {_NEWBORN}",
        (0, 2),
    ),
    _population(
        "children",
        "age",
        r"child(?:ren)?|p(?:a)?ediatrics?|kids?|boys?|girls?|minors|toddlers?|preschoolers?|schoolchildren",
        f"{_CHILDREN}|{_BABIES}|{_TEENS}",
        f"Child; Child, Preschool; Infant; Adolescent; Minors; {_NEWBORN}",
        (0, 17),
    ),
    _population(
        "adolescents",
        "age",
        r"adolescents?|adolescence|teens?|teenagers?|youths?",
        _TEENS,
        "Adolescent",
        (12, 17),
    ),
    _population(
        "adults",
        "age",
        r"adults?|adulthood",
        r"adults?|adulthood|middle[- ]aged|elderly|older (?:people|patients|persons)|seniors",
        "Adult; Young Adult; Middle Aged; Aged; Aged, 80 and over; Frail Elderly",
        (18, 120),
    ),
    _population(
        "younger people",
        "age",
        r"younger (?:adults?|people|persons?|patients?|individuals|women|men|ones)|young adults?",
        r"young(?:er)?(?! (?:child\w*|infants?))|(?:under|below) (?:the age of )?[2-5]\d|(?:< ?|less than )[2-5]\d years|age[sd]? (?:of )?(?:1[89]|2\d|3\d)\b\w*",
        "Young Adult; Adolescent",
        (18, 49),
    ),
    _population(
        "older people",
        "age",
        r"elderly|older (?:adults?|people|persons?|patients?|women|men|subjects|drivers)|old(?:est)?[- ]old|seniors|geriatrics?|old age|octogenarians?|nonagenarians?",
        r"elder\w*|older(?! (?:child\w*|infants?|boys?|girls?|adolescents?|siblings?|than|brothers?|sisters?))|the aged|geriatric\w*|seniors?|old(?:est)?[- ]old|old age|(?:octo|septua|nona)genarians?|nursing homes?|age[sd]? (?:of )?(?:over |above |≥ ?|>(?:or =|=|/=)? ?)?(?:6[05]|7[05]|8[05])\w*|(?:older than|over|above|aged|≥ ?|> ?|at least) (?:the age of )?(?:6[0-9]|[7-9]\d)(?: years?| and (?:over|older|above)|\+| or (?:over|older|more)|[,;.)]|$)|(?:6[05]|[7-9]\d) (?:years )?(?:and|or) (?:over|older|above)",
        "Aged; Aged, 80 and over; Frail Elderly",
        (65, 120),
    ),
    _population(
        "women", "sex", r"women|woman|females?|girls?", rf"wom[ae]n|females?|girls?|{_OF_WOMEN}", "Female; Women; Pregnant Women; Mothers; Pregnancy"
    ),
    _population("men", "sex", r"men|man|males?|boys?|fathers?|dads?", rf"m[ae]n|males?|boys?|{_OF_MEN}", "Male; Men; Fathers"),
    _population(
        "pregnant women",
        "pregnancy",
        rf"(?:pregnan(?:t|cy|cies)|gravid\w*)(?! (?:\w+ )?(?:{_BEASTS})\b)|expect(?:ant|ing) (?:mothers?|women)",
        r"pregnan\w+|gestation\w*|gravid\w*|(?:ante|pre|peri)-?natal\w*|matern\w+|fet(?:us|uses|al)|foet(?:us|uses|al)|obstetri\w+|trimesters?|intrapartum|in lab(?:o|ou)r|c(?:a)?esarean\w*|deliver(?:y|ies)",
        "Pregnancy; Pregnant Women",
    ),
    _population(
        "breastfeeding women",
        "lactation",
        r"breast-?\s?feeding (?:women|mothers)|lactating (?:women|mothers)|nursing mothers|(?:during|in|while) (?:lactation|breast-?\s?feeding)",
        r"breast-?\s?fe\w+|lactat\w+|nursing mothers|breast milk|human milk",
        "Breast Feeding; Lactation; Milk, Human",
    ),
    _population(
        "Black people",
        "origin",
        r"black (?:people|patients|men|women|adults|children|americans|persons)|african[- ]americans?|blacks|(?:people|patients) of african (?:descent|ancestry)",
        r"blacks?|african[- ]?\w*",
        "African Americans; Blacks; Black People; Black or African American; African Continental Ancestry Group; Sub-Saharan African People",
    ),
    _population(
        "Hispanic people",
        "origin",
        r"hispanics?|latin[oax]s?|mexican[- ]americans?",
        r"hispanics?|latin[oax]s?|mexican\w*|puerto ricans?",
        "Hispanic Americans; Hispanic or Latino; Mexican Americans",
    ),
    _population(
        "Asian people",
        "origin",
        r"asians?(?:[- ]americans?)?|(?:south|east)[- ]asians?",
        r"asians?|chinese|japanese|koreans?|indians?|taiwan\w*|vietnamese|thais?|pakistani\w*",
        "Asian; Asians; Asian Americans; Asian People; Asian Continental Ancestry Group; East Asian People; South Asian People",
    ),
    _population(
        "Indigenous people",
        "origin",
        r"native americans?|american indians?|alaska natives?|indigenous (?:people|peoples|women|men|adults|children|patients)|aborigin\w+|m[aā]oris?|first nations?",
        r"native americans?|american indians?|alaska natives?|indigenous|aborigin\w+|m[aā]oris?|first nations?|inuit",
        "Indians, North American; American Indian or Alaska Native; Indigenous Peoples; Oceanic Ancestry Group; Inuit; American Native Continental Ancestry Group",
    ),
    _population(
        "humans",
        "species",
        r"humans?|human beings",
        r"humans?|patients?|wom[ae]n|m[ae]n|children|volunteers|participants|adults",
        "Humans",
    ),
    _population(
        "animals",
        "species",
        r"animals?|mice|mouse|rats?|rodents?|pigs?|dogs?|rabbits?|monkeys?|primates|ewes?|sheep|animal (?:models?|studies)",
        r"animals?|mice|mouse|murine|rats?|rodents?|pigs?|porcine|dogs?|canine|rabbits?|monkeys?|primates|ewes?|sheep",
        "Animals; Mice; Rats; Dogs; Rabbits; Swine; Models, Animal; Disease Models, Animal",
    ),
)  # fmt: skip
_NOT_OF_THEM = re.compile(
    r"\bchildren['’]s hospitals?\b|\b(?:women['’]s|children['’]s) (?:health initiative|center|centre)\b|\bpa?ediatricians?\b|"
    r"\b(?:adult|pa?ediatric|female|male)[- ]size[d]?\b|\bmen(?=['’]s health)\b",
    re.IGNORECASE,
)
_PEOPLE = re.compile(
    r"\b(?:people|patients?|persons?|subjects|participants|mothers|or)\b", re.IGNORECASE
)


def asked_populations(text: str, later: str = "") -> tuple[tuple[Population, ...], ...]:
    """Whom a question is about, group by group; one of each is enough, as in "children or adolescents".

    Args:
        text: The question, without what it wants left out.
        later: What was asked on from it, "and in children?": that takes the place of those of its group.
    """
    found = [one for one in POPULATIONS if one.asked.search(plain(text))]
    then = [one for one in POPULATIONS if later and one.asked.search(plain(later))]
    new = {one.group for one in then}
    kept = [*(one for one in found if one.group not in new), *then]
    if any(one.group in ("pregnancy", "lactation") for one in kept):
        kept = [one for one in kept if one.group != "sex"]
    groups = dict.fromkeys(one.group for one in kept)
    return tuple(
        wanted
        for group in groups
        if (wanted := _narrowest([one for one in kept if one.group == group]))
    )


def _narrowest(named: Sequence[Population]) -> tuple[Population, ...]:
    """Of "preterm infants" the newborns; both sexes are everybody."""
    if named[0].group == "sex" and len(named) > 1:
        return ()
    names = {one.name for one in named}
    if "newborns" in names:
        named = [one for one in named if one.name != "infants"]
    if "younger people" in names or "older people" in names:
        named = [one for one in named if one.name != "adults"]
    return tuple(named)


def is_of_people(text: str) -> bool:
    """Whether a few words name a population and nothing else: "pregnant women"."""
    left = text
    for one in POPULATIONS:
        left = one.asked.sub(" ", left)
    return left != text and not _PEOPLE.sub("", left).strip()


def plain(text: str) -> str:
    """A text without what has a word of people and names none: "a children's hospital"."""
    return _NOT_OF_THEM.sub(" ", text)
