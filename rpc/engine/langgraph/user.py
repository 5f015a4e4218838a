"""Who calls, as LangGraph's server tells its graphs: `langgraph_auth_user` and the keys beside it in `configurable`.

Borrowed: the names of those keys, `langgraph_sdk.auth.types.BaseUser`'s members, and that LangGraph makes
`runtime.server_info` of the one and `ServerRuntime.user` is the same.
"""

from collections.abc import Iterator
from typing import Any

from rpc.storage.records import Caller

USER = "langgraph_auth_user"
USER_ID = "langgraph_auth_user_id"
PERMISSIONS = "langgraph_auth_permissions"


class User:
    """The user of a run: by attribute, or as a mapping. `identity` is the owner; claims have their own names."""

    def __init__(self, caller: Caller) -> None:
        self._fields: dict[str, Any] = {
            **caller.claims,
            "identity": caller.owner,
            "display_name": caller.name or caller.owner,
            "is_authenticated": True,
            "permissions": list(caller.scopes),
        }

    @property
    def identity(self) -> str:
        return str(self._fields["identity"])

    @property
    def display_name(self) -> str:
        return str(self._fields["display_name"])

    @property
    def is_authenticated(self) -> bool:
        return True

    @property
    def permissions(self) -> list[str]:
        return list(self._fields["permissions"])

    def __getattr__(self, name: str) -> Any:
        # Only what is no attribute of its own comes here; copies ask before there are fields.
        fields = self.__dict__.get("_fields", {})
        if name in fields:
            return fields[name]
        raise AttributeError(name)

    def __getitem__(self, key: str) -> Any:
        return self._fields[key]

    def __contains__(self, key: object) -> bool:
        return key in self._fields

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)

    def keys(self) -> Any:
        """As of a mapping, so that it can be made a dict."""
        return self._fields.keys()

    def get(self, key: str, default: Any = None) -> Any:
        """As of a mapping."""
        return self._fields.get(key, default)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, User) and self._fields == other._fields

    def __hash__(self) -> int:
        return hash(self.identity)

    def __repr__(self) -> str:
        return f"User({self.identity!r})"


def configurable(caller: Caller | None) -> dict[str, Any]:
    """The keys of a run that somebody asked for; none of one that nobody had to say who they are for."""
    if caller is None:
        return {}
    user = User(caller)
    return {USER: user, USER_ID: user.identity, PERMISSIONS: user.permissions}
