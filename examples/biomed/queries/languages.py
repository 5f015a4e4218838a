"""Whether a question is in English: the rules read no other language, and say so."""

from __future__ import annotations

import re
import unicodedata

from ..words import word_set

_LANGUAGES = {
    "German": "studien zu der die das und ist ein eine bei mit von zu für nicht gibt es welche wie wirkt hilft gegen kann den dem",
    "French": "essais cliniques de que qui est-ce le la les des une est dans pour avec sur et quels quelle quel chez du au aux contre traitement il",
    "Spanish": "ensayos clínicos sobre de el la los las una es en para con por y cuáles cuál qué del al contra tratamiento se eficaz",
    "Italian": "studi clinici su il lo gli una è nel per con di e quali quale del della al nei trattamento sono che",
    "Portuguese": "ensaios clínicos sobre de o os as uma é em para com por e quais qual do da no na tratamento são que contra funciona eficaz existe",
    "Dutch": "de het een is bij met van voor niet welke wat hoe werkt tegen kan zijn",
    "Polish": "czy jak jest są dla przy na leczenie które jakie nie się",
    "Swedish": "och är för med vid hur vilka vad mot kan ett att inte hjälper",
    "Danish or Norwegian": "og er for med ved hvordan hvilke hvad hva mot mod kan et at ikke hjelper hjælper",
    "Turkish": "ve ile için bir mi mı nasıl nedir hangi var tedavisi etkili",
    "Czech": "je pro při jak které jaké léčba na se",
}
_SCRIPTS = {
    "CJK": "Chinese or Japanese",
    "HIRAGANA": "Japanese",
    "KATAKANA": "Japanese",
    "HANGUL": "Korean",
    "CYRILLIC": "Russian or another language in Cyrillic letters",
    "ARABIC": "Arabic",
    "HEBREW": "Hebrew",
    "DEVANAGARI": "Hindi",
    "THAI": "Thai",
    "GREEK": "Greek",
}
_ENGLISH = word_set(
    """
    the of and in is are does do for with to a an on what how which can should by or from as
    was were has have it be at after before versus vs than that this trials trial studies
    treatment
    """
)


def other_language(text: str) -> str | None:
    """The language of a question that is not in English, as far as it can be told; else None."""
    scripts: dict[str, int] = {}
    letters = [one for one in text if one.isalpha()]
    for one in letters:
        script = unicodedata.name(one, "").split(" ")[0]
        scripts[script] = scripts.get(script, 0) + 1
    for script, language in _SCRIPTS.items():
        # A Greek letter or two are in English as well: TNF-α.
        if scripts.get(script, 0) * 3 > len(letters):
            return language
    words = re.findall(r"[^\W\d_]+", text.lower())
    english = sum(word in _ENGLISH for word in words)
    counts = {
        language: sum(word in set(markers.split()) for word in words)
        for language, markers in _LANGUAGES.items()
    }
    language = max(counts, key=lambda one: counts[one])
    return language if counts[language] >= 2 and counts[language] > english else None
