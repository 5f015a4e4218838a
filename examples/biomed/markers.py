"""What looks like a numbered reference, in the many ways texts write one. Without I/O.

In a document it is the document's own, and is renamed; in a model's text it is read as ours, so that the list of
citations judges it as any other.
"""

from __future__ import annotations

import re
import unicodedata

HIDDEN = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e01ef]"
)
"""Characters nobody sees."""
_ENTITIES = {
    "[": r"&#0*91;|&#x0*5b;|&lbrack;|&lsqb;|\\u005b",
    "]": r"&#0*93;|&#x0*5d;|&rbrack;|&rsqb;|\\u005d",
}
_PAIRS = (
    "[]【】［］⟦⟧〔〕〖〗〘〙〚〛⟨⟩〈〉《》「」『』{}｛｝﹝﹞❲❳❴❵⁅⁆⦋⦌⦍⦎⦏⦐⦗⦘⟬⟭❨❩❪❫❬❭❮❯❰❱‹›«»⌈⌉⌊⌋"
)
_OPEN, _CLOSE = f"[{re.escape(_PAIRS[::2])}]", f"[{re.escape(_PAIRS[1::2])}]"
_AS_PARENTHESES = str.maketrans(
    {"⁽": "(", "⁾": ")"}
    | {one: "()"[place % 2] for place, one in enumerate(_PAIRS) if one not in "[]{}‹›«»"}
)
_NUMBERS = r"[\^#]?\s*\d{1,4}(?:\s*(?:[,;–-]|and)\s*\d{1,4})*"
_BRACKETED = re.compile(rf"{_OPEN}\s*({_NUMBERS})\s*(?:†[^\]】\n]{{0,40}})?{_CLOSE}")
_RAISED = re.compile(
    r"(?<=[^\W\d_]{4})[⁽(]?([⁰¹²³⁴-⁹]+(?:[,˒⁻–-][⁰¹²³⁴-⁹]+)*)[⁾)]?|(?<=[\s.,;:)\"'”’])[⁽]?([⁰¹²³⁴-⁹]+(?:[,˒⁻–-][⁰¹²³⁴-⁹]+)*)[⁾]?"
)
"""Not that of "kg/m²" and of "10⁹"."""
_CIRCLED = re.compile("[①-⑳⑴-⒇❶-❿➀-➓]")
_SUP = re.compile(
    r"<sup>\s*\[?\s*(\d{1,3})\s*\]?\s*</sup>|(?<![\w^\[【［])\^(\d{1,3})\b", re.IGNORECASE
)
_COMMENT = re.compile(r"<!--.*?-->|<!--|-->", re.DOTALL)
_TAG = re.compile(r"<\|[^<>\n]{0,60}\|>|</?[a-zA-Z][^<>\n]{0,500}>|<</?SYS>>|\[/?INST\]")
_ADDRESS = re.compile(
    r"\b(?:[a-z][a-z0-9+.-]{1,10}://|www\.)[^\s<>\"'”’]*[^\s<>\"'”’.,;:!?)\]}]|\bmailto:\S+|"
    r"(?<![\w@.-])(?:[a-z0-9-]+\.)+(?:[a-z]{2,12})/[^\s<>\"'”’()]*[\w/]|[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
    re.IGNORECASE,
)
"""An address of the web or of mail: a page makes a link of it, whatever stands before."""
_PARENTHESISED = re.compile(r"\(\s*(\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*)\s*\)")


def as_brackets(text: str) -> str:
    """A model's text with every such marker as ``[1]``, and without what is not seen: tags, comments, hidden characters."""
    text = _unhidden(text)
    text = _SUP.sub(lambda m: f"[{m[1] or m[2]}]", _COMMENT.sub("", text))
    text = _TAG.sub("", text)
    text = _RAISED.sub(lambda m: f"[{_digits(m[1] or m[2])}]", text)
    text = _CIRCLED.sub(lambda m: f"[{_digits(m[0])}]", text)
    return _BRACKETED.sub(lambda m: f"[{_digits(m[1])}]", text)


def renamed(text: str) -> str:
    """A document's text with every such marker as ``(their 1)``."""
    text = _SUP.sub(lambda m: f" (their {m[1] or m[2]})", _unhidden(text))
    text = _RAISED.sub(lambda m: f" (their {_digits(m[1] or m[2])})", text)
    text = _CIRCLED.sub(lambda m: f"(their {_digits(m[0])})", text)
    text = _BRACKETED.sub(lambda m: f"(their {_digits(m[1])})", text)
    return _PARENTHESISED.sub(lambda m: f"(their {m[1]})", text)


def in_parentheses(text: str) -> str:
    """A document's text as a reader may see it beside our citations: such markers in parentheses, but for square brackets, and
    nothing hidden. Raised numbers stay: "kg/m²"."""
    text = _CIRCLED.sub(lambda m: f"({_digits(m[0])})", _unhidden(text))
    return text.translate(_AS_PARENTHESES)


def without_addresses(text: str) -> str:
    """A document's text without addresses that a page would make links of: a document does not send our reader anywhere."""
    return _ADDRESS.sub("(address left out)", _unhidden(text))


def _unhidden(text: str) -> str:
    for bracket, written in _ENTITIES.items():
        text = re.sub(written, bracket, text, flags=re.IGNORECASE)
    return HIDDEN.sub("", text)


def _digits(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).replace("⁻", "-").replace("˒", ",")
    return re.sub(r"[()]", "", "".join(str(unicodedata.digit(one, one)) for one in plain)).replace(
        "−", "-"
    )
