"""Which sentences of a source tell what was found: those first that answer what the question asks. Without I/O.

An abstract goes from what is known over what was asked, done, and in whom, to what was found. Only the last is an
answer; the sentences before it name more of the question than any other, and are told by how they are said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from ..records import Record
from ..sentences import sentences
from .speaking import Concept, coverage
from .zones import Part, concludes, parts_of

LIKE_AN_ABSTRACT = 6
"""Sentences of a document that is read as an abstract: what is known and what is asked stand first."""
SHORTEST, LONGEST = 30, 420
"""Characters of a sentence that is quoted; a longer one is no sentence to read."""
ASKED_FOR = 0.25
"""How much a sentence gains by having what the question asks for, and by each general word of it ("improve", "predict") that it takes up."""

_CONCLUDED = 1.5
"""How much a sentence gains by being a conclusion that names nearly as much of the question as any other, :data:`_AS_MUCH` of it: it comes before all results."""
_AS_MUCH = 0.7

_CONCLUDES = re.compile(
    r"^(conclusions?|interpretation|in conclusion|in summary|to conclude|we conclude|our (results|findings|"
    r"data|study)|these (results|findings|data)|this study|the (results|findings|present)|overall|thus|"
    r"therefore|taken together)\b|\b(suggests?|concludes?|demonstrates?|indicates?|confirms?|supports?|"
    r"appears?|should|may be|is associated|are associated|was associated|were associated)\b",
    re.IGNORECASE,
)

# What is found.
_STATISTICS = re.compile(
    r"\bp\s?[<=>≤]|(?-i:\b(?:CI|HR|OR|RR|AUC|NS)\b)|\b(?:confidence (?:interval|limit)s?|(?:odds|hazard|risk|likelihood) ratios?|relative risk|"
    r"intraclass|kappa|r\s?=)|\bsignifican|\u00b1|\+/-",
    re.IGNORECASE,
)
_CONTRAST = re.compile(
    r"\b(?:than|higher|lower(?! (?:limb|extremit|leg|back|pole|lip|cal[yi]|urinary|respiratory|airway|gastro|abdom|tract|eyelid|third|part|end|jaw|infund))|greater|fewer|better|worse|best|superior|inferior|(?:increas|decreas|reduc|improv)e[sd]?|improvements?|lower(?:s|ed)|shorten(?:s|ed)|prolong(?:s|ed)|worsen(?:s|ed)|declin\w+|fell|rose|dropped|"
    r"(?:less|more) (?:\w+ )?(?:likely|often|frequent\w*|common\w*|effective\w*|accurate\w*)|unchanged|similar|comparable|equal|the same|"
    r"no (?:\w+ )?(?:difference|effect|association|correlation|relation\w*|evidence|benefit|improvement|increase|change|recurrence)s?|neither|nor)\b",
    re.IGNORECASE,
)
_DENIES = re.compile(
    r"\b(?:did|do|does|was|were|is|are|could|can) not\b|\bcannot\b|\bthere (?:was|were|is|are) (?:\w+ )?(?:no|none|nothing)\b|"
    r"^(?:no|none of the) [^,;:]*\b(?:was|were|had|has|have|occurred|developed|experienced|died)\b|\bno (?:cases?|instances?|reports?|events?) of\b",
    re.IGNORECASE,
)
"""Says that something is not, or was not seen: "no cases were reported", "there was no interaction"."""
_RELATES = re.compile(
    r"\b(?:associated with|correlat\w+|predict(?:s|ed|ors?|ive)|independent(?:ly)?|influenced?|affect(?:s|ed)|contribut\w+|depend(?:s|ed|ent)|followed by|"
    r"result(?:s|ed) in|led to|caused?|prevent(?:s|ed)|occurred|developed|remained|persist\w*|achieved|detected|revealed|show(?:s|ed|n)|found (?:to|that|in)|"
    r"demonstrated?|reported|experienced|agreed|differ(?:s|ed)?|effective|successful\w*|safe|feasible|accura\w+|sensitivity|specificity|reliab\w+|valuable|"
    r"useful|adequate|sufficient|satisfactory|able to|identified)\b",
    re.IGNORECASE,
)
_PERCENT = re.compile(r"\d\s?%|\b\d+(?:\.\d+)? percent\b|\b\d+ (?:of|out of) (?:the )?\d+\b")

# What is none, whatever numbers it has.
_AIM = re.compile(
    r"^(background|objectives?|aims?|purpose|methods?|introduction|design|settings?|patients|questions?)\b\s*[:/]|^(background|objectives?|aims?|purpose|methods?|introduction)\b|"
    r"^to [a-z]+ (?!(?:date|our|this|the best)\b)(?!.*, (?:we|the|an?|our|this|these)\b)|^to (determine|evaluate|assess|"
    r"investigate|examine|compare|study|test|describe|explore|analy[sz]e|identify)\b|"
    r"\b(aim|purpose|objective|goal)s? (of|was|is|were)\b|\b(?:we|authors?) (aimed|sought|hypothesi|investigatew?e?d?)|\b(?:study|paper|article|report|work) aims?\b|"
    r"^(determine|evaluate|assess|investigate|examine|compare|describe|explore|analy[sz]e|identify) |"
    r"\b(study|trial|review|paper|article|analysis|report) ((?:was|is) (?:aimed|intended)|aim|sought|address|assess|evaluat|examin|investigat|compare|review|measure[sd]|analy[sz]es|looks at|focus|"
    r"describe|explore|determine|test(?:s|ed)|(was|were) (designed|conducted|undertaken|performed|carried out))|"
    r"\bhypothes[ie]s\b.*\btested\b|^surveyed |\b(addressed|tested|asked|studied|determined|examined|investigated|assessed|evaluated|explored|analy[sz]ed|looked at|investigates?|examines?|explores?) (?:whether|if|how|the (?:effects?|impact|influence|role|association|relationship)s?)\b|"
    r"\b(?:is|are) (?:compared with the (?:\w+ )?literature|analy[sz]ed|reported here)\b|\b(?:is|are|forms?) the (?:basis|subject) (?:for|of) (?:this|our|the present)\b|"
    r"^(?:\w+ )?(?:evaluation|comparison|analysis|assessment|investigation|study|survey|review|description) of\b(?!.*\b(?:was|were|is|are|has|had|did|does|show\w*|reveal\w*|"
    r"demonstrat\w*|suggest\w*|indicat\w*|found|identif\w*|confirm\w*|yield\w*|detected)\b)|"
    r"\b(?:is|are|was|were) (?:hereby |here |herein )?(?:discussed|presented|described)(?: here| herein)?\.?$",
    re.IGNORECASE,
)
_ALLOTTED = re.compile(
    r"\b(?:was|were|being) (?:\w+ly |then |also )*(?:randomi[sz]ed|assigned|allocated|allotted|enrolled|recruited|surveyed|interviewed|questioned|invited|asked|selected|divided|"
    r"classified into|categori[sz]ed|matched|stratified|defined|infused|implanted|trained|taught|exposed|instructed|video-?recorded|followed(?: up)?|"
    r"included|excluded|eligible|examined|studied|reviewed|screened|approached|mailed|sent|planned|modell?ed|used to|reported using|involved in (?:the|this|our) (?:study|trial|survey))\b|"
    r"\b(?:is|are) defined as\b|\bdesignated as\b|\bdata (?:\w+ )?(?:were|was) (?:\w+ly )?(?:abstracted|collected|extracted|obtained|analy[sz]ed|gathered|available)\b|\b(?:search|review) of\b.*\b(?:was|were)\b.*\b(?:medline|pubmed|embase|literature)\b|\b(?:the|our|this) (?:study|assessment|survey|questionnaire|sample|cohort|series|analysis|population|protocol|review)s? (?:included|involved|comprised|consisted|enrolled)\b|"
    r"\bcomprised the\b|\b(?:(?:observation|follow-?up) (?:period|time|duration|interval)|(?:minimum|mean|median|average) follow-?up)\b.*\b(?:was|were|ranged)\b|\b(?:participated in|submitted to|consented)\b|\bwe (?:started|began|gave|continued|looked for)\b|\b(?:outcomes?|main|secondary|primary) (?:outcome )?(?:measures?|endpoints?|variables?) (?:was|were|included?|are|is)\b|\boutcomes included\b|"
    r"\b\d[\d,]* (?:[\w-]+ ){0,6}(?:patients|pairs|women|men|children|subjects|cases|participants|families|eyes|knees|fractures|records|articles|studies|infants|adults)\b(?:[^.;]|\.\d){0,60}\b(?:were|was) (?:identified|included|treated|operated|collected|available)\b|"
    r"\bunderwent\b(?! .*(?:than|because|due to))|\b(?:participants|subjects|patients|women|men|children) (?:were|was) (?:sons|daughters|aged|between|\d+|adults|students|residents|all)\b|"
    r"\b(?:met|fulfill?ed|fulfilling) (?:the |our )?(?:inclusion|entry|eligibility|study)\b|\bcompleted (?:an?|the|all|both|either) (?:\w+[ -]){0,4}(?:survey|questionnaire|interview|task|scale|test|study|trial)s?\b|"
    r"^included were\b|^(?:patients|persons|subjects|participants|women|men|children|adults|people|all (?:patients|women|men|children|consecutive))\b(?:(?!\b(?:were|was|had|did|are|have|is|showed|reported)\b).)*$",
    re.IGNORECASE,
)
"""What was done, and to whom: a percentage in it is a share of who took part."""
_METHOD = re.compile(
    r"\bwe (?:\w+ly |first |then |also )*(defined|describe|present|aimed|asked|abstracted|searched|identified|analy[sz]ed|reviewed|studied|evaluated|assessed|examined|investigated|compared|"
    r"tested|conducted|performed|measured|recruited|enrolled|included|randomi[sz]ed|collected|used|treated|interviewed|surveyed|quantified|calculated|"
    r"estimated|developed|obtained|constructed|created|explored|determined|selected|sent|report (?:a|an|our|on|two|three|the (?:case|results|outcome)))\b|"
    r"\b(was|were) (?:\w+ly |then |also )*(registered|recorded|collected|measured|calculated|estimated|determined|graded|scored|quantified|compared|tested|"
    r"analy[sz]ed|administ(?:er|rat)ed|performed|obtained|abstracted|extracted|searched|applied|conducted|carried out|evaluated|assessed|made|done|investigated|treated|given|used|harvested|constructed|assumed|monitored|checked|rated|coded|blinded)\b|"
    r"\b(?:in order )?to (?:determine|establish|assess|evaluate|identify|examine|investigate) (?:the|whether|if)\b|\b(?:assessment|diagnosis|evaluation|measurement|follow-up)s? (?:was|were) (?:made |based |done )?(?:by|with|on|using|through)\b|\b(?:observers?|investigators?|therapists?|raters?|reviewers?|authors?) (?:\w+ly )?(?:measured|followed|assessed|rated|reviewed|scored|evaluated|performed)\b|\busing (?:a|an|the) [\w -]+ (?:scale|questionnaire|test|method|index|model|analysis)\b",
    re.IGNORECASE,
)
"""How an article tells what was done; what was found may stand in the same sentence, then with a number or a comparison."""
_WE_DID = re.compile(
    r"\bwe (?:\w+ly |first |then |also )*(?:compared|analy[sz]ed|assessed|evaluated|examined|investigated|studied|tested|measured|used|placed|calculated|estimated|adjusted|reviewed|treated|included|enrolled|recruited|utili[sz]ed|followed|collected)\b"
    r"(?!.*\b(?:found|showed|observed|revealed)\b)",
    re.IGNORECASE,
)
"""What was compared is no comparison yet."""
_TOOK_PART = re.compile(
    r"^(?:(?:a total of|in total,?|overall,?|of (?:these|the),?) )?(?:\d[\d,]*|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|one hundred|two|three|four|five|six|"
    r"seven|eight|nine|ten|eleven|twelve|\w+teen)(?:-\w+)?) (?:[^.]|\.\d){0,90}?\b(?:randomi[sz]ed|recruited|enrolled|included|eligible|examined|"
    r"reviewed|studied|identified|analy[sz]ed|surveyed|invited|returned|(?:were|was) performed)\b|\b(?:patients|participants|subjects|women|men) completed (?:the|a)\b|"
    r"^(?:from|between|during|in) (?:january|february|march|april|may|june|july|august|september|october|november|december|(?:19|20)\d\d|a (?:sample|series|total))\b(?!.*\b(?:than|increased|decreased|fell|rose)\b)|"
    r"\b(?:mean|median|average) age\b(?:[^.]|\.\d){0,40}\byears\b(?!.*\bp\s?[<=>])",
    re.IGNORECASE,
)
"""Who took part, with a number that is no finding."""
_KNOWN_BEFORE = re.compile(
    r"\b(has|have) been (described|reported|shown|suggested|associated|proposed|recommended|used|implicated|considered|linked|demonstrated|recogni[sz]ed)\b|\b(previous|earlier|recent|several|many|"
    r"some) (studies|trials|reports|research|findings|work)\b|^(studies|reports|epidemiologic findings) |^current (?:guidelines?|practice|recommendations?|evidence|treatments?|literature)\b|\b(little|not much) is known|\bno (?:\w+ )?(?:consensus|agreement) (?:on|about|regarding|as to|exists)\b|\bcurrently\b.*\bconsensus\b|"
    r"\b(remains?|is|are) (?:still |largely |not |as yet )?(unclear|unknown|controversial|debated|a (?:\w+ )?(?:challenge|problem|concern)|challenging|uncertain)\b|"
    r"\b(?:typically|generally|commonly|usually|often|widely) (?:\w+ )?(?:perform|experience|used|considered|regarded|believed|thought|accepted|recommended)\b|"
    r"\b(?:has|have) become\b|\bneeds? to be\b|\b(?:might|could) be (?:\w+ly )?(?:reduced|improved|due|useful|related|associated)\b|^(?:it (?:is|has been) (?:\w+ )?(?:postulated|believed|thought|known|assumed|suggested))\b",
    re.IGNORECASE,
)
"""What was known before: an abstract's beginning."""
_DANGLING = re.compile(
    r"^(this|these|that|those|such|it|they|both|the (latter|former|corresponding|other|same|remaining)|another|others?|no other|all (?:were|of)|most of (?:these|them)|the differences?|in the other|the results of the other)\b"
    r"(?! (stud|trial|review|analys|meta|result|finding|data))|\bgroups? (\d|[A-C]\b|I+\b)",
    re.IGNORECASE,
)
"""What needs the sentence before it to be understood."""
_OF_CONTROLS = re.compile(
    r"\b(?:in|of|for) (?:the )?controls?(?: (?:group|subjects|animals|arm))?\b(?!.*\b(?:than|versus|vs|compared)\b)",
    re.IGNORECASE,
)
"""What was found where nothing was tried."""
_THRESHOLD = re.compile(
    r"\bp[ -]?values?\b.*\b(?:considered|regarded|taken|deemed|accepted|set)\b|\bcut-?off\b.*\bwas (?:set|defined|chosen)\b|\bsignificance (?:level )?was (?:set|defined|accepted)\b|\b(?:considered|regarded) (?:as )?(?:statistically )?significant\b",
    re.IGNORECASE,
)
"""What was to count as significant."""

