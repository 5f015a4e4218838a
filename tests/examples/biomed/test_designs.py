"""What kind of study a source is, as its title and its text say where no index does."""

from __future__ import annotations

import pytest

from examples.biomed.answer.designs import design_of
from examples.biomed.records import Record


@pytest.mark.parametrize(
    ("title", "text", "design"),
    [
        (
            "Drug A in gout",
            "METHODS: 300 adults were randomly assigned to drug A or placebo.",
            "randomised trial",
        ),
        (
            "Drug A in gout",
            "410 patients with gout were assigned 2:1 to drug A or usual care.",
            "randomised trial",
        ),
        ("Drug A in gout", "A random allocation of 80 volunteers.", "randomised trial"),
        (
            "Drug A in gout",
            "DESIGN: Double-blind, two-centre trial of 900 participants.",
            "clinical trial",
        ),
        (
            "Drug A in gout",
            "90 patients received 2 mg of drug A or placebo once a day.",
            "clinical trial",
        ),
        ("Drug A: a systematic review", "Eight randomised trials were read.", "systematic review"),
        ("Drug A and falls: a cohort study", "Claims of 9000 patients.", "cohort study"),
        ("Drug A in gout", "This non-randomised series had 20 patients.", "document"),
        ("Drug A in gout", "Codes were assigned to diseases by two readers.", "document"),
        ("A diagnostic test", "A double-blinded study of its accuracy.", "document"),
    ],
)
def test_the_design_is_read_from_what_a_document_says(title: str, text: str, design: str) -> None:
    assert (
        design_of(Record(type="document", id="a", title=title, url="", year=None, text=text))
        == design
    )
