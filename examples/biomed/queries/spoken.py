"""Turns of everyday speech, as an abstract would word them: "have your appendix out" is an appendix removal. Without I/O.

Only turns that mean one thing in any question stand here: what is done to a part of the body, who is spoken of by an age, and the words
around a question that ask no more than it does ("is it worth", "bother with", "any good").
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

_WHOSE = r"(?:(?:my|your|his|her|their|our|the|an?|both|one|some) )"
_HAVE = r"(?P<have>have|has|had|having|get|gets|got|getting)"
_WHO = (
    r"(?:(?:some|older|elderly|young|the|your|my) )?(?:people|patients|someone|you|me|us|them|him|her|everyone|folks?|kids?|child(?:ren)?|bab(?:y|ies)|infants|"
    r"toddlers|women|men|adults|teenagers|mothers|mums|smokers|diabetics|elderly)"
)
_BONE = r"hip|wrist|arm|forearm|leg|ankle|rib|shoulder|elbow|finger|thumb|toe|foot|hand|collarbone|spine|jaw|skull|thigh|shin|kneecap|bone|pelvis"
_NUMBER = r"(?:\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"

_SUFFERERS: Final = {
    "asthmatics": "asthma", "epileptics": "epilepsy", "schizophrenics": "schizophrenia", "hypertensives": "hypertension",
    "anorexics": "anorexia nervosa", "bulimics": "bulimia nervosa", "haemophiliacs": "haemophilia", "hemophiliacs": "hemophilia",
    "insomniacs": "insomnia", "migraineurs": "migraine", "coeliacs": "coeliac disease", "celiacs": "celiac disease", "arthritics": "arthritis",
}  # fmt: skip
"""Who is called by a disease."""


_TENS: Final = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip


def _of_a_bone(match: re.Match[str]) -> str:
    # People break a hip, and medicines bones.
    cause = "cause " if re.match(r"breaks? bone", match[0], re.IGNORECASE) else ""
    return f"{cause}{match['bone']} fracture{match['many']}"


def _of_an_age(match: re.Match[str]) -> str:
    return f"people {match['side'].lower()} {match['age']} years of age"


def _of_every(match: re.Match[str]) -> str:
    return {"day": "daily", "year": "yearly"}.get(unit := match["unit"].lower(), f"{unit}ly")


_ORGANS = (
    r"gall ?bladder|spleen|uterus|womb|ovar(?:y|ies)|prostate(?: gland)?|thyroid(?: gland)?|parathyroids?|thymus|pancreas|stomach|colon|large bowel|bladder|appendix|tonsils?|"
    r"adenoids?|adrenals?(?: glands?)?|larynx|voice box"
)
"""What people live without where it was taken out."""
_Put = str | Callable[[re.Match[str]], str]
_TURNS: Final[tuple[tuple[re.Pattern[str], _Put], ...]] = tuple(
    (re.compile(pattern, re.IGNORECASE), put)
    for pattern, put in (
        # Whom.
        (r"\b(?:the )?(?P<side>over|under)[- ](?P<age>\d{1,2})['’]?s\b", _of_an_age),
        (
            rf"\b(?P<side>under|over|above|below|aged|past) (?P<tens>{'|'.join(_TENS)})\b(?! (?:percent|per cent|times|fold|mg|minutes|hours|days|weeks|months))",
            lambda match: f"{match['side']} {_TENS[match['tens'].lower()]}",
        ),
        (
            rf"\b(?P<who>kids?|child(?:ren)?|boys?|girls?|toddlers?|youngsters?) of (?P<age>{_NUMBER})(?=\s*(?:[?,.]|$))",
            r"\g<who> aged \g<age>",
        ),
        (r"\bold(?:er)? folks?\b|\boldies\b|\bold people\b", "older people"),
        (r"\b(?:little|wee) ones?\b|\bnippers?\b|\byoungsters?\b", "children"),
        (
            r"\b(?P<when>when|while|if|and|whilst) (?P<she>you|i|she|they|women|someone)(?:['’](?:re|m|s)| are| am| is) expecting\b(?! (?:to|\w+ing)\b)",
            r"\g<when> \g<she> are pregnant",
        ),
        (
            r"\b(?P<who>women|mothers|mums|moms|those) (?:who(?:['’]ve| have)?|that have) (?:already )?(?:have |had )?(?:(?:lots of|many|several|two|three|four) (?:children|babies|kids)|a (?:child|baby|kid)|children|kids)(?: already)?\b",
            r"multiparous \g<who>",
        ),
        (
            r"\bha(?:s|ve|d|ving) (?:had )?(?:lots of|many|several|more) (?:children|babies|kids)(?: already)?\b",
            "multiparity",
        ),
        (
            r"\b(?:lacks?|lacking|(?:runs? )?short of|low on) (?P<of>growth hormone|thyroid hormone|vitamin [A-Za-z]\w*|B12|iron|zinc|folate|folic acid|iodine|calcium|magnesium|testosterone|o?estrogen|insulin)\b",
            r"with \g<of> deficiency",
        ),
        (
            rf"\b(?:without|lacking|(?:(?:who|that) )?(?:have|has|had|having|with) no|(?:(?:who|that) )?(?:do|does|did)(?: not|n['’]t) have)(?: (?:any longer|anymore))? "
            rf"(?:(?:a|an|any|the|their|your|my|his|her|both|working) )*(?P<organ>{_ORGANS})(?: (?:any ?more|any longer|left))?"
            r"(?=\s*(?:$|[?.,;:)])|\s+(?:and|or|in|on|at|to|for|is|are|be|should|can|could|do|does|will|need|take|taking|get|have|has|who|when|if|after|before|during|because|"
            r"compared|versus|vs|than|more|less|live|die|develop|still|ever|safe)\b)",
            r"after \g<organ> removal",
        ),
        # What is done to a part of the body.
        (r"\bback passage\b", "rectum"),
        (r"\bneck of the womb\b", "cervix"),
        (r"\btail ?bone\b", "coccyx"),
        (
            rf"\b{_HAVE} {_WHOSE}?(?P<what>[a-z]+(?: [a-z]+)??) (?:(?:(?:taken|cut|pulled|whipped|whisked) )?out|removed|(?:taken|cut|chopped) off)\b(?! of\b)",
            r"\g<have> \g<what> removal",
        ),
        (
            rf"\b{_HAVE} {_WHOSE}?(?P<what>[a-z]+(?: [a-z]+)??) replaced\b",
            r"\g<have> \g<what> replacement",
        ),
        (
            rf"\b{_HAVE} (?P<what>{_WHOSE}?[a-z]+(?: [a-z]+)??) (?:put in|fitted|implanted|inserted)\b",
            r"\g<have> \g<what>",
        ),
        (
            rf"\b(?:(?:break|breaks|breaking|broke|bust|busted|fracturing|cracking) {_WHOSE}?|broken {_WHOSE})(?P<bone>{_BONE})(?P<many>s?)\b",
            _of_a_bone,
        ),
        (
            r"\b(?:being |be |been |get |getting )?(?:knocked out|put to sleep|put under)\b(?= (?:for|during|with|do|does|or|than|worse|better|is|before|when|while)|\W*$|,)",
            "general anaesthesia",
        ),
        (
            r"\b(?:an? )?(?:jab|injection|needle|shot) in (?:the|your|my|their) (?:back|spine)\b(?! pain)",
            "spinal anaesthesia",
        ),
        (
            r"\b(?:your |their |her |my )?waters (?:broke|break|breaking|went|go)(?: (?:too )?(?:early|soon))?\b",
            "premature rupture of membranes",
        ),
        (r"\b(?:giving|give|gave|given) birth\b(?! (?:early|to|too|before))", "childbirth"),
        (r"\b(?P<when>post|pre|peri|intra)[- ]?op\b", r"\g<when>operative"),
        (r"(?<![\w-])op(?P<many>s?)(?![\w-])", r"operation\g<many>"),
        (
            r"\b(?:off|give up|giving up|pack in|packing in|quit|quitting) (?:the )?(?:fags?|cigs?|ciggies|smokes)\b",
            "smoking cessation",
        ),
        (
            r"\b(?:com|go)ing off (?=\w)(?!(?:(?:the|a|an|your) )?(?:ventilator|bypass))",
            "stopping ",
        ),
        (r"\b(?:come|go) off (?=\w)(?!(?:(?:the|a|an|your) )?(?:ventilator|bypass))", "stop "),
        # What of it is asked.
        (
            r"\b(?:blood )?sugars?(?: levels?)? (?:to )?(?:go|goes|going|run|runs|drop|drops|fall|falls|get|gets) (?:too |very |dangerously )?low\b",
            "hypoglycaemia",
        ),
        (
            rf"\b(?:(?:end(?:s|ed|ing)? up|wind(?:s|ing)? up|wound up) in|(?:land|put)(?:s|ed|ing)? (?:{_WHO} )?in|(?:go|goes|going|taken|rushed|carted off) (?:in)?to) hospital\b(?! (?:with|staff|workers?)\b.*\bin hospital)",
            "have hospitalisation",
        ),
        (r"\b(?:in|into|to) theatre\b", "to surgery"),
        (r"\bsets? off (?=\w)", "trigger "),
        (r"\bevery (?P<unit>day|night|week|month|year)\b(?! life)", _of_every),
        (r"\b(?:go|goes|going|went|gone) out of rhythm\b", "irregular heartbeat"),
        (r"\bheart irregular heartbeat\b", "irregular heartbeat"),
        (
            r"\bsave(?P<s>s?) (?:(?:any|many|some|your|my|his|her|their|people['’]s|patients['’]) )?li(?:ves|fe)\b(?! (?:years?|support|expectancy))",
            r"reduce\g<s> mortality",
        ),
        (
            r"\bcost(?P<s>s?) (?:(?:any|many|some|your|my|his|her|their|people['’]s|patients['’]) )?li(?:ves|fe)\b(?! (?:years?|support|expectancy))",
            r"increase\g<s> mortality",
        ),
        (
            rf"\b(?:keep|help|let|make)(?P<s>s?) {_WHO} (?:to )?(?:alive|live|survive)(?: for)?(?: longer)?\b(?! (?:with|in|at|on|by|without|independent))",
            r"improve\g<s> survival",
        ),
        (
            rf"\b(?P<stop>stop|stops|keep|keeps) {_WHO} (?:from )?(?:getting|having|catching|developing)\b",
            "prevent",
        ),
        (r"\bavoid (?:getting|having|catching|developing)\b", "prevent"),
        (r"\b(?:ward|stave|fend|head)s? off\b", "prevent"),
        (r"\bkeeps? (?P<what>[\w'’-]+(?: [\w'’-]+){0,2}) (?:away|at bay)\b", r"prevent \g<what>"),
        (r"\bcuts? (?:down|back)(?: on)? (?=\w)", "reduce "),
        (r"\b(?:fall|falling|falls) (?:over|down)\b", "fall"),
        (r"\b(?:makes?|made) (?:a|any|much|no|the) difference to\b", "affect"),
        (
            r"\b(?:good value(?: for money)?|(?:good )?value for money|worth (?:the|its|our|the extra) (?:money|cost|expense))\b",
            "cost-effective",
        ),
        # What is felt, and what comes of it.
        (rf"\bbung(?:s|ed|ing)? {_WHO} up\b", "cause constipation"),
        (r"\b(?:throw|throws|throwing|threw|chuck|chucks|chucking) up\b", "vomit"),
        (r"\b(?:pass|passes|passing|passed|black|blacks|blacking|blacked) out\b", "faint"),
        (
            r"\bpass(?:es|ing|ed)? (?:it|them|this|[\w-]+(?: [\w-]+)?) on(?: to)?\b(?! (?:the|a|an) (?:test|exam))",
            "transmit to",
        ),
        (
            r"\b(?:put|puts|putting|pile|piles|piling) on (?:weight|(?:the )?pounds)\b",
            "gain weight",
        ),
        (
            r"\b(?:shift|shifts|shifting) (?P<some>(?:more |some |any |the )?)weight\b",
            r"lose \g<some>weight",
        ),
        (r"\b(?:come|comes|coming|came) back\b(?! (?:to|from|for|with|in|into)\b)", "recur"),
        (r"\bget(?:s|ting)? over (?=\w)", "recover from "),
        (r"\b(?:ringing in (?:the|your|my|their) ears?|ears? ringing)\b", "tinnitus"),
        (
            r"\b(?:wet|wets|wetting) (?:yourself|themselves|myself|himself|herself)\b",
            "urinary incontinence",
        ),
        (r"\bhooked on (?=\w)", "addicted to "),
        (
            r"\b(?:muck|mucks|mess|messes|screw|screws)(?:ing)? up (?=\w)|\b(?:knacker|wreck|ruin)(?:s|ing)? (?=(?:your|my|the|their|his|her)\b)",
            "damage ",
        ),
        (
            rf"\b(?:cheer|cheers|cheering|perk|perks) (?:{_WHO} )?up\b",
            "improve low mood",
        ),
        (
            rf"\bget(?:s|ting)? (?:{_WHO}) down\b",
            "cause low mood",
        ),
        (
            r"\bfeel(?:s|ing)? (?:really |very |so )?(?:low|blue|down)\b(?! (?:dose|risk|pain|blood))",
            "have low mood",
        ),
        (rf"\bpack(?:s|ing)? in (?={_WHOSE})", "stop "),
        (
            r"\bbring(?:s|ing)? (?P<what>(?:[\w'’-]+ ){0,2}[\w'’-]+) down\b(?! (?:to|from|in)\b)",
            r"lower \g<what>",
        ),
        (
            r"\bupsets? (?:the |your |my |their |her |his )?heart(?: ?beat| rhythm)?\b(?! (?:attack|failure|disease))",
            "cause irregular heartbeat",
        ),
        (
            rf"\bstops? {_WHO} (?:going|from going) to the (?:loo|toilet|bathroom)\b",
            "cause constipation",
        ),
        (
            r"\bsav(?:e|es|ed|ing) (?:(?:more|any|the|a|one|many) )?li(?:ves|fe)\b",
            "reduce mortality",
        ),
        (
            r"\bdi(?:e|es|ed|ing) (?:sooner|earlier|younger|early|young)\b",
            "die more often",
        ),
        (
            r"\bg[eo]t(?:s|ting)? (?:thinner|skinnier|slimmer)\b",
            "lose weight",
        ),
        (r"\bg[eo]t(?:s|ting)? (?:fatter|heavier)\b", "gain weight"),
        (
            r"\b(?:topple|topples|toppling|keel|keels|keeling|tumble|tumbles) over\b|\btak(?:e|es|ing) a tumble\b",
            "fall",
        ),
        (
            rf"\b(?:swap|swaps|swapped|swapping|switch|switched|switching|move|moved|take|taken|taking) {_WHO} off (?=\w)",
            "stop ",
        ),
        (
            rf"\b(?:{'|'.join(_SUFFERERS)})\b",
            lambda match: f"{_SUFFERERS[match[0].lower()]} patients",
        ),
        (r"\bspoils? (?=\w)(?!the child)", "affect "),
        (
            rf"\bburst(?:s|ing)? (?P<whose>{_WHOSE}?(?:(?:baby|child|patient|infant)['’]?s )?)lungs?\b",
            "cause pneumothorax",
        ),
        (
            r"\b(?:get|gets|getting|got|have|has|had|having|cause|causes|causing|more|fewer|less|prevent|prevents|stop|stops|fill|filling|of|from|any|new) (?P<more>more |fewer |less |any |new )?cavities\b(?! of\b)",
            lambda match: f"{match[0].removesuffix('cavities')}dental caries",
        ),
        (
            rf"\b(?P<valve>(?:(?:heart|aortic|mitral) )?valve) (?:put in|inserted|implanted|fitted|replaced|placed|put) (?:through|via|from|up) (?:the|{_WHOSE}) ?(?:groin|leg)(?: artery)?\b",
            r"transcatheter \g<valve>",
        ),
        (
            r"\b(?:put in|inserted|implanted|fitted|replaced|done|placed) (?:through|via|from|up) (?:the|your|my|their) (?:groin|leg)(?: artery)?\b|\bthrough the groin\b",
            "transfemoral",
        ),
        (
            r"\b(?P<who>women|mothers|mums|moms|I|you|she|they)(?P<between>(?: [\w'’-]+){0,6}?) (?:be|being|is|are|am|was|were|get|gets|getting) induced\b(?! by\b)",
            r"\g<who>\g<between> have labour induction",
        ),
        (
            r"\b(?P<did>do|does|did|didn['’]t|don['’]t|doesn['’]t|not) (?P<who>(?:people|patients|they|children|women|men) )?(?:not )?like (?=the\b|their\b|wearing\b|using\b|having\b)",
            r"\g<did> \g<who>dislike ",
        ),
        (
            r"\bis it (?:ok|okay|alright|all right|fine) (?P<to>to|for|if|that)\b",
            r"is it safe \g<to>",
        ),
        # What asks no more than the question does.
        (
            r"\b(?:is|was) it (?:really |actually )?worth (?!it\b|the\b)(?:(?:taking|having|getting|doing|using|giving|going on) )?(?=\w)",
            "does ",
        ),
        (
            r"\bbother(?:s|ing)? (?:with|to (?:take|have|get|use)|taking|having|getting|using)\b",
            "take",
        ),
        (
            r"(?<!there )\b(?:any|much) (?:good|use)\b(?=\s*(?:[?,.]|$)|\s+(?:for|at|in|on|instead|against|if|when|after|with|to|as)\b)",
            "effective",
        ),
        (r"\b(?:do|does|did) (?:you|me|them|us|any) any good\b", "help"),
        (r"\bend(?:s|ed|ing)? up (?=\w)", ""),
        (
            r"\b(?:for|in) (?:ages|donkey['’]?s years)\b(?! (?:\d|of|from|to|between|under|over|above|below|up|and|or))",
            "long-term",
        ),
        (
            r",? \b(?:and|or) (?:stuff|things|so on|all that|that sort of thing|that kind of thing|anything|something|whatever)\b(?: like that)?",
            "",
        ),
        (r"\b(?:sort|kind) of (?=[a-z]+(?:ed|y)\b)", ""),
        (r"\bwithdrawal stuff\b", "withdrawal symptoms"),
        (
            r"\b(?:actually|really|honestly|basically|anyway|at all|straight ?away|in the first place|for real)\b ?",
            "",
        ),
    )
)


def plainly(question: str) -> str:
    """The question with its turns of everyday speech as an abstract words them; the rest stays as it is."""
    text = question
    for turn, put in _TURNS:
        text = turn.sub(put, text)
    if text == question:
        return question
    text = re.sub(r"\s+(?=[?,.;])|(?<= ) +", "", text).strip()
    return text[:1].upper() + text[1:] if question[:1].isupper() else text