_HARM = re.compile(
    r"\b(?:safe\w*|unsafe|adverse|complicat\w+|toler\w+|toxic\w*|harm\w*|side effects?|mortality|bleeding|events?|risks?)\b",
    re.IGNORECASE,
)
_AMOUNT = re.compile(r"\d")
_HOW_MUCH = re.compile(r"^\W*(?:by )?how (?:much|many)\b|\bby how much\b", re.IGNORECASE)
"""Asks for a figure: a conclusion without one comes after the result."""
_COMPARES = re.compile(
    r"\b(?:than|versus|vs|compared|higher|lower|greater|superior|inferior|better|worse|best|most|similar|differ\w*|equal|comparable)\b",
    re.IGNORECASE,
)
_CHANGES = re.compile(
    r"\b(?:improv\w+|increas\w+|decreas\w+|reduc\w+|prevent\w+|lower\w*|higher|fewer|less|declin\w+|unchanged|fell|rose|effective\w*|benefi\w+|success\w*|"
    r"(?:no|any) (?:\w+ )?(?:effect|difference|change)s?|differ\w*)\b",
    re.IGNORECASE,
)
_DEPENDS = re.compile(
    r"\b(?:associat\w+|correlat\w+|predict\w*|influenc\w+|affect\w*|independent\w*|depend\w*|related|relationship|odds|hazard|risk|likely|effects?|determin\w+|than|(?:is|are|was|were) followed by an?)\b",
    re.IGNORECASE,
)
_MEASURES = re.compile(
    r"\b(?:sensitiv\w+|specific\w+|accura\w+|detect\w+|kappa|agree\w*|correlat\w+|reliab\w+|predictive|auc|identif\w+|correct\w*|concordan\w+|valid\w*|precis\w+|"
    r"distinguish\w*|different\w*)\b",
    re.IGNORECASE,
)


