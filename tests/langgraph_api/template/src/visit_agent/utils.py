"""A chat model that says what is written here, in pieces, in place of one of a provider's."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult


class Scripted(BaseChatModel):
    """Looks for a trial, books a visit, and says so."""

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def bind_tools(self, tools: Any, **_: Any) -> Scripted:  # type: ignore[override]
        """It knows them."""
        return self

    def _say(self, messages: list[BaseMessage]) -> AIMessage:
        done = [one for one in messages if one.type == "tool"]
        if not done:
            call = {"name": "find_trial", "args": {"condition": "asthma"}, "id": "call-1"}
            return AIMessage("", tool_calls=[call])
        if len(done) == 1:
            call = {"name": "book_visit", "args": {"day": "Monday"}, "id": "call-2"}
            return AIMessage("", tool_calls=[call])
        return AIMessage(f"{done[0].content}: {done[1].content}")

    def _generate(self, messages: list[BaseMessage], *_: Any, **__: Any) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=self._say(messages))])

    def _stream(
        self, messages: list[BaseMessage], *_: Any, **__: Any
    ) -> Iterator[ChatGenerationChunk]:
        said = self._say(messages)
        if said.tool_calls:
            chunk = AIMessageChunk(
                "",
                tool_call_chunks=[
                    {
                        "name": one["name"],
                        "args": str(one["args"]).replace("'", '"'),
                        "id": one["id"],
                        "index": 0,
                    }
                    for one in said.tool_calls
                ],
            )
            yield ChatGenerationChunk(message=chunk)
            return
        for word in str(said.content).split(" "):
            yield ChatGenerationChunk(message=AIMessageChunk(f"{word} "))

    async def _astream(
        self, messages: list[BaseMessage], *_: Any, **__: Any
    ) -> AsyncIterator[ChatGenerationChunk]:
        for chunk in self._stream(messages):
            yield chunk


def load_chat_model(name: str) -> BaseChatModel:
    """A model by `provider/name`."""
    provider, _, _ = name.partition("/")
    if provider != "scripted":
        raise ValueError(f"there is no provider {provider!r}")
    return Scripted()
