"""How a question is asked of the 1,000 abstracts, without a model: the search over all of them, then the answer."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from examples.biomed.answer.answering import Found
    from examples.biomed.answer.speaking import Cited
    from examples.biomed.settings import Settings

TODAY = date(2026, 11, 23)
FIRST = 5
"""How many abstracts the search hands on."""


async def asked(settings: Settings, question: str, without: str = "") -> tuple[Found, Cited]:
    """What the first abstracts say to a question, and those abstracts; the one whose PMID is `without` is taken away."""
    from examples.biomed import entities, plans
    from examples.biomed.answer import answering
    from examples.biomed.citations import number
    from examples.biomed.options import QueryOptions
    from examples.biomed.services import documents

    read = entities.parse(question, TODAY)
    planned = plans.plan("documents", question, read, QueryOptions().as_state())[0]["arguments"]
    page = await documents.search(settings, planned["query"], FIRST + 1 if without else FIRST)
    kept = [record for record in page["records"] if record["id"] != without][:FIRST]
    cited = number({"documents": kept})
    return answering.find(read, cited), cited
