"""What is checked in is what the tables say: who reads the files must not be told an older protocol."""

from pathlib import Path

import pytest

from protocol import generate, readme

NAMES = [
    "openrpc.json",
    "openapi.json",
    "asyncapi.json",
    "stepwire.d.ts",
    generate.MODULE,
    "README.md",
]


@pytest.mark.parametrize("name", NAMES)
def test_no_file_is_stale(name: str) -> None:
    assert name not in generate.stale(), "run `python -m protocol.generate`"


def test_every_document_is_checked_in() -> None:
    documents = generate.documents()
    assert list(documents) == NAMES
    assert all(text.endswith("\n") for text in documents.values())


def test_every_table_stands_in_the_readme() -> None:
    text = (generate.FOLDER / "README.md").read_text(encoding="utf-8")
    for name in readme.TABLES:
        assert text.count(f"<!-- table: {name} -->") == 1


def test_check_names_the_stale_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "protocol"
    for name, text in generate.documents().items():
        (folder / name).parent.resolve().mkdir(parents=True, exist_ok=True)
        folder.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    monkeypatch.setattr(generate, "FOLDER", folder)
    assert generate.main(["--check"]) == 0

    (folder / "openapi.json").write_text("{}\n", encoding="utf-8")
    assert generate.main(["--check"]) == 1
    assert "openapi.json" in capsys.readouterr().err
    assert (folder / "openapi.json").read_text(encoding="utf-8") == "{}\n"

    assert generate.main([]) == 0
    assert generate.main(["--check"]) == 0
