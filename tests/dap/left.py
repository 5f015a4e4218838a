"""What a launch must leave nothing of: processes and folders."""

import os
from collections.abc import Iterator
from pathlib import Path


def processes(folder: Path) -> Iterator[int]:
    """Those that were started with something in a folder."""
    for one in Path("/proc").iterdir():
        if one.name.isdigit():
            try:
                started = (one / "cmdline").read_bytes()
                ended = (one / "stat").read_text().rpartition(")")[2].split()[0] == "Z"
            except OSError:
                continue
            if os.fsencode(folder) in started and not ended:
                yield int(one.name)


def parent(pid: int) -> int:
    """The process that started one."""
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def nothing_left(folder: Path) -> None:
    """`folder`: where the adapter puts what is temporary."""
    assert list(processes(folder)) == []
    assert os.listdir(folder) == []
