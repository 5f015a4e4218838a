"""What other people's MCP servers ask, answered here: the services' paths over HTTP, and a proxy that speaks for every host.

A server process is pointed here by its environment alone. The proxy (``HTTPS_PROXY``) takes ``CONNECT host:443``, shows a
certificate for that host from an authority of its own (``SSL_CERT_FILE``), and passes what is said inside on to the stand-in.
"""

from __future__ import annotations

import json
import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.examples.biomed.replay import FIXTURES, Replay

HOOKS = Path(__file__).parent / "hooks"
HOSTS = (
    "eutils.ncbi.nlm.nih.gov",
    "www.ncbi.nlm.nih.gov",
    "clinicaltrials.gov",
    "www.ebi.ac.uk",
    "api.biorxiv.org",
)


class Services(Replay):
    """The E-utilities and ClinicalTrials.gov as in `Replay`, and PubTator 3, Europe PMC and bioRxiv in their shapes."""

    def routes(self) -> list[Route]:
        pubtator = "/research/pubtator3-api"
        return [
            *super().routes(),
            Route(f"{pubtator}/search/", self._pubtator_search),
            Route(f"{pubtator}/publications/export/biocjson", self._pubtator_articles),
            Route(f"{pubtator}/entity/autocomplete/", self._nothing),
            Route("/{rest:path}", self._nothing),
        ]

    def _esearch(self, params: dict[str, str]) -> dict[str, Any]:
        # One of the servers names no limit.
        return super()._esearch({"retmax": "20", **params})

    async def _eutils(self, request: Request) -> Response:
        answer = await super()._eutils(request)
        utility = request.path_params["utility"].removesuffix(".fcgi")
        is_json = request.query_params.get("retmode") == "json"
        if is_json or utility not in ("esearch", "esummary") or answer.status_code != 200:
            return answer
        decoded = json.loads(bytes(answer.body))
        text = _search_xml(decoded) if utility == "esearch" else _summary_xml(decoded)
        return Response(f'<?xml version="1.0" encoding="UTF-8" ?>{text}', media_type="text/xml")

    async def _pubtator_search(self, request: Request) -> Response:
        self._note(request)
        if (fault := self._faulty("pubtator")) is not None:
            return fault
        found = [
            {
                "pmid": int(pmid),
                "title": one["title"],
                "journal": one["source"],
                "authors": [author["name"] for author in one["authors"]],
                "date": f"{one['sortpubdate'][:10].replace('/', '-')}T00:00:00Z",
            }
            for pmid, one in _summaries().items()
        ]
        page = {"page_size": len(found), "current": 1, "count": len(found), "total_pages": 1}
        return JSONResponse({"results": found, **page})

    async def _pubtator_articles(self, request: Request) -> Response:
        wanted = self._note(request).get("pmids", "").split(",")
        articles = [
            {
                "pmid": int(pmid),
                "journal": one["source"],
                "date": one["sortpubdate"][:4],
                "authors": [author["name"] for author in one["authors"]],
                "passages": [
                    {"infons": {"type": "title"}, "text": one["title"]},
                    {"infons": {"type": "abstract"}, "text": f"{one['title']} Made for tests."},
                ],
            }
            for pmid, one in _summaries().items()
            if pmid in wanted
        ]
        return JSONResponse({"PubTator3": articles})

    async def _nothing(self, request: Request) -> Response:
        self._note(request)
        if "europepmc" in request.url.path:
            return JSONResponse({"hitCount": 0, "resultList": {"result": []}})
        if "biorxiv" in request.url.path:
            return JSONResponse({"collection": [], "messages": []})
        return JSONResponse([])


def _search_xml(answer: dict[str, Any]) -> str:
    found = answer["esearchresult"]
    ids = "".join(f"<Id>{one}</Id>" for one in found["idlist"])
    return (
        f"<eSearchResult><Count>{found['count']}</Count><RetMax>{len(found['idlist'])}</RetMax>"
        f"<RetStart>0</RetStart><IdList>{ids}</IdList><QueryTranslation>as asked</QueryTranslation></eSearchResult>"
    )


def _summary_xml(answer: dict[str, Any]) -> str:
    items = ""
    for pmid in answer["result"]["uids"]:
        one = answer["result"][pmid]
        authors = "".join(
            f'<Item Name="Author" Type="String">{escape(author["name"])}</Item>'
            for author in one.get("authors", [])
        )
        items += (
            f'<DocSum><Id>{pmid}</Id><Item Name="PubDate" Type="Date">{one["pubdate"]}</Item>'
            f'<Item Name="Source" Type="String">{escape(one["source"])}</Item>'
            f'<Item Name="AuthorList" Type="List">{authors}</Item>'
            f'<Item Name="Title" Type="String">{escape(one["title"])}</Item></DocSum>'
        )
    return f"<eSummaryResult>{items}</eSummaryResult>"


def _summaries() -> dict[str, Any]:
    result = json.loads((FIXTURES / "esummary_glp1.json").read_text("utf-8"))["result"]
    return {pmid: result[pmid] for pmid in result["uids"]}


class Proxy:
    """An HTTPS proxy that answers for every host. Use as a context manager."""

    def __init__(self, target: tuple[str, int], folder: Path) -> None:
        self._target = target
        self.authority = folder / "authority.pem"
        self._tls = _certificates(self.authority, folder / "host.pem")
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = [self._socket]
        self._thread = threading.Thread(target=self._accept, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def __enter__(self) -> Proxy:
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        for one in self._open:
            one.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._socket.accept()
            except OSError:  # closed
                return
            self._open.append(client)
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        try:
            head = b""
            while b"\r\n\r\n" not in head:
                if not (part := client.recv(4096)):
                    return
                head += part
            client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            inside = self._tls.wrap_socket(client, server_side=True)
            target = socket.create_connection(self._target)
            self._open += [inside, target]
            back = threading.Thread(target=_pipe, args=(target, inside), daemon=True)
            back.start()
            _pipe(inside, target)
        except (
            OSError
        ):  # either side went, or does not trust us: its request fails, which the test sees
            client.close()


def _pipe(source: socket.socket, sink: socket.socket) -> None:
    try:
        while part := source.recv(65536):
            sink.sendall(part)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        sink.close()


def _certificates(authority: Path, host: Path) -> ssl.SSLContext:
    """Write an authority's certificate, and one for all hosts that it signed; a server's context with the latter."""
    now = datetime.now(UTC)
    keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(2)]
    names = [
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, one)]) for one in ("tests", HOSTS[0])
    ]

    def made(subject: int) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(names[subject])
            .issuer_name(names[0])
            .public_key(keys[subject].public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
        )

    root = made(0).add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
    leaf = made(1).add_extension(
        x509.SubjectAlternativeName([x509.DNSName(one) for one in HOSTS]), False
    )
    signed = [one.sign(keys[0], hashes.SHA256()) for one in (root, leaf)]
    pem = serialization.Encoding.PEM
    authority.write_bytes(signed[0].public_bytes(pem))
    key = keys[1].private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    host.write_bytes(key + signed[1].public_bytes(pem))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(host)
    return context
