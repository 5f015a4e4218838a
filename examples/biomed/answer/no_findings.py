"""What a sentence of a source tells that is no finding: an aim, what was done, who took part, what was known before. Without I/O.

The sentences before a finding name more of the question than any other, and are told by how they are said.
"""

from __future__ import annotations

import functools
import re

from .findings import AMOUNT, CONTRAST, STATISTICS, has_figures

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
KNOWN_BEFORE = re.compile(
    r"\b(has|have) been (described|reported|said|thought|believed|claimed|shown|suggested|associated|proposed|recommended|used|implicated|considered|linked|demonstrated|recogni[sz]ed)\b|\b(previous|earlier|recent|several|many|"
    r"some) (studies|trials|reports|research|findings|work)\b|^(studies|reports|epidemiologic findings) |^current (?:guidelines?|practice|recommendations?|evidence|treatments?|literature)\b|\b(little|not much) is known|\bno (?:\w+ )?(?:consensus|agreement) (?:on|about|regarding|as to|exists)\b|\bcurrently\b.*\bconsensus\b|"
    r"\b(remains?|is|are) (?:still |largely |not |as yet )?(unclear|unknown|controversial|debated|a (?:\w+ )?(?:challenge|problem|concern)|challenging|uncertain)\b|"
    r"\b(?:typically|generally|commonly|usually|often|widely) (?:\w+ )?(?:perform|experience|used|considered|regarded|believed|thought|accepted|recommended)\b|"
    r"\b(?:has|have) become\b|\bneeds? to be\b|\b(?:might|could) be (?:\w+ly )?(?:reduced|improved|due|useful|related|associated)\b|^(?:it (?:is|has been) (?:\w+ )?(?:postulated|believed|thought|known|assumed|suggested))\b",
    re.IGNORECASE,
)
"""What was known before: an abstract's beginning."""
_THRESHOLD = re.compile(
    r"\bp[ -]?values?\b.*\b(?:considered|regarded|taken|deemed|accepted|set)\b|\bcut-?off\b.*\bwas (?:set|defined|chosen)\b|\bsignificance (?:level )?was (?:set|defined|accepted)\b|\b(?:considered|regarded) (?:as )?(?:statistically )?significant\b",
    re.IGNORECASE,
)
"""What was to count as significant."""


_VERB = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|do|does|did|may|might|can|could|will|would|should|must|cannot)\b|\w{2,}ed\b|"
    r"\b(?:found|fell|rose|led|gave|became|took|saw|costs?(?= (?:[$€£¥\d]|less|more|about|an?\b))|lasts?|made|grew|began|underwent|felt|kept|held|met|cut|"
    r"(?:show|suggest|indicate|remain|reveal|appear|increase|decrease|reduce|predict|exhibit|prevent|give|need|correlate|improve|cause|affect|influence|"
    r"provide|lead|lower|raise|occur|support|confirm|demonstrate|enhance|inhibit|depend|differ|find|see|play|make|help|work|achieve|contain|include|"
    r"express|compare|seem|tend|require|produce|explain|stimulate|satisfy|act|vary|offer|allow|favou?r|reflect|represent)(?:e?s)?|(?:satisf|var)ies)\b",
    re.IGNORECASE,
)
"""Without one it is a heading, or an item of a list."""


_RATIO = re.compile(r"\b(?:[AaCc]?(?:HR|OR|RR)|(?:hazard|odds|risk|rate) ratio)s?\b\W{0,3}\d")
"""A ratio with its number."""


@functools.lru_cache(maxsize=4096)
def is_told(sentence: str) -> bool:
    """Whether a sentence is none of an aim, of what was done, or of who took part."""
    if not _VERB.search(sentence):
        # "In those with a low intake HR 1.02" has its verb in its number.
        return _RATIO.search(sentence) is not None
    if sentence.endswith("?") or _AIM.search(sentence) or _THRESHOLD.search(sentence):
        return False
    if _ALLOTTED.search(sentence) or _TOOK_PART.search(sentence):
        return STATISTICS.search(sentence) is not None and CONTRAST.search(sentence) is not None
    if _WE_DID.search(sentence):
        return False
    if not _METHOD.search(sentence) or (has_figures(sentence) and AMOUNT.search(sentence)):
        return True
    return CONTRAST.search(sentence) is not None
