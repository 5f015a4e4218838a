"""Whether a question is in English: the rules read no other language, and say so.

Small words tell a language, but "do", "die", "per" and the E of E. coli are in English too: where most other words are English, so is the question.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

from ..terms.english import SHORTEST, is_english
from ..terms.everyday import EVERYDAY
from ..terms.find import find
from ..words import word_set

_LANGUAGES = {
    "German": "sind studien zu der die das und ist ein eine bei mit von zu für nicht gibt es welche wie wirkt hilft gegen kann den dem",
    "French": "sont essais cliniques de que qui est-ce le la les des une est dans pour avec sur et quels quelle quel chez du au aux contre traitement il",
    "Spanish": "ensayos clínicos sobre de el la los las una es en para con por y cuáles cuál qué del al contra tratamiento se eficaz",
    "Italian": "come si quanto studi clinici su il lo gli una è nel per con di e quali quale del della al nei trattamento sono che",
    "Portuguese": "ensaios clínicos sobre de o os as uma é em para com por e quais qual do da no na tratamento são que contra funciona eficaz existe",
    "Dutch": "de het een is bij met van voor niet welke wat hoe werkt tegen kan zijn",
    "Polish": "czy jak jest są dla przy na leczenie które jakie nie się",
    "Swedish": "och är för med vid hur vilka vad mot kan ett att inte hjälper",
    "Danish or Norwegian": "og er for med ved hvordan hvilke hvad hva mot mod kan et at ikke hjelper hjælper",
    "Turkish": "ve ile için bir mi mı nasıl nedir hangi var tedavisi etkili",
    "Czech": "je pro při jak které jaké léčba na se",
}
_TELLING = {
    "German": "behandlung wirksamkeit nicht gegen schwangerschaft kindern nebenwirkungen wirkung krankheit welche hilft wirkt einen einem eines einer verursacht senkt erhöht verhindert schützt führt mangel kinder frauen",
    "French": "traitement traitements efficacité grossesse enfants contre maladie chez quels quelle essais cliniques",
    "Spanish": "prevenir tratamiento eficacia embarazo niños enfermedad ensayos cuáles eficaz contra",
    "Italian": "trattamento efficacia gravidanza bambini malattia quali terapia nei",
    "Portuguese": "prevenir tratamento eficácia gravidez crianças doença eficaz ensaios",
    "Dutch": "behandeling werkzaamheid zwangerschap kinderen ziekte tegen welke bijwerkingen",
    "Polish": "czy leczenie leczeniu leczenia skuteczność bezpieczeństwo ciąży dzieci choroby badania jakie które przeciw bezpieczna",
    "Swedish": "och är vid hur vilka hjälper behandling behandlas behandlar graviditet säkert biverkningar läkemedel sjukdom effekten",
    "Danish or Norwegian": "hvordan hvilke hvad behandling behandles graviditet sikkert bivirkninger lægemiddel legemiddel sygdom sykdom hjælper hjelper børn",
    "Turkish": "tedavisi nedir hangi etkili hastalığı gebelikte için",
    "Czech": "léčba léčbě těhotenství účinnost bezpečnost nemoc jaké které",
}
"""Words that no English question has: one of them tells, where nothing English stands beside it."""
_LETTERS = {
    "German": "ß",
    "Spanish": "ñ¿¡",
    "Portuguese": "ãõ",
    "Polish": "ąęłńśźż",
    "Swedish": "åäö",
    "Danish or Norwegian": "æø",
    "Turkish": "ğış",
    "Czech": "ěřů",
}
_OF_SEVERAL = frozenset("åäö")
"""Letters that names in English have too, "Sjögren": they only decide between languages."""
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
    treatment without not or if when who about any
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
    words = [one for one in _TOKEN.findall(text.lower()) if one.isalpha()]
    said = set(words)  # "no diabetes, no stroke" says one word of Portuguese, not two
    markers = {language: said & set(known.split()) for language, known in _LANGUAGES.items()}
    counts = {
        language: len(found) if found - _ALSO_ENGLISH else 0 for language, found in markers.items()
    }
    language = max(counts, key=lambda one: (counts[one], _letters(one, words)))
    known, unknown = _of_english(text)
    is_foreign = unknown > 1 and not known
    if counts[language] >= 2 and (known < 2 * unknown or not known):
        english = sum(word in _ENGLISH - markers[language] for word in words)
        if counts[language] > english or is_foreign:
            return language
    # "In der Schwangerschaft": no word but "in" is English.
    return _by_one_word(text, counts) if is_foreign or not said & _ENGLISH else None


_TOKEN = re.compile(r"(?<![\w.-])[^\W_](?=\s|$)|[^\W_]{2,}")
"""A letter by itself is a word only where nothing is tied to it: ``E. coli``, ``e-cigarette``."""
_ALSO_ENGLISH = word_set("do no de en se die per come as is met for at on in jest over was men")
"""Small words of other languages that are in an English question as well."""


def _of_english(text: str) -> tuple[int, int]:
    """How many of the longer words that are in no name are English, and how many are not."""
    for name in reversed(find(text)):
        text = f"{text[: name.start]};{text[name.end :]}"
    longer = [one for one in re.findall(r"[^\W\d_]+", text) if len(one) >= SHORTEST]
    known = sum(one.lower() in EVERYDAY or is_english(one.lower()) for one in longer)
    return known, len(longer) - known


def _by_one_word(text: str, counts: Mapping[str, int]) -> str | None:
    """The language that a single telling word or letter shows."""
    words = re.findall(r"[^\W\d_]+", text)
    low = [one.lower() for one in words]
    telling = {
        language: sum(word in set(known.split()) for word in low)
        for language, known in _TELLING.items()
    }
    for language, letters in _LETTERS.items():
        own = set(letters) - _OF_SEVERAL  # and a name may have any: "São Paulo"
        telling[language] += sum(bool(own & set(word)) for word in words if word.islower())
    language = max(telling, key=lambda one: (telling[one], counts.get(one, 0), _letters(one, low)))
    return language if telling[language] else None


def _letters(language: str, words: Iterable[str]) -> int:
    return sum(letter in _LETTERS.get(language, "") for word in words for letter in word)
