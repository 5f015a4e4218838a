"""What a search looks into, and how it asks: folded here, so that it is the same under every locale of a database's."""

from rpc.storage.records import SessionRecord
from rpc.storage.searching import SEARCHED, fold, words

BETWEEN = "\x1f"
"""Between a session's id, its name and its queries: no text is found over two of them."""

START = 2
"""Up to so many characters a search is one for beginnings of words."""


def found_of(session: SessionRecord) -> str:
    """Where a text of three characters and more is looked for."""
    parts = (session.id, session.name or "", _query(session))
    # PostgreSQL's texts hold no NUL, which no search finds either.
    return BETWEEN.join(
        fold(part).replace("\0", "\ufffd").replace(BETWEEN, "\ufffd") for part in parts
    )


def starts_of(session: SessionRecord) -> list[str]:
    """The beginnings of the words that people wrote."""
    said = [word for part in (session.name or "", _query(session)) for word in words(part)]
    return sorted({word[:size] for word in said for size in range(1, START + 1)})


def like(search: str) -> str:
    """The pattern that finds it anywhere."""
    folded = fold(search)
    for special in ("\\", "%", "_"):
        folded = folded.replace(special, f"\\{special}")
    return f"%{folded}%"


def _query(session: SessionRecord) -> str:
    query = session.query if session.texts is None else session.texts
    return (query or "")[:SEARCHED]
