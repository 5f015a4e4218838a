"""The orchestrator with a model that is none: what a user writes who brings a chat model of their own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from langchain_core.language_models.fake_chat_models import GenericFakeChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGenerationChunk

from examples.biomed.graph import build_graph

READ = '{"intent": "trials", "drug_classes": ["GLP-1 receptor agonist"]}'
WRITTEN = (
    "Semaglutide lowers risk [1]. A trial nobody ran agrees [99]. See NCT99999999 for more [2]."
)


class Fake(GenericFakeChatModel):
    """Reads, then writes: by what it is asked, so that any number of runs may share it."""

    async def _astream(
        self, messages: list[BaseMessage], *args: Any, **kwargs: Any
    ) -> AsyncIterator[ChatGenerationChunk]:
        text = WRITTEN if "Results:" in str(messages[-1].content) else READ
        for word in text.split(" "):
            yield ChatGenerationChunk(message=AIMessageChunk(content=f"{word} "))


graph = build_graph(model=lambda settings: Fake(messages=iter([AIMessage(content="")])))
