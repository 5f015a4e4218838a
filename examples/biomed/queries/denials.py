"""The words that leave out what stands after them: "without", "never treated with", "who don't have". Without I/O."""

from __future__ import annotations

import re
from typing import Final

_PEOPLE = (
    r"(?:(?:people|patients|persons?|those|anyone|anybody|individuals|subjects|participants|adults|studies|trials|cases)\s+"
    r"(?:(?:who|that|which)\s+(?:are|is|have|has|had|were|take|took|receive|received|use|used)\s+(?:had\s+)?)?"
    r"(?:(?:with|on|in|taking|having|receiving|using|of|under)\s+)?)?"
)
TAIL: Final = (
    r"(?:(?:a|an|any|both|either|the|known|history|prior|previous|past|earlier|pre-?existing|of|current|currently|established|underlying|evidence|signs?|"
    r"concomitant|(?:diagnos[ei]s|symptoms?|episodes?|presence|need|use) (?:of|for)|diagnosed|in|on|with|for|to|using|having|taking|receiving|being|further|additional) )*"
)
_BE = r"(?:are|is|were|was|be|been|being)"
_DENIED = (
    rf"(?:(?:(?:have|has|had|do|does|did|{_BE}|who)\s+)?(?:not|never|no longer)"
    r"|(?:have|has|had|do|does|did|are|is|were|was)n['’]?t)"
)
"""``has never``, ``aren't``."""
_WHEN = r"(?:(?:yet|previously|currently|ever|already|recently|been|being)\s+)*"
_HAD = (
    r"(?:ha(?:ve|s|d|ving)|tak(?:e|es|en|ing)|took|us(?:e|es|ing)|receiv(?:e|es|ed|ing)|need(?:s|ed|ing)?|requir(?:e|es|ed|ing)|"
    r"undergo(?:es|ne|ing)?|tolerat(?:e|es|ing)|suffer(?:ed|ing)?(?: from)?|want(?:ing)?|wish(?:ing)?|plan(?:ning)?|consider(?:ing)?|"
    r"includ(?:e|es|ing)|involv(?:e|es|ing)|contain(?:s|ing)?)"
)
"""What people do with a thing that they have or take, and a study or a diet with what is in it."""
_GOT = r"(?:used|given|offered|prescribed|administered|started|experienced)(?: on)?(?! (?:in|for|at|by|during|after|before|among|to|as|with|when|if|because|due)\b)"
"""The same said of them, with the thing right behind: of "not given in dialysis" the dialysis is no such thing."""
_DONE = (
    r"(?:treated|managed|combined|co-?administered|vaccinated|immuni[sz]ed|infected|coloni[sz]ed|diagnosed|affected|complicated|accompanied|"
    r"exposed|associated|related|caused|explained|attributed|attributable|due)\s+(?:with|by|to|against|on|for|from|of)"
)
_BESIDE = r"(?:in (?:combination|conjunction|association|addition) (?:with|to)|together with|along with|alongside|because of|in need of|with|on|in)"
STRONG: Final = re.compile(
    r"(?:\b(?:without|w/o|sans|minus|exclud(?:ing|es?)|excl\.?|exclusive of|except(?:ing)?(?: for| in)?|with the exception of|barring|other than|"
    r"besides|apart from|aside from|(?-i:outside(?: of)?(?= (?:the )?[A-Z]))|omitting|leaving out|lacking|devoid of|free (?:of|from)|"
    r"in the absence of|no (?:evidence|history|signs?) of|"
    rf"{_DENIED}\s+{_WHEN}(?:{_HAD}|{_GOT}|{_DONE}|{_BESIDE})|{_BE} (?:not|never)(?: yet)?|(?:aren|isn|weren|wasn)['’]?t|(?:have|has|had) (?:not|never) been|"
    r"but not|negative for|(?<=with )no|neither(?: of)?(?=\s.{2,60}\bnor\b)|"
    r"(?:(?<=women )|(?<=patients )|(?<=adults )|(?<=children )|(?<=men )|(?<=people ))(?:not yet|not|never)(?=\s+(?!in\b|(?:yet|only|just|all|really)\b)))"
    r"|(?<=, )not(?= (?!yet\b|recruiting yet\b|enrol+ing yet\b)[a-z]))\s+" + _PEOPLE + TAIL,
    re.IGNORECASE,
)
"""What leaves out whatever stands after it."""
WEAK: Final = re.compile(
    r"\b(?:no|not|never|absence of)\s+" + TAIL,
    re.IGNORECASE,
)
"""What leaves out a medicine or a disease right after it; before other words it may deny a verb."""