_VERSUS = re.compile(
    r"\d ?%(?:[^.;]|\.(?=\d)){0,80}\b(?:and|but)\b (?:[^.;]|\.(?=\d)){0,20}\d ?%|\b(?:versus|vs|compared)\b|\bp\s?[<=>≤]|\b(?:prolong|shorten|worsen|rais|protect|lead|led|caus|link)\w*\b",
    re.IGNORECASE,
)


def _asks(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{words})\b", re.IGNORECASE)


_KINDS: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = (
    (_asks("safe|safety|harmful|dangerous|risky|side effects?|complications?"), _HARM),
    (
        _asks(
            r"how (?:much|many|often|long|high|large|common|frequent)|what (?:proportion|percentage|dose|is the (?:rate|incidence|prevalence))"
        ),
        _AMOUNT,
    ),
    (
        _asks(
            r"which|better|worse|best|superior|compared|versus|vs|differ\w*|more \w+ than|alternative|equivalent|as \w+ as"
        ),
        _COMPARES,
    ),
    (
        _asks(
            r"improv\w+|reduc\w+|increas\w+|decreas\w+|prevent\w*|lower|effective\w*|efficacy|benefit\w*|helps?|works?|relieve|impair|enhance|change"
        ),
        _CHANGES,
    ),
    (
        _asks(
            r"associat\w+|relat\w+|correlat\w+|predict\w*|influenc\w+|affects?|impact|effects?|roles?|depend\w*|determin\w+|risk factors?|contribut\w+|matters?|link\w*"
        ),
        _DEPENDS,
    ),
    (
        _asks(
            r"detect\w*|diagnos\w+|accura\w+|reliab\w+|valid\w*|screening|assess\w*|measur\w+|identif\w+|distinguish|predict\w*|useful|tests?"
        ),
        _MEASURES,
    ),
)
"""What a question asks for, and what a sentence that answers it has."""


