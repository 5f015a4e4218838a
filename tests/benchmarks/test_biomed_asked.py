"""The questions in people's own words: what counts as answered, and that the held ones stay unseen."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.biomed_asked import SETS, Line, outcome_of, questions
from tests.support.server_process import ROOT

ANSWERABLE = Line(
    pmid="1",
    question="Do drains heal leaks faster?",
    who="lay",
    kind="effect",
    right=["10 days", "sooner"],
    wrong=["in pigs"],
    tells="",
)
UNANSWERABLE = ANSWERABLE | Line(pmid=None, right=[], wrong=[], tells="leak")  # type: ignore[typeddict-item]
RIGHT = ("1", "With a drain leaks healed in 10 days.")
BESIDE = ("1", "Leaks were found in 16 patients.")
OTHER = ("2", "Leaks healed in 10 days.")


@pytest.mark.parametrize(
    ("quoted", "outcome"),
    [
        ([], "refused"),
        ([RIGHT, OTHER], "right first"),
        ([OTHER, RIGHT], "right later"),
        ([OTHER], "other source"),
        ([OTHER, BESIDE], "other sentence"),
        ([("1", "Leaks healed sooner in pigs.")], "other sentence"),
    ],
)
def test_only_the_sentence_of_the_source_that_answers_counts(
    quoted: list[tuple[str, str]], outcome: str
) -> None:
    assert outcome_of(ANSWERABLE, quoted, "") == outcome


@pytest.mark.parametrize(
    ("quoted", "lost", "outcome"),
    [
        ([], "", "refused"),
        ([OTHER], "leaks after surgery", "told"),
        ([OTHER], "children", "answered"),
        ([OTHER], "", "answered"),
    ],
)
def test_where_nothing_answers_the_thing_that_is_lacking_has_to_be_named(
    quoted: list[tuple[str, str]], lost: str, outcome: str
) -> None:
    assert outcome_of(UNANSWERABLE, quoted, lost) == outcome


@pytest.mark.parametrize("name", SETS)
def test_each_line_says_what_is_right_in_a_few_words(name: str) -> None:
    lines = questions(name)
    assert [line["pmid"] is None for line in lines] == [False] * 55 + [True] * 15
    for line in lines:
        assert line["who"] in ("clinician", "lay"), line
        assert bool(line["right"]) == (line["pmid"] is not None), line
        assert bool(line["tells"]) == (line["pmid"] is None), line
        for pattern in (*line["right"], *line["wrong"], *line["tells"].split("|")):
            re.compile(pattern)
            assert len(pattern.split()) <= 5, pattern
        assert len(line["right"]) <= 3, line


def test_no_abstract_is_asked_about_twice() -> None:
    asked = [line["pmid"] for name in SETS for line in questions(name) if line["pmid"]]
    assert len(asked) == len(set(asked))


def test_each_question_is_printed_of_the_developed_set_and_none_of_the_held(
    tmp_path: Path,
) -> None:
    line = next(one for one in questions("developed") if "tomosynthesis" in one["question"])
    text = (
        "Digital tomosynthesis missed no more kidney stones than CT: similar stone detection rates."
    )
    (tmp_path / "corpus.jsonl").write_text(
        json.dumps({"pmid": line["pmid"], "abstract": text}) + "\n", "utf-8"
    )
    printed = subprocess.run(
        [sys.executable, "-m", "benchmarks.biomed_asked", "--data", str(tmp_path), "--each"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    ).stdout
    assert [one for one in questions("developed") if one["question"] not in printed] == []
    assert [one for one in questions("held") if one["question"] in printed] == []
    assert f"+ {line['pmid']}: {text}" in printed
