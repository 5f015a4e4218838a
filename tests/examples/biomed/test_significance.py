"""Figures that show no difference are read as none, whatever words stand beside them."""

from __future__ import annotations

import pytest

from examples.biomed.answer.significance import is_significant, ratio_goes


@pytest.mark.parametrize(
    "text",
    [
        "PPI use and dementia: HR 1.05, 95% CI 0.93–1.18.",
        "The hazard ratio was 1.05 (95% CI, 0.93 to 1.18).",
        "Odds of falls were higher (aOR 1.31; 95% CI: 0.97-1.77).",
        "Risk fell (RR 0.80 [0.62–1.04]).",
        "Relative risk 1.2 (95% confidence interval 0.9 to 1.6)",
        "Mean difference −0.3 (95% CI −0.9 to 0.3) points.",
        "The risk difference was -1.2% (95% CI -2.9% to 0.4%).",
        "The mean difference in pain was 0.4 (CI95% -0.2, 1.0).",
        "Pain was lower with the drug (P = 0.4).",
        "Mortality rose (p=.12).",
        "More of them fell (p > 0.05).",
        "Survival was longer (P=NS).",
        "It was longer (NS).",
        "There was a nonsignificant increase.",
        "The rise did not reach statistical significance.",
        "No statistically significant difference was found (HR 0.97; 95% CI 0.80–1.17; p = 0.75).",
        "Hazard ratio 1·05 (95% CI 0·93–1·18; p=0·41).",
        "HR 1.02 (95% CI 0.89–1.17; P<0.001 for noninferiority).",
        "HR 0.99 (95% CI 0.90–1.09; p for noninferiority < 0.001).",
        "The p-value was 0.31.",
    ],
)
def test_no_difference_is_read_as_none(text: str) -> None:
    assert is_significant(text) is False


@pytest.mark.parametrize(
    "text",
    [
        "Hazard ratio 1.44 (95% CI 1.36–1.52).",
        "RR 0.80 (0.72–0.89).",
        "Mean difference 2.1 kg (95% CI 1.0 to 3.2).",
        "The difference was −2.1 (95% CI −3.2 to −1.0).",
        "The change was -0.9 points (95% CI -1.2--0.6).",
        "Mortality rose (P = 0.003).",
        "Pain was lower (p<0.05).",
        "Pain was significantly lower.",
        "HR 0.74; 95% CI 0.65 to 0.85; P<0.001; P for interaction = 0.4.",
        "The odds ratio for a difference in response was 2.3 (95% CI 1.4–3.8).",
    ],
)
def test_a_difference_is_read_as_one(text: str) -> None:
    assert is_significant(text) is True


@pytest.mark.parametrize(
    "text",
    [
        "Mortality rose by 12%.",
        "The prevalence was 12% (95% CI 10–14).",
        "Sensitivity was 0.91 (95% CI 0.86–0.95).",
        "Pain fell (p = 0.01), and function did not (p = 0.6).",
        "The P for trend was 0.4.",
        "Pain was lower (p < 0.1).",
        "They were aged 0.5 to 1.8 years.",
    ],
)
def test_what_figures_do_not_say_is_not_read(text: str) -> None:
    assert is_significant(text) is None


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ("Hazard ratio 1.44 (95% CI 1.36–1.52).", "up"),
        ("OR 0.62 (95% CI 0.41–0.93; p = 0.02).", "down"),
        ("HR 1.05 (95% CI 0.93–1.18).", ""),
        ("HR 1.4 (95% CI 1.2–1.7) and 0.7 (95% CI 0.5–0.9).", ""),
        ("Mean difference 2.1 (95% CI 1.0 to 3.2).", ""),
    ],
)
def test_a_ratio_that_leaves_one_out_goes_a_way(text: str, way: str) -> None:
    assert ratio_goes(text) == way