def telling_sentences(
    record: Record,
    wanted: Sequence[Concept],
    question: str = "",
    as_read: Callable[[str], str] = str,
) -> list[str]:
    """A record's sentences that state its findings, the most telling first; none from aims or methods.

    ``as_read``: a sentence as it is read for what it names.
    """
    if outcome := record.get("outcome"):
        return [f"{record['title']}: {outcome}"]
    if record["type"] == "trial":
        # A registry's summary says what is planned, not what was found.
        return []
    parts = [one for one in parts_of(sentences(record.get("text", ""))) if one.zone != "beside"]
    is_article = record["type"] == "article" or len(parts) >= LIKE_AN_ABSTRACT
    turn = _turn(parts) if is_article else 0
    named = [coverage({"title": as_read(one.text), "id": ""}, wanted) for one in parts]
    asks_amount = _HOW_MUCH.search(question) is not None
    scored = []
    for place, (bare, zone, _) in enumerate(parts):
        if not SHORTEST <= len(bare) <= LONGEST or not is_told(bare):
            continue
        if zone == "before":
            continue
        is_labelled = zone in ("found", "concluded")
        if not is_labelled and (
            _KNOWN_BEFORE.search(bare)
            or (is_article and (place < len(parts) // 4 or place < turn) and not _has_figures(bare))
        ):
            continue
        is_last = place >= len(parts) - 2
        if is_article and not (
            is_last or is_labelled or place > turn or finding(bare) or _CONCLUDES.search(bare)
        ):
            continue
        value = named[place] + _asked_for(bare, wanted, question)
        value += finding(bare) - 0.35 * bool(_DANGLING.search(bare))
        value -= 0.5 * bool(_OF_CONTROLS.search(bare))
        value -= 2 * _CONCLUDED * bool(asks_amount and not _AMOUNT.search(bare))
        if zone == "concluded" or (not zone and place > turn and concludes(bare)):
            value += _CONCLUDED if named[place] >= _AS_MUCH * max(named) else 0.6
        value += 0.3 * bool(_CONCLUDES.search(bare)) + 0.25 * is_last
        value -= 0.5 * (place < turn and not is_labelled)
        scored.append((round(value, 3), place, bare))
    return [text for _, _, text in sorted(scored, key=lambda one: (-one[0], -one[1]))]


_VERB = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|do|does|did|may|might|can|could|will|would|should|must|cannot)\b|\w{2,}ed\b|"
    r"\b(?:found|fell|rose|led|gave|became|took|saw|made|grew|began|underwent|felt|kept|held|met|cut|"
    r"(?:show|suggest|indicate|remain|reveal|appear|increase|decrease|reduce|predict|exhibit|prevent|give|need|correlate|improve|cause|affect|influence|"
    r"provide|lead|lower|raise|occur|support|confirm|demonstrate|enhance|inhibit|depend|differ|find|see|play|make|help|work|achieve|contain|include|"
    r"express|compare|seem|tend|require|produce|explain|stimulate|satisfy|act|vary|offer|allow|favou?r|reflect|represent)(?:e?s)?|(?:satisf|var)ies)\b",
    re.IGNORECASE,
)
"""Without one it is a heading, or an item of a list."""


