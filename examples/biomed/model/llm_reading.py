"""How a model is asked for values and not for prose: by the provider's structured output, else by JSON in its text."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any, get_args

import anyio
import msgspec
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import BaseMessage

from ..errors import SourceError
from ..options import Phase, Status
from ..queries.intent import INTENTS
from ..vocabulary import CLASS_MEMBERS
from ..words import word_set
from .planned import TRIAL_FIELDS
from .wrapping import unwrapped

SILENT = "nostream"
"""LangGraph's tag for model calls whose tokens are not shown."""
QUIET: Any = {"tags": [SILENT]}

_NAMES = {"type": "array", "items": {"type": "string"}}
_DAY = {"type": ["string", "null"], "description": "YYYY, YYYY-MM or YYYY-MM-DD"}


def _out_of(values: Sequence[str]) -> dict[str, Any]:
    return {"type": "array", "items": {"type": "string", "enum": list(values)}}


ENTITIES_SCHEMA: dict[str, Any] = {
    "title": "read_question",
    "description": "What a biomedical question names. Only what it says.",
    "type": "object",
    "properties": {
        "intent": {"type": "string", "enum": list(INTENTS)},
        "drugs": {**_NAMES, "description": "generic names in lower case"},
        "conditions": _NAMES,
        "companies": _NAMES,
        "drug_classes": _out_of(list(CLASS_MEMBERS)),
        "phases": _out_of(get_args(Phase)),
        "statuses": _out_of(get_args(Status)),
        "date_from": _DAY,
        "date_to": _DAY,
        "queries": {
            **_NAMES,
            "description": "One or two searches of PubMed in its syntax: every concept required, each under its names; no dates",
        },
        "trial_searches": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {name: {"type": "string"} for name in TRIAL_FIELDS},
            },
            "description": "One or two searches of ClinicalTrials.gov, each field in its syntax (AND, OR, quotation marks); no dates",
        },
        "document_queries": {
            **_NAMES,
            "description": "One or two other wordings of the question for a collection of documents, in plain words",
        },
        "unclear": {
            "type": "string",
            "description": "One short question back, where the question cannot be searched for without it; else empty",
        },
    },
    "required": ["intent"],
}


async def values(
    model: BaseChatModel, messages: list[BaseMessage], schema: dict[str, Any], timeout_ms: int
) -> dict[str, Any]:
    """The model's answer as an object of ``schema``; its fields are not checked.

    Raises:
        SourceError: the model failed, was late, or gave no object.
    """
    try:
        asking: Any = model.with_structured_output(schema, include_raw=True)
    except (NotImplementedError, ValueError, TypeError):
        asking = None  # the provider has none

    async def structured() -> Any:
        answer = await asking.ainvoke(messages, config=QUIET)
        refuse_a_cut(answer["raw"])
        return answer

    started = time.monotonic()
    if asking is not None:
        try:
            answer = await bounded(timeout_ms, structured)
        except SourceError as error:
            if not _may_do_without(error):
                raise
        else:
            if isinstance(answer["parsed"], dict):
                return dict(answer["parsed"])
            return from_text(str(answer["raw"].text))
    left_ms = timeout_ms - (time.monotonic() - started) * 1000
    return from_text(str(await bounded(left_ms, lambda: text_of(model, messages, QUIET))))


_NOT_FOR_ITS_FORM = frozenset([401, 402, 403, 408, 409, 413, 429])
"""HTTP statuses of a refusal that has nothing to do with the form of the answer that was asked for."""


def _may_do_without(error: SourceError) -> bool:
    """Whether a provider may have refused the structured output alone: its package knows it, and the service behind it does not."""
    cause = error.__cause__
    if error.kind != "tool_error" or cause is None:
        return False
    status = getattr(cause, "status_code", None)
    if isinstance(status, int):
        return status < 500 and status not in _NOT_FOR_ITS_FORM
    return isinstance(cause, NotImplementedError | TypeError | ValueError)


def from_text(text: str) -> dict[str, Any]:
    """The JSON object in a text.

    Raises:
        SourceError: kind ``bad_data``: there is none.
    """
    text = unwrapped(text)
    start, end = text.find("{"), text.rfind("}")
    try:
        return msgspec.json.decode(text[start : end + 1], type=dict[str, Any])
    except (msgspec.DecodeError, ValueError):
        raise SourceError("bad_data", "the model did not answer with a JSON object") from None


async def text_of(model: Any, messages: list[BaseMessage], config: Any) -> str:
    """The whole text of a streamed answer, without what is around it (:mod:`.wrapping`).

    Raises:
        SourceError: kind ``bad_data``: the provider cut it.
    """
    parts = []
    async for chunk in model.astream(messages, config=config):
        refuse_a_cut(chunk)
        parts.append(chunk.text)
    return unwrapped("".join(parts))


_CUT = word_set(
    "length max_tokens max_output_tokens model_length model_context_window_exceeded incomplete pause_turn error error_limit failed cancelled "
    "malformed_function_call"
)
_WITHHELD = word_set(
    "content_filter content_filtered safety recitation blocklist prohibited_content spii refusal guardrail_intervened error_toxic "
    "image_safety language"
)
"""How providers name an end that is none: OpenAI, Anthropic, Google, Mistral, Cohere, Bedrock, Ollama."""
_TOLD = ("finish_reason", "stop_reason", "stopReason", "done_reason", "status")


def refuse_a_cut(chunk: Any) -> bool:
    """A text that the provider cut or withheld is no answer. Whether the provider told here that it ended.

    Raises:
        SourceError: kind ``bad_data``, with the provider's reason.
    """
    told = getattr(chunk, "response_metadata", None) or {}
    # As in "FinishReason.MAX_TOKENS".
    reasons = [str(told.get(name) or "").lower().rpartition(".")[2] for name in _TOLD]
    if (getattr(chunk, "additional_kwargs", None) or {}).get("refusal"):
        reasons.append("refusal")
    for reason in reasons:
        if reason in _CUT:
            raise SourceError("bad_data", f"the model's text was cut off: {reason}")
        if reason in _WITHHELD:
            raise SourceError("bad_data", f"the model's text was withheld: {reason}")
    return any(reasons)


async def bounded(timeout_ms: float, ask: Callable[[], Any]) -> Any:
    """What ``ask`` gives within the time.

    Raises:
        SourceError: kind ``timeout``, or ``tool_error`` for whatever the provider's package raised.
    """
    try:
        with anyio.fail_after(max(0.0, timeout_ms / 1000)):
            return await ask()
    except TimeoutError:
        raise SourceError("timeout", "the model did not answer in time") from None
    except SourceError:
        raise
    except Exception as error:  # the border to any provider's package
        raise SourceError("tool_error", f"the model failed: {type(error).__name__}") from error
