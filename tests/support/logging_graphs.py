"""Graphs whose nodes log, warn, raise, block, and are given secrets."""

import logging
import threading
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from langchain_core.runnables import RunnableConfig
from langgraph.config import get_stream_writer
from langgraph.graph import END, START, StateGraph
from langgraph.types import interrupt
from pydantic import BaseModel, Secret, SecretBytes, SecretStr
from typing_extensions import TypedDict

log = logging.getLogger("theirs")


class State(TypedDict, total=False):
    query: str
    answer: str


def plain(state: State) -> State:
    log.warning(
        "plain says\n\x1b[31m%s\x85", state["query"], extra={"patients": 3, "lock": object()}
    )
    return {"answer": "a"}


async def inside(state: State) -> State:
    log.warning("inside says %s", state["query"])
    return {"answer": "b"}


def breaks(state: State) -> State:
    if state["query"] == "break":
        warnings.warn("it is about to break", stacklevel=1)
        thread = threading.Thread(target=lambda: 1 / 0)
        thread.start()
        thread.join()
        raise ValueError("it broke")
    return {}


_inner = StateGraph(State)
_inner.add_node("inside", inside)
_inner.add_edge(START, "inside")
_inner.add_edge("inside", END)

_outer = StateGraph(State)
_outer.add_node("plain", plain)
_outer.add_node("sub", _inner.compile())
_outer.add_node("breaks", breaks)
_outer.add_edge(START, "plain")
_outer.add_edge("plain", "sub")
_outer.add_edge("sub", "breaks")
_outer.add_edge("breaks", END)
logs = _outer.compile()


def _hangs(state: State) -> None:
    """Until the file that the query names is there; not for ever, as its process waits for it."""
    file, ends = Path(state["query"].partition(" ")[2]), time.monotonic() + 60
    while not file.exists() and time.monotonic() < ends:
        time.sleep(0.01)


async def loop(state: State) -> State:
    _hangs(state)
    return {}


def thread(state: State) -> State:
    get_stream_writer()("in its thread")
    _hangs(state)
    return {}


_blocks = StateGraph(State)
_blocks.add_node("loop", loop)
_blocks.add_node("thread", thread)
_blocks.add_conditional_edges(START, lambda state: state["query"].split()[0], ["loop", "thread"])
blocks = _blocks.compile()


class Account(BaseModel):
    name: str
    password: SecretStr


@dataclass
class Login:
    name: str
    password: SecretStr


class Told(TypedDict, total=False):
    query: str
    account: Account
    own: SecretStr
    raw: Any
    copied: str
    answer: str


def uses(state: Told, config: RunnableConfig) -> Told:
    """Keeps the key to itself, as it should."""
    assert config["configurable"].get("openai_api_key", "sk-").startswith("sk-")
    password = SecretStr("pw-of-the-account")
    binary = SecretBytes(b"pw-of-the-account")
    return {
        "account": Account(name="ann", password=password),
        "own": password,
        "raw": [Login("ann", password), {"deep": (password, Secret("pw-of-the-account"), binary)}],
    }


class Cut(BaseChatModel):
    """Says a text in pieces of so many characters."""

    text: str
    size: int

    @property
    def _llm_type(self) -> str:
        return "cut"

    def _generate(self, *_: Any, **__: Any) -> ChatResult:
        raise NotImplementedError

    def _stream(self, *_: Any, **__: Any) -> Iterator[ChatGenerationChunk]:
        for at in range(0, len(self.text), self.size):
            piece = self.text[at : at + self.size]
            yield ChatGenerationChunk(message=AIMessageChunk(piece))


async def speaks(state: Told, config: RunnableConfig) -> Told:
    """A model says the key twice, and its beginning at last; the query says in pieces of how many characters."""
    key = config["configurable"]["openai_api_key"]
    model = Cut(text=f"so s sk it is {key}{key}, or sk-", size=int(state["query"]))
    async for _ in model.astream("what is it?"):
        pass
    return {"answer": "said"}


def spills(state: Told, config: RunnableConfig) -> Told:
    """Tells the key to everybody."""
    key = config["configurable"].get("openai_api_key", "")
    if state["query"] in ("quiet", "again"):
        return {"answer": "done"}
    log.warning("the key is %s", key)
    get_stream_writer()({"sent": f"Bearer {key}"})
    if state["query"] == "ask":
        interrupt({"is this right?": key})
    if state["query"] == "break":
        raise ValueError(f"401 for {key}")
    return {"copied": key, "answer": f"{key} {'x' * 6000}"}


_told = StateGraph(Told)
_told.add_node("uses", uses)
_told.add_node("spills", spills)
_told.add_edge(START, "uses")
_told.add_edge("uses", "spills")
_told.add_edge("spills", END)
keys = _told.compile()

_speaks = StateGraph(Told)
_speaks.add_node("speaks", speaks)
_speaks.add_edge(START, "speaks")
_speaks.add_edge("speaks", END)
speaking = _speaks.compile()
