"""The answer first: sentences of the best sources that answer the question, each with its number.

Without a model and without I/O. A sentence is taken as its source wrote it, from its conclusions
before its results, so what is said is what the source says. Where no source speaks to the question
there is no answer: :data:`SPEAKS` is set on questions with known sources and on questions that have
none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import msgspec

from .citations import cited_numbers
from .entities import Entities, topics
from .records import Record
from .state import Citation
from .vocabulary import CLASS_MEMBERS
from .words import stem, words_of

SPEAKS = 0.5
"""The weighted share of the question's concepts that a source has to name to speak to it."""
SPEAKS_OUTSIDE = 0.7
"""The same where the question names nothing of medicine."""
NEAR = 0.25
"""How much less than the best source another one may name."""
LIKE_AN_ABSTRACT = 6
"""Sentences of a document that is read as an abstract: what is known and what is asked stand first."""
MAX_SENTENCES = 5
LONGEST = 420
"""Characters of a sentence that is quoted; a longer one is no sentence to read."""

_GENERAL = frozenset(
    [
        "effect",
        "effective",
        "effectiveness",
        "efficacy",
        "associate",
        "association",
        "associated",
        "patient",
        "treatment",
        "treat",
        "therapy",
        "risk",
        "study",
        "trial",
        "result",
        "outcome",
        "role",
        "affect",
        "influence",
        "improve",
        "increase",
        "reduce",
        "predict",
        "difference",
        "compare",
        "comparison",
        "clinical",
        "evidence",
        "use",
        "useful",
        "benefit",
        "cause",
        "relate",
        "related",
        "impact",
        "there",
        "necessary",
        "important",
        "need",
        "help",
        "work",
        "does",
        "good",
        "better",
        "best",
        "safe",
        "change",
        "level",
        "rate",
        "woman",
        "man",
        "people",
        "person",
        "adult",
        "child",
        "disease",
        "factor",
        "among",
        "different",
        "high",
        "low",
        "new",
        "case",
        "group",
        "year",
        "time",
        "analysis",
        "value",
        "early",
        "long-term",
        "term",
        "quality",
    ]
)
_CONCLUDES = re.compile(
    r"^(conclusions?|interpretation|in conclusion|in summary|to conclude|we conclude|our (results|findings|"
    r"data|study)|these (results|findings|data)|this study|the (results|findings|present)|overall|thus|"
    r"therefore|taken together)\b|\b(suggests?|concludes?|demonstrates?|indicates?|confirms?|supports?|"
    r"appears?|should|may be|is associated|are associated|was associated|were associated)\b",
    re.IGNORECASE,
)
_RESULT = re.compile(
    r"\d\s?%|\bp\s?[<=>]|(?-i:\b(?:CI|HR|OR|RR)\b)|\bsignificant|\b(higher|lower|greater|fewer|more|less|"
    r"increased|decreased|reduced|improved) ",
    re.IGNORECASE,
)
_AIM = re.compile(
    r"^(background|objectives?|aims?|purpose|methods?|introduction)\b|^to [a-z]+ (?!(?:date|our|this|the best)\b)(?!.*, (?:we|the|an?|our|this|these)\b)|^to (determine|evaluate|assess|"
    r"investigate|examine|compare|study|test|describe|explore|analy[sz]e|identify)\b|"
    r"\b(aim|purpose|objective) (of|was|is)\b|\bwe (aimed|sought|hypothesi)|"
    r"^(determine|evaluate|assess|investigate|examine|compare|describe|explore|analy[sz]e|identify) |"
    r"\b(study|trial|review|paper|article|analysis|report) (aim|sought|address|assess|evaluat|examin|investigat|compare|review|"
    r"describe|explore|determine|(was|were) (designed|conducted|undertaken|performed|carried out))|"
    r"\bhypothes[ie]s\b.*\btested\b|^surveyed |\b(addressed|tested|asked|studied|determined|examined|investigated|assessed|evaluated) (whether|if|how)\b",
    re.IGNORECASE,
)
_METHOD = re.compile(
    r"\bwe (retrospectively |prospectively |first |then |also )?(defined|describe|present|aimed|asked|abstracted|searched|identified|analy[sz]ed|reviewed|studied|evaluated|assessed|examined|investigated|compared|"
    r"tested|conducted|performed|measured|recruited|enrolled|included|randomi[sz]ed|collected|used|treated|interviewed|surveyed)\b|"
    r"\b(was|were) (retrospectively |prospectively |then |also |randomly )?(registered|recorded|collected|measured|calculated|"
    r"randomi[sz]ed|assigned|allocated|enrolled|recruited|interviewed|reviewed|analy[sz]ed|defined|administered|performed|"
    r"obtained|abstracted|extracted|searched|invited|asked|selected|divided|applied|conducted|evaluated|assessed|followed)\b",
    re.IGNORECASE,
)
"""How an article tells what was done; what was found may stand in the same sentence, then with a number or a comparison."""
_TOOK_PART = re.compile(
    r"^(?:(?:a total of|in total,?|overall,?) )?(?:\d[\d,]*|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|one hundred|two|three|four|five|six|"
    r"seven|eight|nine|ten|eleven|twelve|\w+teen)(?:-\w+)?) [^.]{0,90}?\b(?:randomi[sz]ed|recruited|enrolled|included|eligible|"
    r"reviewed|studied|identified|analy[sz]ed|surveyed|invited)\b|\b(?:patients|participants|subjects|women|men) completed (?:the|a)\b",
    re.IGNORECASE,
)
"""Who took part, with a number that is no finding."""
_HARM = re.compile(
    r"\b(?:safe\w*|unsafe|adverse|complicat\w+|toler\w+|toxic\w*|harm\w*|side effects?|mortality|bleeding|events?|risks?)\b",
    re.IGNORECASE,
)
_SURE = re.compile(
    r"\bp\s?[<=>]|(?-i:\b(?:CI|HR|OR|RR)\b)|\bsignifican|\d\s?%|\b(?:higher|lower|greater|increased|decreased|reduced|improved|fewer|better|worse) |"
    r"\bno (?:\w+ )?(?:difference|effect|association|correlation)",
    re.IGNORECASE,
)
"""A finding, also where it stands beside a method."""
_AMOUNT = re.compile(r"\d")
_COMPARES = re.compile(
    r"\b(?:than|versus|vs|compared|higher|lower|greater|superior|inferior|better|worse|best|most|similar|difference)\b",
    re.IGNORECASE,
)
_KINDS: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = (
    (
        re.compile(r"\b(?:safe|safety|harmful|dangerous|risky|side effects?)\b", re.IGNORECASE),
        _HARM,
    ),
    (
        re.compile(
            r"\bhow (?:much|many|often|long|high|large|common|frequent)\b|\bwhat (?:proportion|percentage|dose|is the (?:rate|incidence|prevalence))\b",
            re.IGNORECASE,
        ),
        _AMOUNT,
    ),
    (
        re.compile(
            r"\b(?:which|better|worse|best|superior|compared|versus|vs|differ\w*|more \w+ than)\b",
            re.IGNORECASE,
        ),
        _COMPARES,
    ),
)
"""What a question asks for, and what a sentence that answers it has."""
ASKED_FOR = 0.25
"""How much a sentence gains by having it, and by each general word of the question ("improve", "predict") that it takes up."""
BESIDE = 0.5
"""How much of the question a sentence has to name itself that is quoted from a further source."""

