"""Who calls: made by the one authenticator, carried in the `Call`, checked in `methods/bus.py`, stored with the run."""

import unicodedata
from collections.abc import Iterable
from typing import Any, Literal

import msgspec
from msgspec import Struct

from protocol.errors import FORBIDDEN, UNAUTHORIZED, ProtocolError
from protocol.principals import SCOPES, Scope, with_lesser

LOCAL_OWNER = "local"
"""Whose all is where nobody has to say who they are. The storage's name for it too."""

EVERYBODY = "*"
"""What an admin names to see the sessions of all owners."""

OWNER_CHARACTERS = 200
"""How long an owner's name may be."""

REALM = 'realm="stepwire"'


class Principal(Struct, frozen=True):
    """Somebody who calls, as an `authenticate` function gives it.

    `owner`: whose sessions are theirs; several principals may be of one owner. `scopes`: what they may do, of
    `protocol.principals.SCOPES`; each has the lesser ones in it. `name`: for people. `expires_at`: seconds since 1970; then
    their connections end. `claims`: what else is known of them, for the graphs; it is stored with their runs, so no secrets.
    `source`: by what they are known. `credential`: the id of their token, by which it is revoked.

    Raises `ValueError` where the owner is no name.
    """

    owner: str
    scopes: Iterable[str] = SCOPES[:3]
    name: str | None = None
    expires_at: float | None = None
    claims: dict[str, Any] = {}
    source: Literal["local", "token", "jwt", "own", "parent"] = "own"
    credential: str | None = None

    def __post_init__(self) -> None:
        problem = owner_problem(self.owner)
        if problem is not None:
            raise ValueError(problem)
        given = (self.scopes,) if isinstance(self.scopes, str) else tuple(self.scopes)
        msgspec.structs.force_setattr(self, "scopes", with_lesser(given))

    def may(self, scope: Scope) -> bool:
        """Whether they are allowed to."""
        return scope in self.scopes


def owner_problem(owner: object) -> str | None:
    """What keeps a value from being an owner's name; None if nothing does."""
    if not isinstance(owner, str) or not 0 < len(owner) <= OWNER_CHARACTERS:
        return f"an owner is a text of 1 to {OWNER_CHARACTERS} characters"
    if owner == EVERYBODY:
        return f"{EVERYBODY!r} is everybody, and no owner"
    if owner != owner.strip() or any(unicodedata.category(one)[0] in "C" for one in owner):
        return "an owner's name has no control characters, and no space around it"
    return None


def unauthorized(detail: str, *, invalid: bool = False) -> ProtocolError:
    """`invalid`: credentials were given, and are not good."""
    more = ', error="invalid_token"' if invalid else ""
    return ProtocolError(UNAUTHORIZED, detail, challenge=REALM + more)


def not_allowed(principal: Principal, scope: Scope, what: str) -> ProtocolError:
    """The answer to who lacks a scope."""
    has = ", ".join(one for one in SCOPES if principal.may(one)) or "none"
    return ProtocolError(
        FORBIDDEN,
        f"{what} needs the scope `{scope}`; the caller has: {has}",
        challenge=f'{REALM}, error="insufficient_scope", scope="{scope}"',
    )


LOCAL = Principal(LOCAL_OWNER, SCOPES, source="local")
"""Whoever calls a server that asks nobody who they are: may do everything."""
