"""What a project serves beside its graphs."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route


@asynccontextmanager
async def lifespan(app: Starlette) -> AsyncIterator[None]:
    app.state.ready = True
    yield


async def hello(request: Request) -> JSONResponse:
    return JSONResponse({"project": os.environ["PROJECT_NAME"], "ready": request.app.state.ready})


app = Starlette(routes=[Route("/hello", hello)], lifespan=lifespan)
