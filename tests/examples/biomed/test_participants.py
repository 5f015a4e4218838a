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
        ("We screened 4,812 women and randomised 1,204 to either arm.", 1204),
        ("4812 women were screened and 1204 randomised to exercise or usual care.", 1204),
        ("1204 of 4812 eligible women were randomised.", 1204),
        ("A total of 1204 of the 4812 patients invited took part.", 1204),
        ("After screening 10,234 adults, 512 were enrolled.", 512),
        ("Of 12,480 people assessed, 2,200 were excluded and 10,280 randomised.", 10280),
        ("Participants: 812 adults with sepsis, from 3400 screened.", 812),
        ("Records of 23,000 patients were reviewed and 412 met the inclusion criteria.", 412),
        ("We invited 60,000 men to screening; 36,000 attended.", 36000),
        ("Among 85,000 nurses, 1,204 cases of breast cancer occurred.", 85000),
        ("We identified 312 cases of dementia in a cohort of 4,500 men.", 4500),
        ("In a register of 1.1 million births, 2,345 cases of cerebral palsy were found.", 0),
        ("All 2.3 million residents were followed; 5,100 cases of cancer were found.", 2300000),
        ("Premiums would interest 25.8 million adults; 13,384 adults answered.", 13384),
        ("312 cases and 624 controls were interviewed.", 936),
        ("We studied 69 cases of appendicitis.", 69),
        ("Patients were assigned to drug A (n = 250) or placebo (n = 248).", 498),
        ("250 patients received drug A and 248 received placebo.", 498),
        ("We assigned 1,500 patients to drug A (n = 750) or placebo (n = 750).", 1500),
        ("Fatigue was reported by 50 of 74 patients; 74 patients were assessed with a scale.", 74),
        ("Fractures were seen in 162 of 248 bones.", 0),
        ("We included 438 shunt procedures.", 0),
        (
            "Length was measured in 24,620 women; 413 had a short cervix, and 250 of these women were randomly assigned.",
            250,
        ),
        ("416 patients with 427 fractures were randomly allocated.", 416),
        ("During follow-up 426 women were diagnosed with breast cancer.", 0),
        ("1,845 patients were diagnosed with gastric cancer and underwent surgery.", 1845),
        ("177 of these 1,287 subjects developed diabetes.", 1287),
        (
            "We used registers to follow a population of 1,672,983 women; cancer was found in 538 women.",
            1672983,
        ),
        ("834 women who developed recurrent cancer were studied.", 834),
    ],
)
def test_who_took_part_is_counted(text: str, number: int) -> None:
    assert took_part(text) == number


def test_as_many_in_each_group_are_not_all_that_took_part() -> None:
    assert took_part("Eighty-four women had surgery; 42 women were randomised to each group.") == 84
    assert took_part("We studied 300 adults. 150 adults were allocated to each arm.") == 300
