"""`/orchestrator/docs` and the documents it shows: OpenAPI, OpenRPC, AsyncAPI.

All of it comes from this server: Swagger UI is a file of the package `fastapi-swagger`, of which no code is run.
"""

from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Route
from starlette.staticfiles import StaticFiles

from protocol import asyncapi, openapi, openrpc
from protocol.rest import DOCS_PATH

PAGES = Path(__file__).parent / "files"
FOLDER = DOCS_PATH.rpartition("/")[0]
SAME = (FOLDER + "/redoc",)
"""Where else the page is: its links are right there too."""
LEADING = ("/docs",)
"""Addresses where one looks for the docs, from where the page's own links would not be right."""

HEADERS = {
    # No script, style or request but this server's own. Swagger UI draws its icons from data: URLs.
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    # Asked about each time: another version of the server has another page at the same address.
    "cache-control": "no-cache",
}

_encoder = msgspec.json.Encoder()


def routes() -> list[Route]:
    """The page, its files, and the documents."""
    return [
        *(Route(path, _page, methods=["GET"]) for path in (DOCS_PATH, *SAME)),
        *(Route(path, _lead, methods=["GET"]) for path in LEADING),
        Route(DOCS_PATH + "/{name}", _file, methods=["GET"]),
        Route(FOLDER + "/openapi.json", _openapi, methods=["GET"]),
        Route(FOLDER + "/openrpc.json", _openrpc, methods=["GET"]),
        Route(FOLDER + "/asyncapi.json", _asyncapi, methods=["GET"]),
    ]


async def _page(_: Request) -> Response:
    return FileResponse(PAGES / "docs.html", headers=HEADERS)


async def _lead(request: Request) -> Response:
    """A page that leads to the docs, for addresses from where their own links would not."""
    where = escape(request.scope.get("root_path", "") + DOCS_PATH)
    return HTMLResponse(
        '<!doctype html><html lang="en"><title>Stepwire</title>'
        f'<meta http-equiv="refresh" content="0; url={where}">'
        f'<p>The API is described <a href="{where}">here</a>.</p></html>',
        headers=HEADERS,
    )


async def _file(request: Request) -> Response:
    response = await _files().get_response(request.path_params["name"], request.scope)
    response.headers.update(HEADERS)
    return response


@cache
def _files() -> StaticFiles:
    return StaticFiles(directory=PAGES, packages=[("fastapi_swagger", "resources")])


async def _openapi(request: Request) -> Response:
    base_path = request.scope.get("root_path", "")
    server = {"url": base_path or "/", "description": "This server."}
    return _document({**openapi.build(), "servers": [server]})


async def _openrpc(request: Request) -> Response:
    document = openrpc.build()
    urls = {"websocket": _address(request, "ws"), "http": _address(request, "http")}
    servers = [{**one, "url": urls[one["name"]] + "/rpc"} for one in document["servers"]]
    return _document({**document, "servers": servers})


async def _asyncapi(request: Request) -> Response:
    server = {
        "host": request.url.netloc,
        "pathname": request.scope.get("root_path", "") or "/",
        "protocol": "wss" if request.url.is_secure else "ws",
        "description": "This server.",
    }
    return _document({**asyncapi.build(), "servers": {"this": server}})


def _address(request: Request, scheme: str) -> str:
    """The app's own, as the client reached it."""
    secure = "s" if request.url.is_secure else ""
    return f"{scheme}{secure}://{request.url.netloc}{request.scope.get('root_path', '')}"


def _document(document: Any) -> Response:
    return Response(_encoder.encode(document), media_type="application/json", headers=HEADERS)
