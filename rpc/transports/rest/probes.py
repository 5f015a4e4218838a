"""What load balancers ask: `/health`, `/readyz`, `/livez`."""

from collections.abc import Awaitable, Callable

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from protocol.rest import PROBES, Health, Liveness


def routes(check: Callable[[Request], Awaitable[Health]]) -> list[Route]:
    """The probes. `check` is asked by those that can fail, with who asks."""

    async def ready(request: Request) -> Response:
        found = await check(request)
        return _answer(found, 200 if found.status == "healthy" else 503)

    async def alive(_: Request) -> Response:
        return _answer(Liveness(), 200)

    return [
        Route(probe.path, ready if probe.failing else alive, methods=["GET"]) for probe in PROBES
    ]


def _answer(document: Health | Liveness, status: int) -> Response:
    response = Response(msgspec.json.encode(document), status, media_type="application/json")
    response.headers["cache-control"] = "no-store"
    return response
