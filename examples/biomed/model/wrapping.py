"""What a model puts around its answer: its thoughts in tags, a fence around all of it, references of its own. None of that is the answer. Without I/O.

Open models give their thoughts in the text (``<think>…</think>``), some with the end alone, where their template has begun them.
"""

from __future__ import annotations

import re
from typing import Final

_TAG: Final = re.compile(r"<(/?)(?:think|thinking|thought|reasoning|scratchpad)>", re.IGNORECASE)
_PART_OF_TAG: Final = re.compile(r"<(?:/?[a-z]{0,10})?$", re.IGNORECASE)
"""The end of a piece of text that may begin a tag."""
_FENCE: Final = re.compile(r"\s*```[a-z]*[ \t]*\n", re.IGNORECASE)
_MAY_BE_FENCE: Final = re.compile(r"\s*(?:`{0,2}|```[a-z]*[ \t]*)$", re.IGNORECASE)
_END_OF_FENCE: Final = re.compile(r"\n?[ \t]*`{0,3}\s*$")


class Unwrapping:
    """Takes a text in pieces, and gives out what of it is the answer."""

    def __init__(self) -> None:
        self.is_taken_back = False
        """Whether what was given out so far turned out to be thoughts: the answer is what came after."""
        self._open = ""
        self._depth = 0
        self._begun = False
        self._is_fenced = False

    def feed(self, text: str) -> str:
        """What can be given out after another piece."""
        self._open += text
        said = ""
        while tag := _TAG.search(self._open):
            before, self._open = self._open[: tag.start()], self._open[tag.end() :]
            if not self._depth:
                said += before
            if not tag[1]:
                self._depth += 1
            elif self._depth:
                self._depth -= 1
            else:
                said, self.is_taken_back = "", True
                self._begun = self._is_fenced = False
        if self._depth:
            part = _PART_OF_TAG.search(self._open)
            self._open = part[0] if part else ""
            return self._without_fence(said)
        part = _PART_OF_TAG.search(self._open)
        kept = part.start() if part else len(self._open)
        said, self._open = said + self._open[:kept], self._open[kept:]
        return self._without_fence(said)

    def close(self) -> str:
        """The rest, at the end."""
        said, self._open = ("" if self._depth else self._open), ""
        if not self._is_fenced:
            return said
        return _END_OF_FENCE.sub("", said)

    def _without_fence(self, said: str) -> str:
        if not self._begun:
            if _MAY_BE_FENCE.fullmatch(said):
                self._open = said + self._open
                return ""
            if fence := _FENCE.match(said):
                self._is_fenced = True
                said = said[fence.end() :]
            self._begun = bool(said.strip()) or self._is_fenced
        if self._is_fenced and (end := _END_OF_FENCE.search(said)):
            # It may be the last line.
            self._open = said[end.start() :] + self._open
            said = said[: end.start()]
        return said


def unwrapped(text: str) -> str:
    """A whole text without what is around its answer."""
    wrapping = Unwrapping()
    first = wrapping.feed(text)
    return first + wrapping.close()


_OWN_LIST: Final = re.compile(
    r"^[ \t]*(?:#{1,6}[ \t]*|\*\*|__)?(?:references?|sources|bibliography|citations|works cited|literature)(?: list)?(?:\*\*|__)?[ \t]*:?(?:\*\*|__)?[ \t]*\n"
    r"(?:[ \t]*\n|[ \t]*(?:[-*•]|\d+[.)]|\[\d+\]|\^?\d+)[^\n]*(?:\n|\Z))+",
    re.IGNORECASE | re.MULTILINE,
)


def without_references(text: str) -> str:
    """A text without a list of references that its writer made: those of an answer are made from its results."""
    return _OWN_LIST.sub("", f"{text}\n").rstrip() if _OWN_LIST.search(f"{text}\n") else text
