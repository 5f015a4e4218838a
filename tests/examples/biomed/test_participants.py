"""How many took part: a reader weighs a study by who was in it, not by who was looked at."""

from __future__ import annotations

import pytest

from examples.biomed.answer.participants import took_part


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("We screened 12,480 patients, of whom 1,961 were randomised to one of two groups.", 1961),
        ("4,744 patients were followed for 8,900 patient-years; 2,373 were assigned to it.", 4744),
        ("Of 25,000 women invited, 18,210 women took part and were included.", 18210),
        ("Of 1024 eligible patients, 512 consented and were randomised.", 512),
        ("Patients with sepsis (n = 412) were enrolled; 3,010 adults were screened.", 412),
        ("We included 23 trials with 10 245 participants.", 10245),
        ("Incidence was 12 per 100,000 children per year.", 0),
        ("In 2019 adults were asked; 580 patients were treated.", 580),
        ("In 2000 patients, mortality fell.", 2000),
        ("In 2015 women with preeclampsia, aspirin did not help; 90 women left.", 2015),
        ("In 2012 patients were recruited, and 400 women took part.", 400),
        ("Thirty-two patients were treated.", 32),
        ("Mortality was 12% in 1,250 person-years among women.", 0),
        ("They were aged 65 women.", 0),
        ("The study was done in 52 healthy male volunteers.", 52),
    ],
)
def test_who_took_part_is_counted(text: str, number: int) -> None:
    assert took_part(text) == number
