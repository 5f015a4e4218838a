"""`query.*`: start, cancel, answer, resume."""

from collections.abc import Sequence

import msgspec
from msgspec import UNSET, UnsetType

from protocol.errors import INVALID_PARAMS, ProtocolError
from protocol.principals import SCOPES
from protocol.queries import (
    QueryStartParams,
    QueryStartResult,
    RespondParams,
    ResumeParams,
    SubscribeOptions,
)
from protocol.sessions import CancelResult, SessionParams, StatusResult
from rpc.methods.call import Call, Subscriber
from rpc.methods.event_types import wanted
from rpc.sessions import answering
from rpc.sessions.asked import Asker, Beside
from rpc.sessions.cancelling import Cancelling
from rpc.sessions.service import Sessions
from rpc.sessions.starting import Starter
from rpc.storage.records import Caller
from rpc.telemetry import ids


class QueryMethods:
    """The handlers of `query.*`."""

    def __init__(self, sessions: Sessions, starter: Starter, cancelling: Cancelling) -> None:
        self.sessions = sessions
        self.starter = starter
        self.cancelling = cancelling

    async def start(self, call: Call, params: QueryStartParams) -> QueryStartResult:
        given = params.subscribe
        options = given if isinstance(given, SubscribeOptions) else SubscribeOptions()
        types = (
            UNSET
            if isinstance(options.types, UnsetType)
            else wanted(options.types, "$.subscribe.types")
        )
        if call.subscriber is not None and params.subscribe is not False:
            call.after_answer(call.subscriber.reserve(params.session_id))
        result, launch = await self.starter.start(
            params, await self._for_whom(call, params), Beside(busy=params.when_busy)
        )
        ids.add(session=result.session_id, run=result.run_id)
        # First the subscription, so that a reader at the end sees the run's first event at once.
        try:
            if call.subscriber is not None and params.subscribe is not False:
                await self._subscribe(call, call.subscriber, options, types, result)
        finally:
            call.after_answer(launch)
        return msgspec.structs.replace(result, stream_url=call.base_path + result.stream_url)

    async def _for_whom(self, call: Call, params: QueryStartParams) -> Asker:
        """Whose the run is, and who asks for it. Raises `ProtocolError` (invalid params)."""
        owner, caller = call.owner, call.caller
        if owner is None:
            if params.session_id is None:
                raise ProtocolError(
                    INVALID_PARAMS, "a session has one owner: name that", path="$._meta.owner"
                )
            owner = (await self.sessions.record(params.session_id)).owner
        if caller.source == "local":
            return Asker(owner)
        scopes: list[str] = [scope for scope in SCOPES if caller.may(scope)]
        return Asker(owner, Caller(owner, scopes, caller.name, caller.claims))

    async def _subscribe(
        self,
        call: Call,
        subscriber: Subscriber,
        options: SubscribeOptions,
        types: Sequence[str] | UnsetType | None,
        result: QueryStartResult,
    ) -> None:
        session_id, after = result.session_id, result.seq

        def turn() -> None:
            # It goes on where it is: events of earlier runs may be under way still.
            subscriber.turn(session_id, after, types, options.batch)

        if subscriber.subscribed(session_id):
            call.after_answer(turn)
            return
        kinds = None if isinstance(types, UnsetType) else types
        cursor = await self.sessions.cursor(session_id, after, kinds)

        def subscribe() -> None:
            if subscriber.subscribed(session_id):
                # A copy of this request was answered meanwhile.
                cursor.close()
                turn()
            else:
                subscriber.subscribe(cursor, batch=options.batch is True)

        call.after_answer(subscribe)

    async def cancel(self, _: Call, params: SessionParams) -> CancelResult:
        return await self.cancelling.cancel(params.session_id)

    async def respond(self, call: Call, params: RespondParams) -> StatusResult:
        result, go_on = await answering.respond(self.sessions, params)
        call.after_answer(go_on)
        return result

    async def resume(self, call: Call, params: ResumeParams) -> StatusResult:
        result, go_on = await self.sessions.resume_failed(params)
        call.after_answer(go_on)
        return result
