"""What every call goes through, whatever wire it came by: the rate limit, who calls, its params, whose session, its handler.

A wire makes a method's name and params of what it reads, and an answer of the result or the error. The order
of the steps is here and nowhere else: whoever is to be refused is refused before anything is looked at.
"""

import logging
import secrets
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from time import perf_counter
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import msgspec

from protocol.errors import (
    INTERNAL_ERROR,
    INVALID_PARAMS,
    INVALID_REQUEST,
    METHOD_NOT_FOUND,
    ProtocolError,
)
from protocol.methods import Method
from protocol.values import META
from rpc.auth import rules
from rpc.auth.rate import RateLimit
from rpc.masking import Secrets, scrubbed, scrubbed_json, secrets_in
from rpc.methods.call import Call
from rpc.sessions.lifecycle import not_found
from rpc.sessions.service import storage_failed, unreadable
from rpc.storage.store import StorageError
from rpc.storage.unreadable import Unreadable
from rpc.suggest import did_you_mean
from rpc.telemetry import ids
from rpc.telemetry.requests import OK, Requests

if TYPE_CHECKING:
    from rpc.telemetry.otel import Traces

log = logging.getLogger("stepwire.methods")

NAME_CHARACTERS = 100
"""How much is logged of the name of a method that does not exist."""

_NOTHING = nullcontext()
_encoder = msgspec.json.Encoder()

Handler = Callable[[Call, Any], Awaitable[Any]]

Owns = Callable[[str, str], Awaitable[bool]]
"""Whether a session is there and an owner's, by their ids."""


class Bus:
    """Calls a handler for each method of a table.

    `table`: the methods, whose params Structs say what a call must look like; those without a handler
    do not exist here. `owns`: whether a session is an owner's. `rate`: how often one owner, or one address, may call; None for no limit.
    `requests`: told of every request. `checks`: of params, by method, what their types cannot say and no session has to be
    known for.
    """

    def __init__(
        self,
        table: Mapping[str, Method],
        handlers: Mapping[str, Handler],
        owns: Owns,
        rate: RateLimit | None = None,
        requests: Requests | None = None,
        checks: Mapping[str, Callable[[Any], None]] = MappingProxyType({}),
        traces: "Traces | None" = None,
        secrets: Callable[[str], Awaitable[Secrets]] | None = None,
    ) -> None:
        self.secrets = secrets
        self.traces = traces
        self.table = table
        self.handlers = dict(handlers)
        self.owns = owns
        self.checks = checks
        self.rate = rate
        self.requests = Requests(logging.DEBUG) if requests is None else requests

    async def answer(self, name: str, params: Any, call: Call) -> bytes:
        """A client's request: the result of `call` as JSON. Its end is logged and counted.

        Raises `ProtocolError` and nothing else.
        """
        began = perf_counter()
        ids.enter(_ids(call))
        refused: ProtocolError | None = None
        outcome, size = "cancelled", None
        try:
            with self._traced(name, params, call):
                result = await self.call(name, params, call)
                with faults_told(name):
                    text = await self._encoded(result)
            outcome, size = OK, len(text)
            return text
        except ProtocolError as error:
            error.detail = scrubbed(error.detail, ids.current().secrets)
            outcome, refused = error.error.type, error
            raise
        finally:
            known = name in self.handlers
            self.requests.ended(
                name if known else name[:NAME_CHARACTERS],
                call.wire,
                began,
                outcome,
                size,
                known=known,
                error=refused,
            )

    async def _encoded(self, result: Any) -> bytes:
        """Whatever a graph made of the secrets of its run's config, no answer has them."""
        text = _encoder.encode(result)
        now = ids.current()
        try:
            secrets: Secrets = ()
            if self.secrets is not None and now.session is not None:
                secrets = await self.secrets(now.session)
        except StorageError as error:
            raise storage_failed(error) from error
        return scrubbed_json(text, secrets) if secrets else text

    def _traced(self, name: str, params: Any, call: Call) -> AbstractContextManager[None]:
        if self.traces is None or name not in self.handlers:
            return _NOTHING
        meta = params.get(META) if isinstance(params, dict) else None
        given = meta.get("traceparent") if isinstance(meta, dict) else None
        # What the call itself says is nearer than what its connection began with.
        parent = given if isinstance(given, str) else call.trace
        return self.traces.request(name, call.wire, parent)

    def refused(self, error: ProtocolError, call: Call, name: str | None = None) -> None:
        """A client's request was refused before its method could be called: it is logged and counted."""
        ids.enter(_ids(call))
        self.requests.refused(call.wire, call.began, error, name)

    async def call(self, name: str, params: Any, call: Call) -> Any:
        """The result of one method for params that are an object or an array.

        Raises `ProtocolError` and nothing else: a fault of ours is logged, and is an internal error.
        """
        with faults_told(name):
            if self.rate is not None and call.client is not None:
                self.rate.admit(call.counted or call.client)
            handler = self.handlers.get(name)
            if handler is None:
                rules.known(call.principal)
                raise ProtocolError(
                    METHOD_NOT_FOUND,
                    f"there is no method {name!r}; {did_you_mean(name, self.handlers)}"
                    "`rpc.discover` lists them",
                )
            method = self.table[name]
            if isinstance(params, dict) and isinstance(config := params.get("config"), dict):
                ids.add(secrets=secrets_in(config))
            principal = rules.admitted(method, call.principal)
            given = convert_params(method, params)
            rules.check_params(principal, given)
            if name in self.checks:
                self.checks[name](given)
            if method.streams and call.subscriber is None:
                raise ProtocolError(
                    INVALID_REQUEST,
                    "events are sent on a WebSocket only; use `session.events`, `session.changes` or an SSE stream here",
                )
            call = call.about(rules.whose(principal, rules.named_in(params) or call.named))
            session_id = getattr(given, "session_id", None)
            if session_id:
                ids.add(session=session_id)
            try:
                # Somebody else's is as one that is not there.
                if (
                    session_id is not None
                    and call.owner is not None
                    and not await self.owns(session_id, call.owner)
                ):
                    raise not_found(session_id)
                if session_id and not method.looks:
                    call.events_wait(session_id)
                return await handler(call, given)
            except Unreadable as error:
                raise unreadable(error) from error
            except StorageError as error:
                raise storage_failed(error) from error