_DANGLING = re.compile(
    r"^(this|these|that|those|such|it|they|both|the (latter|former)|another|others?)\b"
    r"(?! (stud|trial|review|analys|meta|result|finding|data))|\bgroups? (\d|[A-C]\b|I+\b)",
    re.IGNORECASE,
)
"""What needs the sentence before it to be understood."""
_KNOWN_BEFORE = re.compile(
    r"\b(has|have) been (described|reported|shown|suggested|associated|proposed|recommended)\b|\b(previous|earlier|recent|several|many|"
    r"some) (studies|reports|research|findings)\b|^(studies|reports|epidemiologic findings) |\b(little|not much) is known|"
    r"\b(remains?|is|are) (unclear|unknown|controversial|debated)\b",
    re.IGNORECASE,
)
"""What was known before: an abstract's beginning."""
_LABEL = re.compile(
    r"^(CONCLUSIONS?|RESULTS?|FINDINGS|INTERPRETATION)( AND RELEVANCE)?:\s*", re.IGNORECASE
)
_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9(\"'])")
_NO_END = re.compile(
    r"\b(vs|e\.g|i\.e|et al|cf|approx|Dr|Fig|no|ca|St)\.$|\b[A-Z]\.$", re.IGNORECASE
)
_NEGATIVE = re.compile(
    r"\b(no (significant |statistically |clinically )?(difference|effect|association|benefit|evidence|"
    r"relationship|correlation|improvement|increase|advantage)|(did|do|does|was|were|is|are|could|can) not|"
    r"not (significantly )?(associated|different|superior|affect|improve|reduce|effective|predict)|"
    r"ineffective|failed to|unlikely|without (a )?(significant|benefit)|neither)\b",
    re.IGNORECASE,
)
_PEOPLE = re.compile(
    r"\b(\d{1,3}(?:[, ]\d{3})+|\d{2,7})\s+(?:\w+\s+){0,3}?(?:patients|participants|adults|children|women|men|subjects)\b",
    re.IGNORECASE,
)
_DESIGNS = (
    ("Meta-Analysis", "meta-analysis"),
    ("Systematic Review", "systematic review"),
    ("Practice Guideline", "guideline"),
    ("Guideline", "guideline"),
    ("Randomized Controlled Trial", "randomised trial"),
    ("Clinical Trial", "clinical trial"),
    ("Observational Study", "observational study"),
    ("Review", "review"),
)
_IN_TEXT = (
    ("meta-analysis", r"meta-?analys"),
    ("systematic review", r"systematic review"),
    ("randomised trial", r"randomi[sz]ed"),
    ("cohort study", r"\bcohort|prospective"),
    ("retrospective study", r"retrospective"),
    ("survey", r"survey|questionnaire"),
)

