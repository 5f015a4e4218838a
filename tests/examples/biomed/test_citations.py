"""A reference that is not in the sources' results does not come out, whatever a model writes."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from examples.biomed.citations import REMOVED, CitationGuard, cited_numbers, number

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
        ("Plain text, HR 0.80 (95% CI 0.72 to 0.90).",) * 2,
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
    for digits in re.findall(r"\[\s*\^?(\d+)\s*\]", clean.replace("\\", "")):
        assert 1 <= int(digits) <= len(CITED)
    assert {found.upper() for found in re.findall(r"NCT\d+", clean, re.IGNORECASE)} <= {
        "NCT03574597"
    }
    assert set(re.findall(r"PMID:? *(\d+)", clean)) <= {"37952131"}
    assert "http://" not in clean.lower()
    assert "https://" not in clean.lower()
    assert not re.search(r"\b10\.\d{4,9}/(?!5555/one)\w", clean)
    assert "Fake et al" not in clean


@hypothesis(deadline=None)
@given(_TEXTS, st.integers(1, 7))
def test_how_the_text_was_cut_does_not_matter(text: str, size: int) -> None:
    assert _clean(text, size) == _clean(text)


@hypothesis(deadline=None)
@given(_TEXTS)
def test_a_clean_text_stays_as_it_is(text: str) -> None:
    once = _clean(text)
    assert _clean(once) == once


@hypothesis(deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["literature", "trials", "documents"]),
        st.lists(
            st.one_of(
                st.none(),
                st.integers(),
                st.dictionaries(
                    st.sampled_from(["type", "id", "title", "year", "url"]),
                    st.one_of(
                        st.sampled_from(["article", "trial", "document", "37952131"]),
                        st.text(max_size=12),
                        st.integers(),
                    ),
                ),
            ),
            max_size=6,
        ),
    )
)
def test_whatever_the_results_hold_the_list_is_of_them_and_well_formed(
    results: dict[str, list[Any]],
) -> None:
    pairs = number(results)
    ids = {
        str(one["id"]) if "id" in one else None
        for records in results.values()
        for one in records
        if isinstance(one, dict)
    }
    assert [citation["n"] for citation, _ in pairs] == list(range(1, len(pairs) + 1))
    for citation, _ in pairs:
        assert any(citation["id"] in str(one) or citation["id"] for one in ids)
        assert citation["title"]
        if citation["type"] == "article":
            assert citation["url"] == f"https://pubmed.ncbi.nlm.nih.gov/{citation['id']}/"
            assert citation["id"] in ids


def test_numbers_in_a_text() -> None:
    assert cited_numbers("a [1] b [12][3]") == {1, 12, 3}
