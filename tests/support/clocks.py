"""Processes whose clock is another, as of machines that are apart: libfaketime, no mock."""

import shutil
from pathlib import Path

from tests.support.needs import needs


def apart(by: str) -> dict[str, str]:
    """The environment of a process whose clock is ahead (`+10m`) or behind (`-10m`)."""
    library = next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"), None)
    needs(library is not None and shutil.which("faketime"), "libfaketime")
    only = {"FAKETIME_DONT_FAKE_MONOTONIC": "1", "DONT_FAKE_MONOTONIC": "1"}
    return {"LD_PRELOAD": str(library), "FAKETIME": by, **only}
