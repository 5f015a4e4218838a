"""PubMed's efetch XML as records.

Source: the PubMed DTD (dtd.nlm.nih.gov/ncbi/pubmed). Parsed with defusedxml: a document type
declaration is tolerated, as NCBI sends one, entity definitions are refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from ..errors import SourceError
from ..records import Record, citable, one_line, year_in

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


def parse_articles(body: bytes) -> list[Record]:
    """The articles of a ``PubmedArticleSet``, in its order; those without PMID or title left out.

    Raises:
        SourceError: kind ``bad_data``: not well-formed, or it defines entities.
    """
    return list(_articles(_root(body)))


def parse_spelling(body: bytes) -> str:
    """The ``CorrectedQuery`` of an ``eSpellResult``; empty where there is none.

    Raises:
        SourceError: kind ``bad_data``, as above.
    """
    return (_root(body).findtext("CorrectedQuery") or "").strip()


def _root(body: bytes) -> Element:
    try:
        root: Element = fromstring(body, forbid_entities=True, forbid_external=True)
    except DefusedXmlException as error:
        reason = type(error).__name__
        raise SourceError("bad_data", f"PubMed: unsafe XML refused ({reason})") from None
    except (ParseError, ValueError, LookupError) as error:
        raise SourceError("bad_data", f"PubMed: broken XML ({error})") from None
    return root


def _articles(root: Element) -> Iterator[Record]:
    for node in root.iter("PubmedArticle"):
        record = citable(_article(node))
        if record is not None:
            yield record


def _article(node: Element) -> Record:
    journal_date = node.find("MedlineCitation/Article/Journal/JournalIssue/PubDate")
    entrez_date = node.find("PubmedData/History/PubMedPubDate[@PubStatus='pubmed']/Year")
    record: Record = {
        "type": "article",
        "id": _text(node.find("MedlineCitation/PMID")),
        "title": _text(node.find("MedlineCitation/Article/ArticleTitle")),
        "year": year_in(_text(journal_date)) or year_in(_text(entrez_date)),
        "text": " ".join(_abstract(node)),
        "authors": list(_authors(node)),
        "journal": _text(node.find("MedlineCitation/Article/Journal/ISOAbbreviation"))
        or _text(node.find("MedlineCitation/Article/Journal/Title")),
        "publication_types": _all(node, "MedlineCitation/Article/PublicationTypeList/*"),
        "keywords": _all(node, "MedlineCitation/MeshHeadingList/MeshHeading/DescriptorName"),
    }
    doi = _text(node.find("PubmedData/ArticleIdList/ArticleId[@IdType='doi']"))
    if doi:
        record["doi"] = doi
    pmcid = _text(node.find("PubmedData/ArticleIdList/ArticleId[@IdType='pmc']"))
    if pmcid:
        record["pmcid"] = pmcid
    if numbers := _all(node, "MedlineCitation/Article/DataBankList/DataBank/*/AccessionNumber"):
        record["registry_ids"] = numbers
    return record


def _abstract(node: Element) -> Iterator[str]:
    for part in node.iterfind("MedlineCitation/Article/Abstract/AbstractText"):
        label, text = part.get("Label"), _text(part)
        if text:
            yield f"{label}: {text}" if label else text


def _authors(node: Element) -> Iterator[str]:
    for author in node.iterfind("MedlineCitation/Article/AuthorList/Author"):
        name = _text(author.find("CollectiveName")) or " ".join(
            part for tag in ("LastName", "Initials") if (part := _text(author.find(tag)))
        )
        if name:
            yield name


def _all(node: Element, path: str) -> list[str]:
    return [text for element in node.iterfind(path) if (text := _text(element))]


def _text(element: Element | None) -> str:
    # itertext, not .text: titles and abstracts hold <i>, <sup> and the like.
    if element is None:
        return ""
    separator = " " if element.tag == "PubDate" else ""
    return one_line(separator.join(element.itertext()), 20_000)