def _ids(call: Call) -> ids.Ids:
    """What log lines, audit rows and traces of the call say of who made it."""
    principal = call.principal
    if principal is None or principal.source == "local":
        return ids.Ids(call.request_id, call.client)
    return ids.Ids(call.request_id, call.client, principal.owner, principal.name)


@contextmanager
def faults_told(name: str) -> Iterator[None]:
    """The border of a call: a fault of ours is logged whole, and its client gets a reference to the log line.

    `name`: of the method. Raises `ProtocolError`: the one that was raised, or the internal error.
    """
    try:
        yield
    except ProtocolError:
        raise
    except Exception as error:
        reference = secrets.token_hex(4)
        log.exception("%s failed (reference %s)", name, reference)
        raise ProtocolError(
            INTERNAL_ERROR, f"{name} failed; the server's log has the cause under {reference}"
        ) from error


def convert_params(method: Method, params: Any) -> Any:
    """The method's params Struct. Raises `ProtocolError` (invalid params), its path the field's."""
    kind = method.params
    if isinstance(params, list):
        fields = kind.__struct_fields__
        if len(params) > len(fields):
            raise ProtocolError(
                INVALID_PARAMS,
                f"{len(params)} positional params; {method.name} takes {len(fields)}: {', '.join(fields)}",
                path="$",
            )
        params = dict(zip(fields, params, strict=False))
    elif META in params:
        if not isinstance(params[META], dict):
            raise ProtocolError(INVALID_PARAMS, f"`{META}` is an object", path=f"$.{META}")
        params = {name: value for name, value in params.items() if name != META}
    try:
        return msgspec.convert(params, kind)
    except msgspec.ValidationError as error:
        raise _invalid_params(method.name, str(error), kind.__struct_fields__) from error


def _invalid_params(name: str, message: str, fields: tuple[str, ...]) -> ProtocolError:
    """msgspec's message as our error: where it was, and what would be right."""
    what, _, where = message.partition(" - at ")
    path = where.strip("`") or "$"
    for phrase in ("missing required field `", "contains unknown field `"):
        if phrase in what:
            path = f"{path}.{what.split(phrase, 1)[1].split('`')[0]}"
    hint = ""
    if "unknown field" in what and path.count(".") == 1:
        takes = ", ".join(fields) or "no params"
        hint = f"; {did_you_mean(path[2:], fields)}{name} takes {takes}"
    return ProtocolError(INVALID_PARAMS, f"{what} - at `{path}`{hint}", path=path)
