"""The web console: one page, and the files it is built of.

What is served is built from `clients/console/` (`make console`), and committed, so that a server needs no Node.
"""

from functools import cache
from html import escape
from pathlib import Path

import anyio
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route
from starlette.staticfiles import StaticFiles

from protocol.rest import DOCS_PATH

PAGES = Path(__file__).parent / "console"
FOLDER = DOCS_PATH.rpartition("/")[0]
ADDRESSES = ("/", FOLDER, FOLDER + "/", FOLDER + "/ui", FOLDER + "/ui/")
"""Where the page is. Its parts are named by their whole paths: they are right from each of these."""

HEADERS = {
    # No script, style or request but this server's own; what a page shows of a graph can run nothing.
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    # Asked about each time: another version of the server has another page at the same address.
    "cache-control": "no-cache",
}
KEPT = {**HEADERS, "cache-control": "public, max-age=31536000, immutable"}
"""Of files whose names say what is in them."""

_OWN = '="./'
"""How the build begins the address of a file of its own."""


def routes() -> list[Route]:
    """The page, and its files."""
    return [
        *(Route(path, _page, methods=["GET"]) for path in ADDRESSES),
        Route(FOLDER + "/ui/{name}", _file, methods=["GET"]),
    ]


async def _page(request: Request) -> Response:
    base = escape(request.scope.get("root_path", "") + FOLDER + "/ui/")
    # Read each time: it is small, and a build beside a running server has other names in it.
    page = await anyio.Path(PAGES / "index.html").read_text(encoding="utf-8")
    return HTMLResponse(page.replace(_OWN, f'="{base}'), headers=HEADERS)


async def _file(request: Request) -> Response:
    response = await _files().get_response(request.path_params["name"], request.scope)
    response.headers.update(KEPT if response.status_code in (200, 304) else HEADERS)
    return response


@cache
def _files() -> StaticFiles:
    return StaticFiles(directory=PAGES)
