"""The tokens that a server knows: read again when a command changed them, looked up by what is kept of them."""

import hmac
import logging
import threading
import time
from collections.abc import Callable, Sequence

from rpc.auth.principals import Principal
from rpc.auth.tokens import digest
from rpc.storage.store import StorageError
from rpc.storage.tokens import TokenRecord, Tokens

log = logging.getLogger("stepwire.auth")

ID_CHARACTERS = 12
"""How much of a digest names its token."""


def id_of(hashed: bytes) -> str:
    """What a token is called where it must not be shown."""
    return hashed.hex()[:ID_CHARACTERS]


def expired(expires_at: float | None, now: float) -> bool:
    """Whether something of that end, in seconds since 1970, is over."""
    return expires_at is not None and now >= expires_at


class TokenBook:
    """`file`: where they are kept. `clock`: seconds since 1970."""

    def __init__(self, file: Tokens, clock: Callable[[], float] = time.time) -> None:
        self.file = file
        self.clock = clock
        self.reading = threading.Lock()
        self.by_id: dict[str, TokenRecord] = {}
        # Ids of those that somebody has used since the server started, and when, if that is not written yet.
        self.proven: set[str] = set()
        self.used: dict[str, int] = {}
        # By id, made when they are first asked for.
        self.principals: dict[str, Principal] = {}
        # Whether there was one once, revoked or not.
        self.any = False

    def read(self) -> None:
        """Know those that are there now. Raises `StorageError`."""
        self.take(self.file.all())

    def take(self, records: Sequence[TokenRecord]) -> None:
        """Know these."""
        self.by_id = {one.id: one for one in records}
        self.principals = {}
        # A file that is gone opens no door.
        self.any = self.any or bool(records)

    def refresh(self) -> None:
        """Read them again where they changed; what cannot be read stays as it was known.

        Once it returns, what had changed before is known, whichever thread has read it.
        """
        with self.reading:
            try:
                if self.file.changed():
                    self.read()
            except StorageError as error:
                log.error("%s", error)

    def write_used(self) -> None:
        """Write when they were used; what cannot be written is tried again later."""
        used, self.used = self.used, {}
        if not used:
            return
        try:
            self.file.used(used)
        except StorageError as error:
            log.warning("when tokens were used last is not written: %s", error)
            self.used = {**used, **self.used}

    def principal(self, token: str, *, proven: bool = False) -> Principal | None:
        """Who calls with it; None where it does not work (any more). `proven`: only one that worked before."""
        hashed = digest(token)
        record = self.by_id.get(id_of(hashed))
        if record is None or not hmac.compare_digest(record.digest, hashed):
            return None
        if self.ended(record.id) is not None or (proven and record.id not in self.proven):
            return None
        self.proven.add(record.id)
        self.used[record.id] = int(self.clock() * 1000)
        found = self.principals.get(record.id)
        if found is None:
            found = self.principals[record.id] = _principal(record)
        return found

    def ended(self, token_id: str | None) -> str | None:
        """Why a token works no more; None if it does."""
        record = self.by_id.get(token_id or "")
        if record is None or record.revoked_at is not None:
            return "the token was revoked"
        if record.expires_at is not None and expired(record.expires_at / 1000, self.clock()):
            return "the token has expired"
        return None


def _principal(record: TokenRecord) -> Principal:
    return Principal(
        record.owner,
        record.scopes,
        record.name,
        None if record.expires_at is None else record.expires_at / 1000,
        source="token",
        credential=record.id,
    )
