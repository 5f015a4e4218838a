"""`GET /metrics`: what Prometheus reads."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from protocol.errors import ProtocolError
from protocol.rest import METRICS_PATH
from rpc.auth.middleware import principal_of
from rpc.auth.rules import all_owners
from rpc.transports.rest.problems import problem_response

Render = Callable[[str], Awaitable[tuple[bytes, str]]]


def routes(render: Render) -> list[Route]:
    """The route. `render`: the text and its content type, for what a client accepts; raises `ProtocolError`."""

    async def metrics(request: Request) -> Response:
        try:
            all_owners(principal_of(request.scope), f"`{METRICS_PATH}`")
            text, content_type = await render(request.headers.get("accept", ""))
        except ProtocolError as error:
            return problem_response(error, str(request.scope.get("root_path", "")))
        return Response(text, headers={"content-type": content_type, "cache-control": "no-store"})

    return [Route(METRICS_PATH, metrics, methods=["GET"])]
