"""The parts of an abstract: a conclusion is quoted before a result, and what stands before or beside them never."""

from __future__ import annotations

import pytest

from examples.biomed.answer.telling_sentences import telling_sentences
from examples.biomed.answer.zones import label_of, parts_of
from examples.biomed.records import Record
from examples.biomed.sentences import sentences


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("IMPORTANCE: Pain is common.", "before"),
        ("DESIGN, SETTING, AND PARTICIPANTS: A trial.", "before"),
        ("MAIN OUTCOMES AND MEASURES: Death.", "before"),
        ("Main Outcome Measure(s): Death.", "before"),
        ("BACKGROUND & AIMS: Pain is common.", "before"),
        ("What is already known on this topic: Little.", "before"),
        ("METHODS AND RESULTS: Pain fell.", "found"),
        ("MEASUREMENTS AND MAIN RESULTS: Pain fell.", "found"),
        ("CONCLUSIONS AND RELEVANCE: It works.", "concluded"),
        ("Conclusions/interpretation: It works.", "concluded"),
        ("CONCLUSION(S): It works.", "concluded"),
        ("What this study adds: It works.", "concluded"),
        ("KEY POINTS: Meaning: It works.", "concluded"),
        ("PRIMARY FUNDING SOURCE: None.", "beside"),
        ("CLINICAL TRIAL REGISTRATION: NCT00000000.", "beside"),
    ],
)
def test_a_label_says_what_its_sentences_are(text: str, zone: str) -> None:
    (part,) = parts_of([text])
    assert part.zone == zone


@pytest.mark.parametrize(
    "text", ["Two groups were compared: A and B.", "Results. They fell.", "Diagnosis: Asthma."]
)
def test_what_is_no_label_is_none(text: str) -> None:
    assert label_of(text) is None


def test_a_sentence_without_a_label_goes_on_with_the_one_before() -> None:
    text = "RESULTS: Pain fell. Sleep rose. CONCLUSIONS: It works. FUNDING: None. Nobody paid."
    assert [one.zone for one in parts_of(sentences(text))] == [
        "found",
        "found",
        "concluded",
        "beside",
        "beside",
    ]


def test_an_aim_alone_labels_its_own_sentence() -> None:
    """Else nothing of such an abstract could be quoted."""
    text = "AIM: To see. Pain fell by half (p<0.01)."
    assert [one.zone for one in parts_of(sentences(text))] == ["before", ""]


def test_the_conclusion_is_quoted_first_and_the_background_never() -> None:
    background = "Heart failure is common, and metoprolol lowers mortality in heart failure by 34%."
    conclusion = "In heart failure, metoprolol reduces mortality."
    record = Record(
        type="article",
        id="1",
        title="Metoprolol in heart failure",
        text=f"IMPORTANCE: {background} OBJECTIVE: To see. RESULTS: Mortality in heart failure was lower with "
        f"metoprolol (7.2% vs 11.0%; HR 0.66, 95% CI 0.53-0.81). CONCLUSIONS AND RELEVANCE: {conclusion} "
        "FUNDING: The makers of metoprolol, which reduced mortality in heart failure.",
    )
    wanted = [(1.0, [frozenset([one])]) for one in ("metopr", "failu", "morta")]
    told = telling_sentences(record, wanted, "Does metoprolol reduce mortality in heart failure?")
    assert told[0] == conclusion
    assert background not in told
    assert not any("makers" in one for one in told)
