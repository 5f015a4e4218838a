"""A chat model that answers by a script: by what it is asked alone, so that it answers the same when asked again."""

import json
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.messages.ai import UsageMetadata
from langchain_core.messages.tool import ToolCall, tool_call_chunk
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.tools import BaseTool
from langchain_core.utils.function_calling import convert_to_openai_tool

Call = tuple[str, dict[str, Any]]
"""A tool's name and its arguments."""

Reply = str | Sequence[Call]
"""What a model says, or the tools that it calls."""

Script = Callable[[list[BaseMessage]], Reply]


def turns(*replies: Reply) -> Script:
    """One reply after the other, by how often a model has spoken in the conversation; then the last one."""

    def script(messages: list[BaseMessage]) -> Reply:
        return replies[min(_spoken(messages), len(replies) - 1)]

    return script


def told(*cases: tuple[str, Reply], otherwise: Reply = "Nothing to say.") -> Script:
    """The reply of the first text that stands in the last message."""

    def script(messages: list[BaseMessage]) -> Reply:
        last = messages[-1].text
        return next((reply for text, reply in cases if text in last), otherwise)

    return script


def after(tool: str, then: Reply, *, before: Reply) -> Script:
    """What it says once that tool has answered; `before` until then."""

    def script(messages: list[BaseMessage]) -> Reply:
        return then if messages[-1].type == "tool" and messages[-1].name == tool else before

    return script


def _spoken(messages: Sequence[BaseMessage]) -> int:
    return sum(isinstance(message, AIMessage) for message in messages)


class ScriptedModel(BaseChatModel):
    """Streams its reply word by word, and says what it took, as models of providers do."""

    script: Script

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def bind_tools(
        self, tools: Sequence[dict[str, Any] | type | Callable[..., Any] | BaseTool], **kwargs: Any
    ) -> Runnable[Any, AIMessage]:
        return self.bind(tools=[convert_to_openai_tool(tool) for tool in tools], **kwargs)

    def _chunks(self, messages: list[BaseMessage]) -> list[AIMessageChunk]:
        reply = self.script(messages)
        if isinstance(reply, str):
            words = reply.split(" ")
            chunks = [AIMessageChunk(word) for word in _spaced(words)]
        else:
            turn = _spoken(messages)
            calls = [
                ToolCall(name=name, args=args, id=f"{name}-{turn}-{number}")
                for number, (name, args) in enumerate(reply)
            ]
            chunks = [_call_chunk(index, call) for index, call in enumerate(calls)]
        taken, given = len(messages), len(chunks)
        chunks[-1].usage_metadata = UsageMetadata(
            input_tokens=taken, output_tokens=given, total_tokens=taken + given
        )
        chunks[-1].chunk_position = "last"
        return chunks

    def _generate(self, messages: list[BaseMessage], *_: Any, **__: Any) -> ChatResult:
        first, *rest = self._chunks(messages)
        whole: Any = first
        for chunk in rest:
            whole += chunk
        message = AIMessage(
            whole.content, tool_calls=whole.tool_calls, usage_metadata=whole.usage_metadata
        )
        return ChatResult(generations=[ChatGeneration(message=message)])

    def _stream(
        self, messages: list[BaseMessage], *_: Any, **__: Any
    ) -> Iterator[ChatGenerationChunk]:
        for chunk in self._chunks(messages):
            yield ChatGenerationChunk(message=chunk)

    async def _astream(
        self, messages: list[BaseMessage], *_: Any, **__: Any
    ) -> AsyncIterator[ChatGenerationChunk]:
        for chunk in self._chunks(messages):
            yield ChatGenerationChunk(message=chunk)


def _spaced(words: list[str]) -> list[str]:
    return [word if not number else f" {word}" for number, word in enumerate(words)]


def _call_chunk(index: int, call: ToolCall) -> AIMessageChunk:
    chunk = tool_call_chunk(
        name=call["name"], args=json.dumps(call["args"]), id=call["id"], index=index
    )
    return AIMessageChunk("", tool_call_chunks=[chunk])
