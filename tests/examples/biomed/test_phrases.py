"""The words of a phrase stand together in a search; apart they are searched for where too little has them together."""

from __future__ import annotations

import pytest

from examples.biomed.options import QueryOptions
from examples.biomed.plans import ENOUGH, plan, pubmed_queries
from tests.examples.biomed.asking import parsed

OPTIONS = QueryOptions().as_state()


@pytest.mark.parametrize(
    ("question", "together", "apart"),
    [
        ("nurse staffing", "(nurs* AND staff*)", "(nurs* OR staff*)"),
        (
            "screen time",
            '(screen time OR "Screen Time"[mh] OR ((screen* OR detect*) AND time*))',
            '(screen time OR "Screen Time"[mh] OR screen* OR detect*)',
        ),
        (
            "alveolar macrophage phagocytosis",
            '((alveolar macrophage OR "Macrophages, Alveolar"[mh] OR (alveolar* AND macrophag*)) AND phagocyto*)',
            '(alveolar macrophage OR "Macrophages, Alveolar"[mh] OR (alveolar* AND macrophag*) OR phagocyto*)',
        ),
    ],
)
def test_the_words_of_a_phrase_stand_together_and_apart_in_a_search_of_its_own(
    question: str, together: str, apart: str
) -> None:
    (first, nothing), (second, told), *_ = pubmed_queries(question, parsed(question), OPTIONS)
    assert (first, nothing) == (together, "")
    assert (second, told) == (apart, f"that the words stand together of {question!r}")
    _, call, *_ = plan("literature", question, parsed(question), OPTIONS)
    assert (call["arguments"]["query"], call["only_below"]) == (apart, ENOUGH)


def test_what_has_no_phrase_has_no_search_for_words_apart() -> None:
    question = "metformin and retinopathy in obesity"
    first, *wider = plan("literature", question, parsed(question), OPTIONS)
    assert "only_below" not in first
    assert [one["only_below"] for one in wider] == [1] * len(wider)


def test_of_a_phrase_of_many_words_all_are_required_then_two_side_by_side() -> None:
    question = "extracorporeal shockwave lithotripsy stone clearance"
    (first, _), (second, told), *_ = pubmed_queries(question, parsed(question), OPTIONS)
    stones = "(stone* OR calcul* OR lithia*)"
    assert first == f"(extracorpore* AND shockwav* AND lithotrips* AND {stones} AND clear*)"
    assert second == (
        "((extracorpore* AND shockwav*) OR (shockwav* AND lithotrips*) OR "
        f"(lithotrips* AND {stones}) OR ({stones} AND clear*))"
    )
    assert told == f"that the words stand together of {question!r}"


def test_of_three_words_all_are_required_then_the_middle_one_beside_one_of_the_others() -> None:
    question = "proton beam dosimetry"
    (first, _), (second, _), *_ = pubmed_queries(question, parsed(question), OPTIONS)
    assert first == "(proton* AND beam* AND dosimetr*)"
    assert second == "(beam* AND (proton* OR dosimetr*))"