Concept = tuple[float, list[frozenset[str]]]
Cited = Sequence[tuple[Citation, Record]]


class Sentence(msgspec.Struct, frozen=True):
    """One sentence of the answer."""

    text: str
    n: int
    negative: bool
    """Whether it says that there is no effect or no difference."""


class Found(msgspec.Struct):
    """What the sources say to the question."""

    sentences: list[Sentence]
    speaking: list[int]
    """The numbers of the sources that speak to it, best first."""


def concepts(entities: Entities) -> list[Concept]:
    """What a source should name: a named thing or a telling word weighs 1, a general one 0.25."""
    found: list[Concept] = []
    for name in (
        *entities["drugs"],
        *entities["conditions"],
        *entities["companies"],
        *entities["nct_ids"],
        *entities["pmids"],
    ):
        found.append((1.0, [_roots(name)]))
    for name in entities["drug_classes"]:
        members = CLASS_MEMBERS.get(name, ())
        found.append((1.0, [_roots(name), *(_roots(member) for member in members)]))
    for word in topics(entities):
        found.append((0.25 if stem(word) in _GENERAL or word in _GENERAL else 1.0, [_roots(word)]))
    return [one for one in found if any(one[1])]


def coverage(record: Record, wanted: Sequence[Concept]) -> float:
    """The weighted share of the concepts that a record names; 0 where the question names nothing."""
    total = sum(weight for weight, _ in wanted)
    if not total:
        return 0.0
    named = _roots(
        " ".join(
            [
                record["title"],
                record["id"],
                record.get("text", ""),
                record.get("outcome", ""),
                record.get("sponsor", ""),
                *record.get("keywords", []),
                *record.get("conditions", []),
                *record.get("interventions", []),
            ]
        )
    )
    return sum(weight for weight, either in wanted if any(one <= named for one in either)) / total


def speaks(record: Record, wanted: Sequence[Concept], *, is_medical: bool = True) -> bool:
    """Whether a record speaks to the question: enough of its concepts, and not general ones alone.

    A question that names nothing of medicine shares its words with medicine by chance: then most of them
    have to be there, and three in one sentence.
    """
    telling = [one for one in wanted if one[0] >= 1]
    if not telling or coverage(record, wanted) < (SPEAKS if is_medical else SPEAKS_OUTSIDE):
        return False
    named = [one for one in telling if coverage(record, [one])]
    if len(telling) == 1 and is_medical:
        # One word alone is named by many a text in passing.
        return bool(named) and coverage({**record, **_TITLE_ALONE}, telling) > 0
    together = 2 if is_medical else 3
    if len(named) < together:
        return False
    # Of few words, two have to meet in one place: a text may name each for another reason.
    places = [record["title"], *sentences(record.get("text", "")), _facts(record)]
    return any(
        sum(coverage({"title": place, "id": ""}, [one]) for one in named) >= together
        for place in places
    )


