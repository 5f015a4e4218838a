"""Makes ``english.bin`` from Debian's word lists, which are SCOWL's; run by hand, seldom.

::

    apt-get download wamerican wbritish   # 2020.12.07-2; then unpack each with dpkg -x
    python -m examples.biomed.terms.make_english american-english british-english

Under which terms they may be used is told in the README beside this file.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from . import sorted_lines
from .english import FILE, SHORTEST

_BLOCK = 512
"""Words of a block: a look-up unpacks one."""


def main(lists: Iterable[Path]) -> None:
    """Write the table."""
    written = (line for one in lists for line in one.read_text("utf-8").split())
    words = sorted({word.removesuffix("'s").lower() for word in written})
    kept = [(word, "") for word in words if len(word) >= SHORTEST and word.isalpha()]
    blocks = [kept[at : at + _BLOCK] for at in range(0, len(kept), _BLOCK)]
    sorted_lines.write(FILE, {"words": blocks})
    print(f"{len(kept)} words, {FILE.stat().st_size} bytes")


if __name__ == "__main__":
    main([Path(one) for one in sys.argv[1:]])
