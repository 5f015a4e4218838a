"""What callers may be allowed to do."""

from typing import Literal, get_args

Scope = Literal["read", "run", "debug", "admin"]
"""`read`: look. `run`: start, answer, cancel, delete. `debug`: stop, edit, rewind: it can change what a graph does.
`admin`: the sessions of all owners, where one is named. Each has those before it in it."""

SCOPES: tuple[Scope, ...] = get_args(Scope)


def with_lesser(scopes: "frozenset[str] | list[str] | tuple[str, ...]") -> frozenset[str]:
    """The scopes with those that they have in them; what is none is left out."""
    known = [index for index, scope in enumerate(SCOPES) if scope in scopes]
    return frozenset(SCOPES[: max(known) + 1]) if known else frozenset()