_TITLE_ALONE: Any = {"text": "", "outcome": "", "sponsor": "", "keywords": []}


def _facts(record: Record) -> str:
    listed = [*record.get("conditions", []), *record.get("interventions", [])]
    return " ".join([record["title"], record.get("sponsor", ""), record["id"], *listed])


def worth_listing(entities: Entities, cited: Cited) -> list[int]:
    """The numbers of what is shown though nothing speaks to the question: the nearest results.

    None for a question that names nothing known: that is what a question outside biomedicine looks
    like. A document has to name something of the question; a service's own search already had to.
    """
    known = ("drugs", "drug_classes", "conditions", "companies", "nct_ids", "pmids")
    if not any(entities.get(name) for name in known):
        return []
    telling = [one for one in concepts(entities) if one[0] >= 1]
    return [
        citation["n"]
        for citation, record in cited
        if record["type"] != "document" or coverage(record, telling) > 0
    ]


def find(entities: Entities, cited: Cited) -> Found:
    """The sentences that answer, from the sources that speak to the question, best source first."""
    wanted = concepts(entities)
    speaking = [
        (round(coverage(record, wanted), 2), -place, citation["n"], record)
        for place, (citation, record) in enumerate(cited)
        if record["id"] in (*entities["nct_ids"], *entities["pmids"])
        or speaks(record, wanted, is_medical=entities.get("is_medical", True))
    ]
    speaking.sort(key=lambda one: one[:2], reverse=True)
    # Beside a source that names all of it, one that names half of it speaks to something else.
    speaking = [one for one in speaking if one[0] >= speaking[0][0] - NEAR]
    chosen: list[Sentence] = []
    asked = entities.get("question", "")
    for place, (_, _, n, record) in enumerate(speaking):
        room = MAX_SENTENCES - len(chosen)
        if room <= 0:
            break
        told = telling_sentences(record, wanted, asked)
        if place:
            told = [one for one in told if coverage({"title": one, "id": ""}, wanted) >= BESIDE]
        chosen += [
            Sentence(text, n, _NEGATIVE.search(text) is not None)
            for text in told[: min(room, 2 if place == 0 else 1)]
        ]
    return Found(chosen, [one[2] for one in speaking])


