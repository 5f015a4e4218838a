"""What the project serves beside: open to everybody, as LangGraph's server has it where nothing is said."""

from rules import SEEN
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route


async def seen(_: Request) -> JSONResponse:
    told = list(SEEN)
    SEEN.clear()
    return JSONResponse(told)


async def login(_: Request) -> JSONResponse:
    return JSONResponse({"welcome": True})


app = Starlette(routes=[Route("/seen", seen), Route("/login", login)])
