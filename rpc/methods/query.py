"""`query.*`: start, cancel, answer."""

import msgspec

from protocol.queries import (
    QueryStartParams,
    QueryStartResult,
    RespondParams,
    SubscribeOptions,
)
from protocol.sessions import SessionParams, StatusResult
from rpc.methods.call import Call
from rpc.sessions.service import Sessions
from rpc.sessions.starting import Starter


class QueryMethods:
    """The handlers of `query.*`."""

    def __init__(self, sessions: Sessions, starter: Starter) -> None:
        self.sessions = sessions
        self.starter = starter

    async def start(self, call: Call, params: QueryStartParams) -> QueryStartResult:
        result, launch = await self.starter.start(params)
        # First the subscription, so that a reader at the end sees the run's first event at once.
        try:
            if call.subscriber is not None and params.subscribe is not False:
                await self._subscribe(call, params, result)
        finally:
            call.after_answer(launch)
        return msgspec.structs.replace(result, stream_url=call.base_path + result.stream_url)

    async def _subscribe(
        self, call: Call, params: QueryStartParams, result: QueryStartResult
    ) -> None:
        subscriber = call.subscriber
        if subscriber is None:
            return
        options = (
            params.subscribe
            if isinstance(params.subscribe, SubscribeOptions)
            else SubscribeOptions()
        )
        cursor = self.sessions.cursor(result.session_id, result.seq, options.types)
        call.after_answer(lambda: subscriber.subscribe(cursor, batch=options.batch))

    async def cancel(self, _: Call, params: SessionParams) -> StatusResult:
        return await self.sessions.cancel(params.session_id)

    async def respond(self, call: Call, params: RespondParams) -> StatusResult:
        result, go_on = await self.sessions.respond(params)
        call.after_answer(go_on)
        return result
