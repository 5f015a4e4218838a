"""Who asks, and what for: "Nurse here:", "as a pharmacist I want to know", "we are planning a review of …". No words of the question. Without I/O."""

from __future__ import annotations

import re
from typing import Final

_KNOWN_BY = (
    r"(?:(?:[a-z]+[- ])?(?:\w+ologist|\w+iatrist|(?:physi|clini|pa?ediatri|obstetri|geriatri|dieti|techni)[ct]ian|physician|clinician|paediatrician|pediatrician|geriatrician|obstetrician|dieti[ct]ian)"
    r"|(?:(?:community|hospital|district|school|ward|icu|oncology|staff|charge|student|junior|senior|trainee|newly qualified|registered|clinical|practice|family|primary care|general|retired|medical|nursing|research|public health|small animal|large animal|orthopa?edic|dental|sports|specialist|general practice) )*"
    r"(?:gp|doctor|md|general practitioner|practitioner|nurse(?: practitioner| specialist)?|midwife|pharmacist|physiotherapist|physio|physical therapist|occupational therapist|speech therapist|therapist|dentist|"
    r"dental hygienist|hygienist|vet|veterinarian|veterinary surgeon|surgeon|paramedic|counsellor|counselor|librarian|researcher|scientist|epidemiologist|consultant|registrar|resident|intern|medical student|student|"
    r"nutritionist|optometrist|podiatrist|chiropractor|osteopath|officer|carer|caregiver|lecturer|reviewer))"
)
_A = r"(?:a|an|the|one)"
_WHO: Final = (
    # "As a pharmacist, I …", "speaking as a GP: …"
    re.compile(
        rf"(?:^|(?<=[.;!?]))\s*(?:speaking )?as {_A} {_KNOWN_BY}\b(?: myself)?(?:,|:|;|\s(?=(?:i|we|what|how|should|can|could|is|are|do|does|which|when)\b))",
        re.IGNORECASE,
    ),
    # "Nurse: …", "dentist here, …"
    re.compile(
        rf"^\W*(?:{_A} )?{_KNOWN_BY}(?: here\s*[,:;.–-]?| asks?\b:?| asking:?|\s*:)(?=\s)",
        re.IGNORECASE,
    ),
    # "I am a physiotherapist (and …|treating …)."
    re.compile(
        rf"\b(?:i am|i['’]m|i work as|we are|we['’]re)(?: (?:an?|the|working as an?|currently an?))? {_KNOWN_BY}s?\b(?:(?: and|,)?(?= (?:i|we)\b)|(?: working| based)? (?:in|at|on) (?:a|an|the) [\w -]{{2,40}}?(?=[.,;:])|,? (?:and|who|treating|looking after|caring for|seeing)\b)?",
        re.IGNORECASE,
    ),
    # What they say.
    re.compile(
        rf"\b(?:my|our|the|her|his) {_KNOWN_BY} (?:has |have |had |just |recently |now )*(?:said|says|told (?:me|us)|thinks|suggests|suggested|recommends|recommended|wants|found|finds|advised|advises|mentioned|asked|asks)"
        r"(?: (?:me|us))?(?: (?:that|to|about|whether|if))?\b",
        re.IGNORECASE,
    ),
)
_WHAT_FOR: Final = re.compile(
    r"\b(?:i am|i['’]m|we are|we['’]re|i have been|we have been|i) (?:currently |now )?(?:planning|doing|conducting|writing|preparing|updating|working on|carrying out|undertaking|do|writing up) "
    r"(?:(?:a|an|our|my|the|some) )?(?:(?:new|cochrane|systematic|scoping|literature|rapid|umbrella|evidence|narrative|short|small) )*(?:reviews?|meta-?analys[ei]s|guidelines?|thesis|dissertation|essay|assignment|paper|talk|lecture|protocol|presentation)"
    r"(?: (?:on|of|about|into))?\b"
    r"|\b(?:(?:i|we) (?:would|['’]d) like to know|(?:i|we) (?:want|wish|need|am trying|are trying) to (?:know|find out|understand|learn)|(?:i|we) wonder(?:ed)?|(?:i am|i['’]m|we are) wondering|(?:can|could) (?:you|anyone|someone) (?:please )?tell (?:me|us)|please (?:tell|help) (?:me|us)(?: find(?: out)?)?)"
    r"(?: (?:whether|if|about|that))?\b"
    r"|\b(?:(?:i am|i['’]m|we are) )(?:looking|searching) for (?:(?:any|some|the|recent|good) )*(?:evidence|articles|papers|literature|information|publications|references)(?: (?:on|about|for|that|of))?\b"
    r"|\b(?:eligible|included|inclusion criteria) (?:are|were|is)\b:?|\b(?:inclusion|eligibility|exclusion) criteria\s*:",
    re.IGNORECASE,
)


def without_asker(text: str) -> str:
    """The text without who asks, what their doctor says, and what they are working on; as it is where nothing else is in it."""
    rest = text
    for rule in (*_WHO, _WHAT_FOR):
        rest = rule.sub(" ; ", rest)
    if rest == text:
        return text
    rest = re.sub(r"(?:\s*;)+\s*(?=[.?!,]|$)", "", " ".join(rest.split())).lstrip(" ;,.:")
    return rest if re.search(r"[^\W\d_]{3}", rest) else text