def telling_sentences(record: Record, wanted: Sequence[Concept], question: str = "") -> list[str]:
    """A record's sentences that state its findings, the most telling first; none from aims."""
    if outcome := record.get("outcome"):
        return [f"{record['title']}: {outcome}"]
    if record["type"] == "trial":
        # A registry's summary says what is planned, not what was found.
        return []
    parts = sentences(record.get("text", ""))
    scored = []
    is_article = record["type"] == "article" or len(parts) >= LIKE_AN_ABSTRACT
    for place, text in enumerate(parts):
        bare = _LABEL.sub("", text)
        if not 30 <= len(bare) <= LONGEST or _AIM.search(bare) or bare.endswith("?"):
            continue
        is_finding = _RESULT.search(bare) is not None
        if _TOOK_PART.search(bare) and not _SURE.search(bare):
            continue
        if not _LABEL.match(text) and (
            _KNOWN_BEFORE.search(bare)
            or (_METHOD.search(bare) and not _SURE.search(bare))
            or (is_article and place < len(parts) // 4 and not is_finding)
        ):
            continue
        is_last = place >= len(parts) - 2
        value = coverage({"title": bare, "id": ""}, wanted)
        value += ASKED_FOR * sum(
            coverage({"title": bare, "id": ""}, [one]) > 0 for one in wanted if one[0] < 1
        )
        value += ASKED_FOR * any(
            asks.search(question) and has.search(bare) is not None for asks, has in _KINDS
        )
        value -= 0.35 * bool(_DANGLING.search(bare))
        value += 0.6 * bool(_LABEL.match(text) and text[:1].lower() == "c")
        value += 0.3 * bool(_CONCLUDES.search(bare)) + 0.35 * is_last + 0.15 * is_finding
        if is_last or record["type"] == "document" or _CONCLUDES.search(bare) or is_finding:
            scored.append((round(value, 3), place, bare))
    return [text for _, _, text in sorted(scored, key=lambda one: (-one[0], -one[1]))]


def sentences(text: str) -> list[str]:
    """A text's sentences; an abbreviation's or a decimal's point ends none."""
    found: list[str] = []
    for part in _END.split(text):
        if found and _NO_END.search(found[-1]):
            found[-1] = f"{found[-1]} {part}"
        else:
            found.append(part.strip())
    return [one for one in found if one]


def supports(sentence: str, record: Record) -> bool:
    """The rule for a supported sentence: all its numbers and three quarters of its telling words are
    in the cited record's title, text, outcome or named facts.
    """
    source = f"{record['title']} {record.get('text', '')} {record.get('outcome', '')}"
    source += " " + " ".join(
        [*record.get("conditions", []), *record.get("interventions", []), record.get("sponsor", "")]
    )
    numbers = set(re.findall(r"\d+(?:[.,]\d+)*", re.sub(r"\[\d+\]", "", sentence)))
    known = set(re.findall(r"\d+(?:[.,]\d+)*", source))
    known |= {str(record.get("enrollment") or ""), str(record["year"] or ""), record["id"]}
    words = {one for one in _roots(re.sub(r"\[\d+\]", "", sentence)) if not one[0].isdigit()}
    words -= _GENERAL
    if not numbers <= known:
        return False
    return not words or len(words & _roots(source)) >= 0.75 * len(words)


def strength(found: Found, cited: Cited) -> str:
    """How strong the evidence is: designs, people, years, and whether the sources agree."""
    by_number = {citation["n"]: record for citation, record in cited}
    own = [by_number[n] for n in found.speaking if n in by_number]
    if not own:
        return ""
    designs: dict[str, int] = {}
    for record in own:
        name = _design(record)
        designs[name] = designs.get(name, 0) + 1
    years = sorted(year for record in own if (year := record.get("year")))
    people = max((_people(record) for record in own), default=0)
    facts = [
        f"{len(own)} {'source speaks' if len(own) == 1 else 'sources speak'} to the question: "
        + ", ".join(f"{count} {name}" for name, count in designs.items()),
        f"the largest has {people} participants" if people else "",
        f"from {years[0]} to {years[-1]}" if years and years[0] != years[-1] else "",
        f"of {years[0]}" if years and years[0] == years[-1] else "",
    ]
    lines = ["; ".join(fact for fact in facts if fact) + ".", _agreement(found)]
    return "\n\n".join(line for line in lines if line)


def _agreement(found: Found) -> str:
    against = sorted({one.n for one in found.sentences if one.negative})
    for_it = sorted({one.n for one in found.sentences if not one.negative} - set(against))
    if against and for_it:
        return (
            "**The sources do not agree.** "
            f"{_numbers(for_it)} report an effect or a difference; {_numbers(against)} report none, or "
            "limit it."
        )
    if len(against) > 1:
        return (
            f"The sources agree: {_numbers(against)} report no effect or difference, or limit it."
        )
    if len(for_it) > 1:
        return f"No source that is quoted contradicts another: {_numbers(for_it)}."
    return "One source alone is quoted; nothing confirms or contradicts it here."


def _numbers(numbers: Sequence[int]) -> str:
    return "".join(f"[{n}]" for n in numbers)


def _design(record: Record) -> str:
    if record["type"] == "trial":
        return "registered trial"
    types = record.get("publication_types", [])
    for start, name in _DESIGNS:
        if any(one.startswith(start) for one in types):
            return name
    text = record.get("text", "")
    for name, pattern in _IN_TEXT:
        if re.search(pattern, text, re.IGNORECASE):
            return name
    return "document" if record["type"] == "document" else "article of unknown design"


def _people(record: Record) -> int:
    given = record.get("enrollment")
    said = [int(re.sub(r"\D", "", one)) for one in _PEOPLE.findall(record.get("text", ""))]
    return max([given or 0, *said])


def _roots(text: str) -> frozenset[str]:
    """Words by their beginnings: ``mortality`` meets ``mortal``, ``predict`` meets ``predictors``."""
    found = set()
    for word in words_of(text):
        for part in (word, *word.split("-")):
            root = stem(part)
            found.add(root[: max(5, len(root) - 3)] if len(root) > 5 and root.isalpha() else root)
    return frozenset(found)


def unsupported(text: str, cited: Cited) -> list[str]:
    """The sentences of a text that none of the records they cite supports."""
    by_number: dict[int, Any] = {citation["n"]: record for citation, record in cited}
    return [
        one
        for one in sentences(text)
        if (numbers := cited_numbers(one))
        and not any(supports(one, by_number[n]) for n in numbers if n in by_number)
    ]
