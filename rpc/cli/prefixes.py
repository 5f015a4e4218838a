"""Ids as a person types them: whole, or their beginning where that is of one only."""

from collections.abc import Sequence

import msgspec

from protocol.sessions import Session
from rpc.cli import exits
from rpc.cli.console import clean
from rpc.cli.exits import CommandError
from rpc.client import Client

SHORTEST = 4
"""Characters below which a beginning is no name: a slip of the hand must not delete a session."""

NAMED = 5
"""So many of those that begin alike are named."""


def chosen(text: str, ids: Sequence[str], what: str) -> str:
    """The id that is `text`, or the only one that begins with it. Raises `LookupError`, which says what there is."""
    if text in ids:
        return text
    found = [id for id in ids if id.startswith(text)] if len(text) >= SHORTEST else []
    if len(found) == 1:
        return found[0]
    if found:
        raise LookupError(f"{text!r} begins {len(found)} {what}s: {_some(found, len(found))}")
    raise LookupError(f"no {what} {text!r}; there are: {_some(ids, len(ids)) or 'none'}")


async def session_ids(client: Client, texts: Sequence[str]) -> list[str]:
    """The sessions' whole ids, in this order, each once. Raises `CommandError` where any is of none or of several."""
    found = [await _session_id(client, text) for text in texts]
    return list(dict.fromkeys(found))


async def session_id_of(client: Client, text: str) -> str:
    """The session's whole id. Raises `CommandError`."""
    (found,) = await session_ids(client, [text])
    return found


async def _session_id(client: Client, text: str) -> str:
    if len(text) < SHORTEST:
        raise CommandError(
            f"{text!r} is too short for a session: {SHORTEST} characters of its id, or more",
            exits.USAGE,
        )
    page = await client.sessions(limit=NAMED, id_prefix=text)
    if page.total == 0:
        raise CommandError(
            f"no session has an id that is {text!r} or begins so; `stepwire sessions` lists them",
            exits.REFUSED,
        )
    exact = [one.session_id for one in page.sessions if one.session_id == text]
    if page.total > 1 and not exact:
        many = f"{page.total}{'' if page.total_relation == 'eq' else ' or more'}"
        lines = [_row(one) for one in page.sessions]
        more = [f"  and {page.total - len(lines)} more"] if page.total > len(lines) else []
        raise CommandError(
            "\n".join([f"{text!r} begins the ids of {many} sessions:", *lines, *more]), exits.USAGE
        )
    return exact[0] if exact else page.sessions[0].session_id


def label_of(session: Session) -> str:
    """What a person knows a session by, on one line: the name somebody gave it, or else its query."""
    given = session.session_name
    # Nobody's: the server makes it of the id, which is beside it.
    if not given or given == f"Session {session.session_id[:8]}":
        query = session.query
        given = query if isinstance(query, str) else msgspec.json.encode(query).decode()
    return " ".join(clean(given).split())


def _row(session: Session) -> str:
    return f"  {session.session_id}  {session.status:<9}  {label_of(session)[:30]}".rstrip()


def _some(ids: Sequence[str], count: int) -> str:
    rest = f" and {count - NAMED} more" if count > NAMED else ""
    return ", ".join(ids[:NAMED]) + rest
