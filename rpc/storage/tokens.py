"""The tokens by which a server knows who calls: what is kept of them, and where."""

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from msgspec import Struct


class TokenRecord(Struct, frozen=True):
    """What is kept of a token. Times are milliseconds since 1970; `id` is the beginning of its `digest`.

    `made_by`, `revoked_by`: users of the operating system, of whom that is known.
    """

    id: str
    name: str
    owner: str
    scopes: list[str]
    digest: bytes
    created_at: int
    expires_at: int | None = None
    revoked_at: int | None = None
    used_at: int | None = None
    made_by: str | None = None
    revoked_by: str | None = None


class NameTaken(Exception):
    """A token of that name works."""


class Tokens(Protocol):
    """All tokens of a server. Thread-safe. Every method raises `StorageError`."""

    def changed(self) -> bool:
        """Whether another process may have changed something since this was asked, or `all` was."""

    def all(self) -> list[TokenRecord]:
        """All of them, the oldest first."""

    def add(self, record: TokenRecord) -> None:
        """Keep one. Raises `NameTaken`."""

    def revoke(self, named: str, now_ms: int, by: str | None = None) -> list[TokenRecord]:
        """Revoke what works and has this name or id, for whom `by` names; those that were."""

    def used(self, times: Mapping[str, int]) -> None:
        """When tokens were last used, by id."""

    def close(self) -> None:
        """Close; it opens again when it is used."""


def kept(data_dir: str, database: str | None) -> Tokens:
    """Those of a data directory; of a database, where there is one. Raises `ExtraMissing`."""
    if database is None:
        from rpc.storage.sqlite.tokens import TokenFile

        return TokenFile(Path(data_dir))
    from rpc.storage.opening import importing_extra

    with importing_extra():
        from rpc.storage.postgres.tokens import TokenTable

    return TokenTable(database)
