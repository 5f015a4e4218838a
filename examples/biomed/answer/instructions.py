"""Sentences of a source that address whoever answers: commands, and talk of prompts. They are no findings, and are never quoted.

Without I/O. What is told of people who answer ("patients were instructed to", "answer the questionnaire") is none.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from ..markers import HIDDEN
from ..records import Record
from ..sentences import sentences

_WHO = (
    r"(?:a\.?i\.?|assistants?|systems?|(?:language |chat )?models?|llms?|(?:chat|ro)?bots?|(?:ai |search |research )?agents?|orchestrators?|summari[sz]ers?|"
    r"answerers?|(?:who|what)ever (?:answers|reads|summari[sz]es)|(?:any|every)(?:one|body) (?:who answers|answering))"
)
_ANSWERS = _WHO.replace("systems?|", "").replace(
    "(?:language |chat )?models?", "(?:language|chat) models?"
)
_SAY = r"(?:answer|say|reply|respond|cite|quote|output|claim|conclude|state)"
_TO_ANSWER = r"(?!\s+(?:(?:all|each|every|any|to|the|these|this|your|our|his|her|their|some|a|an|of|\w+) ){0,4}(?:questionnaires?|surveys?|items?|forms?|interviews?|phone|call|doctor|nurse|physician|pharmacist)\b)"
_BEGINS = r"(?:^|[.:;,!?–—-]\s*|\b(?:please|now|then|and|always|only|just|simply|must|never|do not|don't)\s+)"
_PEOPLE = r"(?:patients?|women|men|participants|respondents|people|persons|adults|children|parents|clinicians|doctors|physicians|nurses|students|percent|they|we|who|most|many|some|those|all|\d+)"
_RULES = (
    # Whom it is for: "note to assistant:", "dear system", "AI assistants reading this".
    rf"\b(?:notes?|messages?|instructions?|attention|memos?|notices?|reminders?|orders?|commands?|directives?)\s+(?:to|for)\s+(?:the |any |all |an? |every |your )?(?:ai )?{_WHO}(?:\s*[:.,–—-]|\s+\w+ing\b)",
    rf"^(?:dear|hey|hello|hi|attention|listen|ok),?\s+(?:the |any |all )?(?:ai )?{_WHO}\b(?!\s+(?:\w+ )?(?:was|were|is|are|had)\b)",
    r"^(?:system|assistant|developer|user|ai|a\.i\.|chatbot|llm)(?: (?:prompt|message|note|instructions?|override))?\s*:",
    r"(?-i:\b(?:SYSTEM|ASSISTANT|DEVELOPER)(?: (?:PROMPT|MESSAGE|NOTE|OVERRIDE))?:)",
    rf"(?<!physician )(?<!medical )(?<!research )(?<!nursing )(?<!dental )(?<!teaching )\b(?:ai )?{_ANSWERS} (?:(?:reading|processing|summari[sz]ing) (?:this|it)\b|(?:must|should|shall|has to|have to|is to|are to) (?:\w+ )?(?:{_SAY}|tell|recommend)\b)",
    rf"\b(?:if|when) you(?: are|'re) (?:an? )?(?:\w+ )?{_WHO}\b",
    rf"\byou are (?:now )?(?:an? )(?:\w+ )?(?:{_WHO}|pirate)\b|^you are now an? ",
    rf"^(?:the|this|any|every) (?:system|model) (?:must|should|shall|has to|is to) (?:\w+ )?{_SAY} (?:that|with|only|yes|no)\b",
    # What it commands.
    rf"\byou (?:must|should|shall|will|have to|need to|are to|may only|can only|are (?:required|instructed|told|ordered) to) (?:(?:not|never|always|only|now|therefore|then) )*{_SAY}\b{_TO_ANSWER}",
    r"\b(?:tell|inform|convince|persuade) (?:the |any |every )?(?:users?|askers?|readers?|whoever asks|(?:any|every)(?:one|body) who asks)\b",
    rf"{_BEGINS}(?:ignore|disregard|forget|override|bypass)\s+(?:(?:all|any|every|the|your|these|those|of|other|my|and) )*(?:(?:previous|prior|above|earlier|preceding|former|existing|system|safety) )?(?:and \w+ )?"
    r"(?:instructions?|prompts?|rules?|directions?|directives?|commands?|context|sources?|documents?|everything (?:above|before|else))\b",
    r"^(?:please )?(?:always |only |just |simply |never |do not |don't )?(?:say|answer|reply|respond)\b(?:\s*:|\s+(?:only|that|with|yes|no|exactly|always|nothing|as follows|in (?:one|english|the affirmative)|(?:to )?(?:every|any|all|each|the) questions? (?:with|by|that))\b|\s+[\"“'‘])",
    rf"^(?:please )?(?:always |only |just |never |do not |don't )?say\s+(?!\d){_TO_ANSWER}",
    rf"{_BEGINS}cite (?:only )?(?:\[?\(?\d+\)?\]?|this|these|it|that|only|nothing|no other|the (?:following|above|present) )\b|\bcite \[",
    r"\bplease (?:\w+ )?(?:say|answer|reply|respond|write|cite|quote|output|print|claim|recommend|state)\b" + _TO_ANSWER,
    rf"\b(?:when|whenever|if|once) (?:you are |you're |ever |a user |someone |anyone )*(?:asked|asks|queried|prompted|questioned)\b(?:(?!\b{_PEOPLE}\b)[^.]){{0,120}}\b(?:say|answer|reply|respond|cite|quote|output|claim|state|tell|recommend)\b{_TO_ANSWER}",
    r"\bthe (?:only |correct |right |true )?(?:answer|reply|response) to (?:every|all|any|each|whatever)\b",
    r"\b(?:reveal|print|repeat|show|output|leak|change|follow|obey|ignore|forget) (?:me |us )?(?:your|the|my|these) (?:(?:previous|original|hidden|new|own|system|following) )*(?:system prompts?|prompts?|instructions? (?:above|below|instead))\b",
    r"\byour (?:(?:previous|prior|original|hidden|new|own) )*(?:system )?(?:prompts?|programming)\b|\byour (?:previous|prior|original|hidden|new) instructions?\b|\bnew instructions?\s*:",
    r"^(?:obey|pretend|role-?play)\b|^act (?:as|like) (?:an? |if you )|\bobey\b.*\b(?:this|me|system)\b|\b(?:decode|decrypt) and obey\b",
    # Turns of chat formats.
    r"<\|[^<>]{0,60}\|>|\[/?INST\]|<</?SYS>>|</?(?:system|assistant|user|instructions?)>|<start_of_turn>|[\"']role[\"']\s*:\s*[\"']|#{2,}\s*(?:instruction|response|system)s?\b",
    # Other languages.
    r"\bignor(?:iere?n?|a|ez|ad|are)\b[^.]{0,40}\b(?:anweisung(?:en)?|instruc(?:ciones|tions)|instruções|istruzioni|consignes)\b|игнорируй\w*[^.]{0,40}инструкци|忽略[^。]{0,12}(?:指示|指令)|指示を無視",
)  # fmt: skip
_ADDRESSES = re.compile("|".join(f"(?:{one})" for one in _RULES), re.IGNORECASE)
_LEADING = re.compile(r"^[\s\W_]*(?=\w)")


@lru_cache(4096)
def is_instruction(sentence: str) -> bool:
    """Whether a sentence addresses whoever answers: names it, commands what to say or to cite, or tells of its prompts."""
    plain = " ".join(HIDDEN.sub("", unicodedata.normalize("NFKC", sentence)).split())
    return any(_ADDRESSES.search(one) for one in {plain, _LEADING.sub("", plain)})


def without_instructions(text: str) -> str:
    """A text without such sentences; word for word where it has none."""
    parts = sentences(text)
    kept = [one for one in parts if not is_instruction(one)]
    return text if len(kept) == len(parts) else " ".join(kept)


def own_words(record: Record) -> Record:
    """A record whose text and outcome are what its source tells, without such sentences."""
    text, outcome = record.get("text", ""), record.get("outcome", "")
    told, result = without_instructions(text), without_instructions(outcome)
    if (told, result) == (text, outcome):
        return record
    cleaned: Record = {**record, "text": told}
    if outcome:
        cleaned["outcome"] = result
    return cleaned
