"""A reference that is not in the sources' results does not come out, whatever a model writes."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from examples.biomed.answer.synthesis import write
from examples.biomed.citations import REMOVED, CitationGuard, cited_numbers, number
from examples.biomed.entities import parse
from examples.biomed.ranking import rank
from examples.biomed.records import one_line

RESULTS: dict[str, list[Any]] = {
    "literature": [
        {
            "type": "article",
            "id": "37952131",
            "title": "Semaglutide [2023]",
            "year": 2023,
            "authors": ["Lincoff AM", "Other B"],
            "doi": "10.5555/one",
        },
        {"type": "article", "id": "nonsense", "title": "Made up"},
        {"type": "article", "id": "37952131", "title": "The same again"},
    ],
    "trials": [
        {"type": "trial", "id": "NCT03574597", "title": "SELECT", "url": "http://evil.test"}
    ],
    "documents": [{"type": "document", "id": "a.md", "title": "Note", "url": "javascript:x"}],
}
CITED = number(RESULTS)


def _clean(text: str, size: int = 10_000) -> str:
    guard = CitationGuard(CITED)
    pieces = [text[start : start + size] for start in range(0, len(text), size)]
    return "".join(guard.feed(piece) for piece in pieces) + guard.close()


def test_the_list_is_made_from_well_formed_results_alone() -> None:
    citations = [citation for citation, _ in CITED]
    assert [(one["n"], one["id"]) for one in citations] == [
        (1, "37952131"),
        (2, "NCT03574597"),
        (3, "a.md"),
    ]
    assert citations[1]["url"] == "https://clinicaltrials.gov/study/NCT03574597"
    assert citations[2]["url"] is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Works [1] and [2].", "Works [1] and [2]."),
        ("Works [9].", "Works ."),
        ("Both [1, 9, 2].", "Both [1][2]."),
        ("All [1-3].", "All [1][2][3]."),
        ("Many [2-999999].", "Many [2][3]."),
        ("Foot [^2] and [^7].", "Foot [2] and ."),
        ("Wide 【1】【8】", "Wide [1]"),
        ("Nested [9[99]9]", "Nested 99]"),
        ("[1](https://evil.test/x)", "[1]"),
        ("[here](https://evil.test/x)", "here"),
        ("See https://evil.test/x now", f"See {REMOVED} now"),
        ("NCT03574597 but NCT99999999", f"NCT03574597 but {REMOVED}"),
        ("PMID 37952131, PMID: 11111111", f"PMID 37952131, {REMOVED}"),
        ("doi:10.5555/one, 10.5555/two", f"doi:10.5555/one, {REMOVED}"),
        ("(Lincoff et al., 2023) (Fake et al., 2020)", f"(Lincoff et al., 2023) {REMOVED}"),
        ("Ref [ref 9] [refs. 1 and 9] [see #2]", "Ref  [1] [2]"),
        ("Odd ［9］［1］ [1†page] 【9†page】", "Odd [1] [1] "),
        ("ftp://evil.test/x evil.test/page", f"{REMOVED} {REMOVED}"),
        ("PMID **11111111**, PMID=37952131", f"PMID {REMOVED}**, PMID=37952131"[5:]),
        ("PubMed ID number 11111111", REMOVED),
        ("NCT**99999999** NCT `03574597`", f"{REMOVED}** NCT `03574597`"),
        ("ISRCTN12345678, EudraCT 2015-001234-12", f"{REMOVED}, {REMOVED}"),
        ("Plain text, HR 0.80 (95% CI 0.72 to 0.90).",) * 2,
        ("5 mg/dL, 0.5/day, e.g./i.e., and/or, PubMed. 2 of them",) * 2,
    ],
)
def test_only_known_references_come_out(text: str, expected: str) -> None:
    assert _clean(text) == expected


_PIECES = st.sampled_from(
    [
        "[",
        "]",
        "【",
        "】",
        "\\",
        "(",
        ")",
        "^",
        ",",
        "-",
        "–",
        " ",
        "\n",
        ".",
        "1",
        "2",
        "7",
        "99",
        "NCT",
        "NCT99999999",
        "NCT03574597",
        "PMID ",
        "PMID 11111111",
        "https://evil.test/",
        "www.",
        "see ",
        "ref",
        " and ",
        "#",
        "†",
        "［",
        "］",
        "**",
        "ISRCTN123",
        "10.1234/x",
        "doi.org/",
        "Fake et al., 2020",
        "Lincoff et al. ",
        "word",
        "٣",
    ]
)
_TEXTS = st.lists(st.one_of(_PIECES, st.text(max_size=5)), max_size=40).map("".join)


@hypothesis(deadline=None)
@given(_TEXTS)
def test_no_unknown_reference_ever_comes_out(text: str) -> None:
    clean = _clean(text)
    for digits in re.findall(r"[\[［]\s*[\^#]?(\d+)\s*[\]］]", clean.replace("\\", "")):
        assert 1 <= int(digits) <= len(CITED)
    assert {found.upper() for found in re.findall(r"NCT\d+", clean, re.IGNORECASE)} <= {
        "NCT03574597"
    }
    assert set(re.findall(r"PMID:? *(\d+)", clean)) <= {"37952131"}
    assert "http://" not in clean.lower()
    assert "https://" not in clean.lower()
    assert not re.search(r"\b10\.\d{4,9}/(?!5555/one)\w", clean)
    assert "Fake et al" not in clean
    assert "ISRCTN1" not in clean


@hypothesis(deadline=None)
@given(_TEXTS, st.integers(1, 7))
def test_how_the_text_was_cut_does_not_matter(text: str, size: int) -> None:
    assert _clean(text, size) == _clean(text)


@hypothesis(deadline=None)
@given(_TEXTS)
def test_a_clean_text_stays_as_it_is(text: str) -> None:
    once = _clean(text)
    assert _clean(once) == once


_WELL_FORMED = st.fixed_dictionaries(
    {
        "type": st.sampled_from(["article", "trial", "document"]),
        "id": st.sampled_from(["37952131", "NCT03574597", " 7 ", "5", "NCT00000001"]),
        "title": st.sampled_from(["Known", "See [99], NCT99999999", "a [1](https://evil.test)"])
        | st.text(min_size=1, max_size=8),
    },
    optional={
        "year": st.sampled_from([2023, "2023", -1, "soon", None]),
        "url": st.sampled_from(["https://evil.test/", "javascript:x", 5, None]),
        "authors": st.sampled_from([["Lincoff AM"], "Lincoff", [None], None]),
        "text": st.sampled_from(["as in [7] and [1]", None]),
        "scores": st.sampled_from([{"relevance": 1e9}, {"relevance": "x"}, None]),
    },
)
_ANYTHING = st.dictionaries(
    st.sampled_from(["type", "id", "title", "year", "url"]),
    st.sampled_from(["article", "trial", "document", "NCT1", "0"]) | st.text() | st.integers(),
)
_FOUND = st.lists(_WELL_FORMED | _ANYTHING | st.none() | st.text(max_size=5), max_size=6)
_SOURCES = ["literature", "trials", "documents"]


@hypothesis(deadline=None)
@given(st.dictionaries(st.sampled_from(_SOURCES), _FOUND), st.none() | _TEXTS, st.integers(1, 6))
def test_from_any_results_and_any_model_no_citation_but_of_a_result(
    found: dict[str, list[Any]], text: str | None, limit: int
) -> None:
    """The whole way of a citation: what tools returned, ranked, numbered, written; with and without a model."""
    asked = parse("GLP-1 receptor agonist trials", date(2026, 11, 23))
    results = {name: rank(records, asked, "2026-11-23", limit) for name, records in found.items()}
    cited = number(results)
    given_by = {
        name: {
            (one["type"], one_line(one["id"]), one_line(one["title"]))
            for one in records
            if isinstance(one, dict) and {"type", "id", "title"} <= one.keys()
        }
        for name, records in found.items()
    }
    for citation, _ in cited:
        same = (citation["type"], citation["id"], citation["title"])
        assert same in given_by[citation["source"]]
        page = {
            "article": f"https://pubmed.ncbi.nlm.nih.gov/{citation['id']}/",
            "trial": f"https://clinicaltrials.gov/study/{citation['id']}",
        }
        if citation["type"] in page:
            assert citation["url"] == page[citation["type"]]
        else:
            assert citation["url"] in ("https://evil.test/", None), "a document's own"
    assert [citation["n"] for citation, _ in cited] == list(range(1, len(cited) + 1))
    body = None
    if text is not None:
        guard = CitationGuard(cited)
        body = guard.feed(text) + guard.close()
    answer = write("Q", cited, _SOURCES, {}, [], body=body)
    listed = re.findall(r"^(\d+)\. ", answer.partition("## References")[2], re.MULTILINE)
    assert [int(n) for n in listed] == [citation["n"] for citation, _ in cited]
    if body is None:
        used = re.findall(r"(?<!\\)\[(\d+)\](?!\()", answer.partition("## References")[0])
        assert {int(n) for n in used} <= {citation["n"] for citation, _ in cited}


@pytest.mark.parametrize("run", ["a", "a.", "1", "NCT", "PMID", "[1,", "[see"])
def test_a_model_that_forgets_its_spaces_holds_nobody(run: str) -> None:
    """So long a text would never end, were it looked through again and again from each of its letters."""
    _clean(run * (80_000 // len(run)))


def test_numbers_in_a_text() -> None:
    assert cited_numbers("a [1] b [12][3]") == {1, 12, 3}
