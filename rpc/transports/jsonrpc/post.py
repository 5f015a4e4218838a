"""`POST /rpc`: one JSON-RPC message, one answer."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from protocol.errors import TOO_LARGE, Limit, ProtocolError
from rpc.auth.rules import known
from rpc.transports.arriving import call_of
from rpc.transports.body import JSON_TYPES, TooLarge, is_json, read_body
from rpc.transports.jsonrpc.messages import Dispatcher, refusal
from rpc.transports.retry_after import challenge, retry_after


async def rpc(request: Request, dispatcher: Dispatcher, max_message_bytes: int) -> Response:
    """Answer the message in the body: 200 with the answer, 204 where it asks for none.

    A refused call is answered 200 too, as one of a batch has to be; `Retry-After` then says when to try again.
    The content type must be JSON: a page of another origin cannot send that without asking first (CORS).
    """
    kind = request.headers.get("content-type")
    if not is_json(kind):
        raise HTTPException(415, f"send JSON-RPC as {JSON_TYPES[0]}, not {kind or 'nothing'}")
    call = call_of(request, "http")
    try:
        known(call.principal)
        body = await read_body(request, max_message_bytes)
        answer = await dispatcher.handle(body, call)
    except TooLarge:
        refused = ProtocolError(
            TOO_LARGE,
            f"a message of over {max_message_bytes} bytes, the limit",
            limit=Limit("max_message_bytes", max_message_bytes),
        )
        dispatcher.bus.refused(refused, call)
        return Response(refusal(refused), 413, media_type="application/json")
    except ProtocolError as error:
        # Who calls is not known: nothing of it was read.
        dispatcher.bus.refused(error, call)
        return Response(
            refusal(error), error.error.http_status, challenge(error), "application/json"
        )
    finally:
        call.answered()
    if answer is None:
        return Response(status_code=204)
    headers = retry_after(call.retry_after_ms)
    return Response(answer, media_type="application/json", headers=headers)