def is_told(sentence: str) -> bool:
    """Whether a sentence is none of an aim, of what was done, or of who took part."""
    if not _VERB.search(sentence):
        return False
    if sentence.endswith("?") or _AIM.search(sentence) or _THRESHOLD.search(sentence):
        return False
    if _ALLOTTED.search(sentence) or _TOOK_PART.search(sentence):
        return _STATISTICS.search(sentence) is not None and _CONTRAST.search(sentence) is not None
    if _WE_DID.search(sentence):
        return False
    if not _METHOD.search(sentence) or (_has_figures(sentence) and _AMOUNT.search(sentence)):
        return True
    return _CONTRAST.search(sentence) is not None


def _has_figures(sentence: str) -> bool:
    return bool(_STATISTICS.search(sentence) or _PERCENT.search(sentence))


def finding(sentence: str) -> float:
    """How much a sentence says that something was found: 0 to 0.5."""
    return (
        0.15 * bool(_STATISTICS.search(sentence))
        + 0.2 * bool(_CONTRAST.search(sentence) or _DENIES.search(sentence))
        + 0.1 * bool(_RELATES.search(sentence))
        + 0.05 * bool(_PERCENT.search(sentence))
    )


def tells_of_change(sentence: str) -> bool:
    """Whether a finding says that something changes, differs, or goes with another, or that it does not: a rate alone does not."""
    return finding(sentence) > 0 and any(
        one.search(sentence) for one in (_CONTRAST, _DENIES, _CHANGES, _DEPENDS, _VERSUS)
    )


def _asked_for(sentence: str, wanted: Sequence[Concept], question: str) -> float:
    alone = {"title": sentence, "id": ""}
    general = sum(coverage(alone, [one]) > 0 for one in wanted if one[0] < 1)  # type: ignore[arg-type]
    kind = any(asks.search(question) and has.search(sentence) for asks, has in _KINDS)
    return ASKED_FOR * (min(general, 2) + kind)


def _turn(parts: Sequence[Part]) -> int:
    """The place of the last sentence that tells an aim or what was done: what is found comes after it.

    Looked for in the first three quarters, since results tell of treatments too.
    """
    before = parts[: max(1, len(parts) * 3 // 4)]
    return max(
        (
            place
            for place, one in enumerate(before)
            if one.zone == "before" or (not one.zone and not is_told(one.text))
        ),
        default=0,
    )
