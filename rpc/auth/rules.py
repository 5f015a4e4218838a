"""Who may call what, and on whose sessions. Decisions without I/O; `methods/bus.py` asks."""

from typing import Any

from protocol.errors import INVALID_PARAMS, ProtocolError
from protocol.methods import Method
from protocol.principals import Scope
from protocol.queries import QueryStartParams
from protocol.values import META
from rpc.auth.principals import EVERYBODY, Principal, not_allowed, owner_problem, unauthorized

OWNER = "owner"
"""The member of `_meta` that names whose sessions a call is about."""


def known(principal: Principal | None) -> Principal:
    """The caller. Raises `ProtocolError` (unauthorized) where nobody has said who that is."""
    if principal is None:
        raise unauthorized("say who calls: with a token, as `Authorization: Bearer <token>`")
    return principal


def admitted(method: Method, principal: Principal | None) -> Principal:
    """The caller. Raises `ProtocolError`: unauthorized, forbidden."""
    principal = known(principal)
    if not principal.may(method.scope):
        raise not_allowed(principal, method.scope, f"`{method.name}`")
    return principal


def all_owners(principal: Principal | None, what: str) -> None:
    """Of what is told of all owners together. Raises `ProtocolError`: unauthorized, forbidden."""
    if not known(principal).may("admin"):
        raise not_allowed(known(principal), "admin", what)


def check_params(principal: Principal, params: Any) -> None:
    """What a call asks for beyond its method's scope. Raises `ProtocolError` (forbidden)."""
    debug: Scope = "debug"
    if isinstance(params, QueryStartParams) and not principal.may(debug):
        for name, given in (
            ("debug_mode", params.debug_mode is True),
            ("breakpoints", params.breakpoints),
            ("debugger_id", params.debugger_id),
        ):
            if given:
                raise not_allowed(principal, debug, f"`{name}`")


def named_in(params: Any) -> str | None:
    """Whose sessions a call's `_meta` says that it is about. Raises `ProtocolError` (invalid params)."""
    meta = params.get(META) if isinstance(params, dict) else None
    owner = meta.get(OWNER) if isinstance(meta, dict) else None
    if owner is None:
        return None
    if not isinstance(owner, str):
        raise ProtocolError(INVALID_PARAMS, "an owner is a text", path=f"$.{META}.{OWNER}")
    return owner


def whose(principal: Principal, named: str | None) -> str | None:
    """Whose sessions a call is about: the caller's own, or those it names; None for everybody's.

    Raises `ProtocolError`: forbidden; invalid params where what is named is no owner.
    """
    if named is None or named == principal.owner:
        return principal.owner
    if not principal.may("admin"):
        raise not_allowed(principal, "admin", "naming another owner")
    if named == EVERYBODY:
        return None
    problem = owner_problem(named)
    if problem is not None:
        raise ProtocolError(INVALID_PARAMS, problem, path=f"$.{META}.{OWNER}")
    return named
