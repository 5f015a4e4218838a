"""What users write as a librarian does, and in other languages; numbers of other registries."""

from __future__ import annotations

from typing import Any

import pytest

from examples.biomed.answer.speaking import is_named
from examples.biomed.options import QueryOptions
from examples.biomed.plans import plan
from examples.biomed.services.trials_json import FIELDS, study
from examples.biomed.topics import topics
from tests.examples.biomed.asking import parsed, pubmed


@pytest.mark.parametrize(
    ("question", "group"),
    [
        ("therap* OR treat* migraine", "(therap* OR treat*) AND "),
        ("migraine AND (therap* OR treat*)", " AND (therap* OR treat*)"),
        ("(adher* OR complian*) AND statins", "(adher* OR complian*) AND "),
        ("(vaccin* OR immuniz*) AND measles", "(vaccin* OR immuniz*) AND "),
        ("asthma AND exercis*", " AND exercis*"),
        (
            "(semaglutide OR tirzepatide) AND obes*",
            '(semaglutide OR tirzepatide) AND (obes* OR "Ob',
        ),
        ("leukem* AND (transplant* OR imatinib)", " OR imatinib)"),
        ("asthma AND child* NOT adult*", ' NOT ("Adult"[mh] NOT '),
    ],
)
def test_a_cut_off_word_is_searched_for_as_it_is_and_or_joins(question: str, group: str) -> None:
    assert group in pubmed(question)


@pytest.mark.parametrize(
    ("question", "cut", "heading"),
    [
        ("obes* AND surgery", "obes*", "Obesity"),
        ("hypertens* in pregnancy", "hypertens*", "Hypertension"),
        ("metform* AND cancer", "metform*", "Metformin"),
        ("schizophren* AND sleep", "schizophren*", "Schizophrenia"),
    ],
)
def test_a_cut_off_name_stands_beside_its_heading(question: str, cut: str, heading: str) -> None:
    """Both: what was written finds what has no heading yet. What is left of the word alone finds nothing."""
    group = pubmed(question).split(" AND ")[0]
    assert group.startswith(f"({cut} OR ")
    assert f'"{heading}"[mh]' in group
    assert f"{cut[:-1]} " not in group


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("obes* AND surgery", ["obesity"]),
        ("schizophren* AND sleep", ["schizophrenia"]),
        ("hypertens* AND (salt OR sodium)", ["hypertension"]),
        ("diabet* AND exercis*", ["diabetes"]),
        ("statin* AND (myopath* OR rhabdomyolysis)", ["myopathy", "rhabdomyolysis"]),
        ("measles AND vaccin*", ["measles"]),
    ],
)
def test_the_registry_gets_a_cut_off_disease_whole_and_no_other_cut_off_word(
    question: str, names: list[str]
) -> None:
    found = parsed(question)
    assert found["conditions"] == names
    (first, *_) = plan("trials", question, found, QueryOptions().as_state())
    assert "*" not in str(first["arguments"])
    joined = first["arguments"]["condition"]
    assert joined == " OR ".join(names)


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("metformina w ciąży", "Polish"),
        ("leczenie migreny", "Polish"),
        ("semaglutyd w otyłości", "Polish"),
        ("behandling av migrän", "Swedish"),
        ("metformin vid graviditet", "Swedish"),
        ("är semaglutid säkert", "Swedish"),
        ("Hur behandlas astma", "Swedish"),
        ("metformin og graviditet", "Danish or Norwegian"),
        ("Migräne Behandlung", "German"),
        ("metformine grossesse", "French"),
        ("tratamiento migraña", "Spanish"),
        ("gravidanza metformina", "Italian"),
        ("tratamento enxaqueca", "Portuguese"),
        ("behandeling migraine", "Dutch"),
        ("migren tedavisi", "Turkish"),
        ("léčba migrény", "Czech"),
    ],
)
def test_one_telling_word_shows_the_language(question: str, language: str) -> None:
    found = parsed(question)
    assert found["language"] == language
    assert f"seems to be in {language}" in found["notes"][0]
    assert pubmed(question) == question


@pytest.mark.parametrize(
    "question",
    [
        "Sjögren syndrome rituximab",
        "Behçet disease colchicine",
        "Ménière disease betahistine",
        "semaglutide São Paulo",
        "Guillain-Barré IVIG",
        "Waldenström macroglobulinemia ibrutinib",
        "migraine prophylaxis",
        "naïve T cells",
    ],
)
def test_names_with_letters_of_their_own_are_english(question: str) -> None:
    assert parsed(question)["language"] is None


@pytest.mark.parametrize(
    ("question", "medicine"),
    [
        ("Czy metformina jest bezpieczna w ciąży", "metformin"),
        ("semaglutyd w otyłości", "semaglutide"),
        ("metformine grossesse", "metformin"),
        ("är semaglutid säkert", "semaglutide"),
    ],
)
def test_a_medicine_is_known_in_other_languages(question: str, medicine: str) -> None:
    assert parsed(question)["drugs"] == [medicine]


@pytest.mark.parametrize(
    ("question", "numbers"),
    [
        ("ISRCTN74851356", ["ISRCTN74851356"]),
        ("results of ISRCTN 74851356", ["Protocol 7", "ISRCTN74851356"]),
        ("EudraCT 2017-003436-36", ["2017-003436-36"]),
        ("2017-003436-36", ["EudraCT Number: 2017-003436-36"]),
        ("DRKS00012345", ["drks00012345"]),
    ],
)
def test_a_record_is_named_by_its_number_in_another_registry(
    question: str, numbers: list[str]
) -> None:
    found = parsed(question)
    record: Any = {"type": "trial", "id": "NCT01234567", "title": "A", "registry_ids": numbers}
    assert is_named(record, found)
    assert not is_named(record | {"registry_ids": ["ISRCTN00000001", ""]}, found)


@pytest.mark.parametrize(
    "question", ["ISRCTN74851356", "EudraCT 2017-003436-36", "10.1056/NEJMoa2007764"]
)
def test_a_number_is_no_topic_and_no_concept(question: str) -> None:
    found = parsed(question)
    assert topics(found) == []
    assert found["concepts"] == []


def test_a_study_has_its_numbers_of_other_registries() -> None:
    raw = {
        "protocolSection": {
            "identificationModule": {
                "nctId": "NCT01234567",
                "orgStudyIdInfo": {"id": "NN9536-4373"},
                "secondaryIdInfos": [{"id": "2017-003436-36"}, {"type": "OTHER"}],
            }
        }
    }
    assert study(raw)["registry_ids"] == ["NN9536-4373", "2017-003436-36"]
    assert {"OrgStudyId", "SecondaryId"} <= set(FIELDS.split("|"))
