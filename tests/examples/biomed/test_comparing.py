"""Who compares directly: each side is known by any of its names, and called as the question calls it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from examples.biomed.answer.comparing import compared
from examples.biomed.citations import number
from examples.biomed.entities import parse

DAY = date(2026, 11, 30)
FOUND = "Children took part. Fever fell faster with the one than with the other (P = 0.03)."


def _compared(question: str, title: str, text: str = "") -> str:
    record: Any = {
        "type": "document",
        "id": "1",
        "title": title,
        "year": 2020,
        "text": text,
        "url": "",
    }
    return compared(parse(question, DAY), number({"documents": [record]}))


@pytest.mark.parametrize(
    ("question", "title", "called"),
    [
        ("Is ibuprofen better than paracetamol for fever?", "Paracetamol versus ibuprofen", "ibuprofen with paracetamol"),
        ("Is Advil better than Tylenol for fever?", "Paracetamol versus ibuprofen", "Advil with Tylenol"),
        ("Is ibuprofen better than acetaminophen for fever?", "Tylenol versus Advil", "ibuprofen with acetaminophen"),
        ("Is salbutamol better than adrenaline in asthma?", "Epinephrine or albuterol", "salbutamol with adrenaline"),
        ("Is frusemide better than bumetanide?", "Bumetanide and furosemide", "frusemide with bumetanide"),
        ("Are gliflozins better than gliptins?", "Empagliflozin against sitagliptin", "gliflozins with gliptins"),
        ("Is edoxaban better than VKAs?", "Edoxaban versus warfarin", "edoxaban with VKAs"),
        ("Is apixaban better than vitamin K antagonists?", "Apixaban or a VKA", "apixaban with vitamin K antagonists"),
        ("Is rivaroxaban better than warfarin?", "Rivaroxaban or a vitamin K antagonist", "rivaroxaban with warfarin"),
    ],
)  # fmt: skip
def test_a_side_is_known_by_any_of_its_names_and_called_as_it_was_asked(
    question: str, title: str, called: str
) -> None:
    assert f"**[1] compares {called} directly:**" in _compared(question, title)


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("Is apixaban better than vitamin K?", "Apixaban versus vitamin K antagonists"),
        ("Is ibuprofen better than paracetamol for fever?", "Ibuprofen versus naproxen"),
        ("Is apixaban better than vitamin K antagonists?", "Apixaban and vitamin K in the diet"),
        ("Is phenprocoumon better than warfarin?", "Phenprocoumon among vitamin K antagonists"),
    ],
)
def test_what_blocks_a_thing_is_not_that_thing(question: str, title: str) -> None:
    assert "**No result compares" in _compared(question, title)


def test_a_finding_in_the_text_is_not_said_to_be_missing() -> None:
    question, title = "Is ibuprofen better than paracetamol?", "Ibuprofen versus paracetamol"
    missing = "What it found is not in the results read here."
    assert missing not in _compared(question, title, FOUND)
    assert missing in _compared(question, title, "We compared them. The protocol is described.")
