"""The local collection: found by BM25, kept between starts, taken in again when files change."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import anyio
import msgspec
import pytest

from examples.biomed.errors import SourceError
from examples.biomed.services import documents
from examples.biomed.services.document_files import Document, read_documents
from examples.biomed.services.documents import DocumentIndex
from examples.biomed.settings import Settings


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "notes"
    (folder / "deep").mkdir(parents=True)
    (folder / "lipids.md").write_text("# Lipids\n\nDate: 2021\n\nStatins lower cholesterol.\n")
    (folder / "deep" / "sleep.txt").write_text("Melatonin and sleeping problems.")
    (folder / "papers.jsonl").write_text(
        '{"pmid": "123", "year": "1999", "abstract": "Aspirin prevents clots. More.", '
        '"mesh": ["Platelets"]}\nnot json\n{"no": "text"}\n'
    )
    (folder / ".hidden.md").write_text("statins")
    (folder / "image.png").write_bytes(b"\x89PNG statins")
    return folder


def _ids(index: DocumentIndex, query: str) -> list[str]:
    return [record["id"] for record in index.search(query, 5)[1]]


def test_text_markdown_and_jsonl_are_found_by_stemmed_words(folder: Path) -> None:
    index = DocumentIndex(folder, None)
    assert _ids(index, "Which statin lowers it?") == ["lipids.md"]
    assert _ids(index, "sleep") == ["deep/sleep.txt"]
    assert _ids(index, "platelet") == ["123"]


def test_a_document_has_a_title_a_year_and_an_address(folder: Path) -> None:
    index = DocumentIndex(folder, None)
    (paper,) = index.search("aspirin", 5)[1]
    assert paper["title"] == "Aspirin prevents clots."
    assert paper["year"] == 1999
    assert paper["url"] == "https://pubmed.ncbi.nlm.nih.gov/123/"
    (note,) = index.search("cholesterol", 5)[1]
    assert (note["title"], note["year"], note["url"]) == ("Lipids", 2021, None)
    assert note["text"] == "Statins lower cholesterol."


def test_the_index_is_kept_and_only_changed_files_are_read(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "index.sqlite3"
    first = DocumentIndex(folder, file)
    assert first.refresh() == 3
    first.close()
    again = DocumentIndex(folder, file)
    assert again.refresh() == 0
    (folder / "lipids.md").write_text("Now about ketones.")
    assert again.refresh() == 1
    assert _ids(again, "statins cholesterol") == []
    assert _ids(again, "ketones") == ["lipids.md"]
    (folder / "lipids.md").unlink()
    (folder / "new.txt").write_text("Ketones again.")
    assert _ids(again, "ketones") == ["new.txt"]


def test_a_touched_file_with_the_same_content_is_not_read_again(folder: Path) -> None:
    index = DocumentIndex(folder, None)
    index.refresh()
    os.utime(folder / "lipids.md", (1_000_000_000, 1_000_000_000))
    assert index.refresh() == 0


def test_a_change_within_the_clocks_grain_is_seen(folder: Path) -> None:
    index, file = DocumentIndex(folder, None), folder / "lipids.md"
    index.refresh()
    stat = file.stat()
    file.write_text(file.read_text().replace("Statins", "Fibrate"))
    os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert _ids(index, "fibrate") == ["lipids.md"]


def test_a_broken_index_is_made_anew(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "index.sqlite3"
    file.write_bytes(b"this is not a database" * 100)
    index = DocumentIndex(folder, file)
    assert _ids(index, "aspirin") == ["123"]


def test_an_unwritable_place_means_memory(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    index = DocumentIndex(folder, tmp_path / "file" / "index.sqlite3")
    assert _ids(index, "aspirin") == ["123"]


@pytest.mark.parametrize(
    "query", ["", "the of and", '"', "a OR b) NEAR/3 *", "title:aspirin", "'; DROP TABLE documents"]
)
def test_no_question_is_a_query_language(folder: Path, query: str) -> None:
    index = DocumentIndex(folder, None)
    index.search(query, 5)
    assert _ids(index, "aspirin") == ["123"]


def test_undecodable_text_is_still_read() -> None:
    (document,) = read_documents("x.txt", b"caf\xe9 aspirin")
    assert "aspirin" in document.text


async def test_a_missing_collection_is_said(settings: Settings, tmp_path: Path) -> None:
    gone = msgspec.structs.replace(settings, documents=str(tmp_path / "gone"))
    with pytest.raises(SourceError) as caught:
        await documents.search(gone, "aspirin", 5)
    assert caught.value.kind == "not_configured"
    assert str(tmp_path) not in str(caught.value)


async def test_the_bundled_notes_are_the_default(settings: Settings) -> None:
    page = await documents.search(settings, "hazard ratio", 3)
    assert page["records"][0]["title"] == "Reading a hazard ratio"


def test_the_right_abstract_is_among_the_first_five(shared_data: Path) -> None:
    """At least 97% of the questions, over 1,000 real abstracts."""
    index = DocumentIndex(shared_data / "pubmedqa" / "corpus.jsonl", None)
    lines = (shared_data / "pubmedqa" / "questions.jsonl").read_text().splitlines()
    questions = [json.loads(line) for line in lines]
    hits = sum(one["pmid"] in _ids(index, one["question"]) for one in questions)
    assert hits / len(questions) >= 0.97


async def test_a_first_look_that_takes_long_does_not_hold_the_question(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entered, release, left = threading.Event(), threading.Event(), threading.Event()

    def slow(name: str, content: bytes) -> Iterator[Document]:
        entered.set()
        release.wait(60)
        left.set()
        return read_documents(name, content)

    (tmp_path / "note.md").write_text("# Note\n\nAspirin.")
    configured = msgspec.structs.replace(settings, documents=str(tmp_path / "note.md"))
    monkeypatch.setattr(documents, "read_documents", slow)
    try:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(documents.search, configured, "aspirin", 5)
            await anyio.to_thread.run_sync(entered.wait, 30)
            tasks.cancel_scope.cancel()
        assert not left.is_set(), "it waited for the index"
    finally:
        release.set()
    page = await documents.search(configured, "aspirin", 5)
    assert [record["id"] for record in page["records"]] == ["note.md"]
