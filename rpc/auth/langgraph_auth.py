"""A project's `langgraph_sdk.Auth`: who calls, and what they may do with threads, assistants and memories.

It stands on top of owners: a caller's identity is the owner, and what is another owner's is not there whatever a handler says.

Borrowed: where an `Auth` keeps its handlers (`_authenticate_handler`, `_handlers`, `_global_handlers`), and which of them is
asked: the most specific one.
"""

import inspect
from collections.abc import Mapping
from typing import Any

from langgraph_sdk import Auth
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.types import Scope

from protocol.errors import (
    FORBIDDEN,
    INTERNAL_ERROR,
    INVALID_PARAMS,
    INVALID_REQUEST,
    OVERLOADED,
    RATE_LIMITED,
    SESSION_NOT_FOUND,
    TOO_LARGE,
    WRONG_STATE,
    ProtocolError,
)
from rpc.auth.principals import Principal, unauthorized
from rpc.engine.langgraph.user import User
from rpc.storage.records import Caller

Filter = Mapping[str, Any]
"""What the metadata of what is asked for must hold."""

_OPERATORS = ("$eq", "$contains")

_REFUSALS = (
    INVALID_REQUEST, FORBIDDEN, SESSION_NOT_FOUND, WRONG_STATE, TOO_LARGE, INVALID_PARAMS, RATE_LIMITED, OVERLOADED,
)  # fmt: skip
"""As which a project's own refusal is told, by its status."""


class LangGraphAuth:
    """Asks an `Auth` object."""

    def __init__(self, auth: Auth) -> None:
        self.auth = auth

    async def of_scope(self, scope: Scope, headers: Mapping[str, str]) -> Principal | None:
        """Who calls; None where the object says nothing of that. Raises `ProtocolError`."""
        asked = self.auth._authenticate_handler
        if asked is None:
            return None
        known = {
            "authorization": headers.get("authorization"),
            "headers": {name.encode(): value.encode() for name, value in headers.items()},
            "path": scope.get("path", ""),
            "method": scope.get("method", "GET"),
            "path_params": scope.get("path_params", {}),
            "query_params": QueryParams(scope.get("query_string", b"")),
            "scope": scope,
            "request": Request(scope) if scope["type"] == "http" else None,
            "body": {},
        }
        wanted = {
            name: known[name] for name in inspect.signature(asked).parameters if name in known
        }
        try:
            found: Any = await asked(**wanted)
        except Auth.exceptions.HTTPException as error:
            raise _refused(error.status_code, str(error.detail)) from error
        except AssertionError as error:
            raise unauthorized(str(error) or "the project's `authenticate` refused it") from error
        return _principal(found)

    async def allowed(
        self, principal: Principal, resource: str, action: str, value: dict[str, Any]
    ) -> Filter | None:
        """What the metadata must hold of what is asked for; None where nothing is asked of it. The handler may change `value`.

        Raises `ProtocolError` (forbidden), or what the handler says.
        """
        handlers = self.auth._handlers
        keys = ((resource, action), (resource, "*"), ("*", action), ("*", "*"))
        found = next((handlers[key][-1] for key in keys if key in handlers), None)
        if found is None and self.auth._global_handlers:
            found = self.auth._global_handlers[-1]
        if found is None:
            return None
        user: Any = User(
            Caller(principal.owner, list(principal.scopes), principal.name, principal.claims)
        )
        permissions = list(principal.claims.get("permissions", ()))
        context = Auth.types.AuthContext(
            user=user,
            permissions=permissions,
            resource=resource,  # type: ignore[arg-type]
            action=action,  # type: ignore[arg-type]
        )
        try:
            said: Any = await found(ctx=context, value=value)
        except Auth.exceptions.HTTPException as error:
            raise _refused(error.status_code, str(error.detail)) from error
        except AssertionError as error:
            raise ProtocolError(FORBIDDEN, str(error) or "the project does not allow it") from error
        if said is False:
            raise ProtocolError(FORBIDDEN, "the project does not allow it")
        return said if isinstance(said, dict) and said else None


def _principal(found: Any) -> Principal | None:
    if found is None:
        return None
    if isinstance(found, str):
        return Principal(found)
    fields = dict(found) if isinstance(found, Mapping) else vars(found)
    identity = fields.get("identity") or getattr(found, "identity", None)
    if not isinstance(identity, str) or not fields.get("is_authenticated", True):
        raise unauthorized("the project's `authenticate` gave no identity")
    claims = {name: value for name, value in fields.items() if name not in ("identity",)}
    return Principal(identity, name=fields.get("display_name"), claims=claims)


def _refused(status: int, detail: str) -> ProtocolError:
    if status == 401:
        return unauthorized(detail)
    kind = next((one for one in _REFUSALS if one.http_status == status), None)
    return ProtocolError(kind or (FORBIDDEN if status < 500 else INTERNAL_ERROR), detail)


def matches(wanted: Filter | None, metadata: Mapping[str, Any]) -> bool:
    """Whether metadata is as a filter asks."""
    return all(_holds(metadata, name, value) for name, value in (wanted or {}).items())


def _holds(metadata: Mapping[str, Any], name: str, value: Any) -> bool:
    if name == "$and":
        return all(matches(one, metadata) for one in value)
    if name == "$or":
        return any(matches(one, metadata) for one in value)
    there = metadata.get(name)
    if isinstance(value, dict) and value.keys() <= set(_OPERATORS):
        given = value.get("$contains")
        contains = "$contains" not in value or (
            isinstance(there, list)
            and all(one in there for one in (given if isinstance(given, list) else [given]))
        )
        return contains and ("$eq" not in value or there == value["$eq"])
    return bool(there == value)
