"""What nodes of the tests' graphs did: a file that outlives their processes, and is there once one wrote to it."""

from pathlib import Path


def journal_of(folder: Path) -> list[str]:
    """The lines that nodes wrote so far, in every process."""
    file = folder / "journal"
    return file.read_text().splitlines() if file.exists() else []
