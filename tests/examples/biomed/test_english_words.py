"""A word of English is no misspelt name, however near it is to one; a slip for a name still is one."""

from __future__ import annotations

import pytest

from examples.biomed.entities import Entities
from examples.biomed.terms import english
from examples.biomed.terms.typos import nearest, nearest_word
from tests.examples.biomed.asking import parsed, pubmed

NAMED = ("drugs", "drug_classes", "conditions", "genes")

EVERYDAY = [
    "trampoline",
    "concert",
    "concerts",
    "rocket",
    "rockets",
    "pipeline",
    "couch",
    "actor",
    "creator",
    "coach",
    "crash",
    "alive",
    "lyrics",
    "scared",
    "stock",
    "contractor",
    "colonel",
    "brutal",
    "sandy",
    "tender",
    "bored",
    "sporting",
    "starring",
    "proving",
    "carol",
    "trampolining",
    "skateboard",
    "tractor",
    "escalator",
    "microwave",
    "umbrella",
    "bicycle",
    "keyboard",
    "laptop",
    "curtain",
    "carpet",
    "garage",
    "kitchen",
    "blanket",
    "lantern",
    "candle",
    "pillow",
    "ladder",
    "hammock",
    "wagon",
    "canoe",
    "saddle",
    "trumpet",
    "violin",
    "guitar",
]
FOODS = [
    "rice",
    "lamb",
    "pumpkin",
    "shrimp",
    "peach",
    "lobster",
    "pistachio",
    "wheat",
    "beans",
    "lentils",
    "avocado",
]


def named(found: Entities) -> list[str]:
    return [one for kind in NAMED for one in found[kind]]  # type: ignore[literal-required]


@pytest.mark.parametrize("word", [*EVERYDAY, *FOODS])
def test_an_everyday_word_is_no_medicine_and_no_disease(word: str) -> None:
    assert named(parsed(f"{word} and asthma in children")) == ["asthma"]
    assert not [one for one in parsed(f"is {word} safe")["notes"] if "was read as" in one]


@pytest.mark.parametrize(
    "word", ["Alain", "Gemma", "Cowan", "Romain", "Massa", "Samir", "Metallica"]
)
def test_a_name_of_a_person_is_not_read_as_a_synonym_that_nobody_uses(word: str) -> None:
    assert named(parsed(f"What did {word} find about asthma?")) == ["asthma"]


@pytest.mark.parametrize(
    ("slip", "key"),
    [
        ("metfromin", "metformin"),
        ("ibuprofin", "ibuprofen"),
        ("asprin", "aspirin"),
        ("xanex", "xanax"),
        ("lipiter", "lipitor"),
        ("prozak", "prozac"),
        ("ozempik", "ozempic"),
        ("tylenl", "tylenol"),
        ("warfrin", "warfarin"),
        ("semiglutide", "semaglutide"),
        ("paracetemol", "paracetamol"),
        ("ashma", "asthma"),
        ("exzema", "eczema"),
        ("migrane", "migraine"),
        ("lupis", "lupus"),
        ("strok", "stroke"),
        ("siezure", "seizure"),
        ("schitzophrenia", "schizophrenia"),
        ("metformina", "metformin"),
    ],
)
def test_a_slip_is_still_read_as_the_name(slip: str, key: str) -> None:
    assert nearest(slip) == key


def test_a_word_of_english_that_makes_a_longer_name_is_a_slip_for_its_word() -> None:
    assert nearest("prostrate") is None
    assert nearest_word("prostrate") == "prostate"
    assert parsed("prostrate cancer screening")["conditions"] == ["prostate cancer"]


@pytest.mark.parametrize(
    "word", ["concerts", "baked", "running", "trampolining", "walter", "colour", "color"]
)
def test_english_has_a_word_and_its_forms(word: str) -> None:
    assert english.is_english(word)


@pytest.mark.parametrize("word", ["metfromin", "ibuprofin", "ozempik", "semaglutide", "ashma"])
def test_english_has_no_slip(word: str) -> None:
    assert not english.is_english(word)


@pytest.mark.parametrize(
    ("cut", "heading"),
    [
        ("depress*", "Depression"),
        ("anxi*", "Anxiety"),
        ("suicid*", "Suicide"),
        ("tubercul*", "Tuberculosis"),
        ("cancer*", "Neoplasms"),
        ("pain*", "Pain"),
    ],
)
def test_a_cut_off_word_stands_beside_the_heading_of_the_broadest_name_it_begins(
    cut: str, heading: str
) -> None:
    group = pubmed(f"{cut} AND exercise").split(" AND ")[0]
    assert group.startswith(f"({cut} OR ")
    assert f'"{heading}"[mh]' in group


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("hypertension with no diabetes, no kidney disease and no heart failure", None),
        ("tratamento da asma no Brasil", "Portuguese"),
        ("asma no adulto e no idoso", "Portuguese"),
    ],
)
def test_a_word_that_two_languages_have_tells_once(question: str, language: str | None) -> None:
    assert parsed(question)["language"] == language
