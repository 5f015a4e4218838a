"""A secret that a model says in pieces is in none of the callbacks' pieces either."""

from typing import Any

from langchain_core.messages import AIMessageChunk

from rpc.engine.running.callback_pieces import Pieces


def event(kind: str, chunk: Any = None, id: str = "r") -> dict[str, Any]:
    return {"event": kind, "run_id": id, "data": {} if chunk is None else {"chunk": chunk}}


def said(events: list[dict[str, Any]]) -> list[str]:
    chunks = [one["data"]["chunk"] for one in events if "chunk" in one["data"]]
    return [one if isinstance(one, str) else one.content for one in chunks]


def test_a_secret_cut_over_pieces_is_told_in_none() -> None:
    for kind in (str, AIMessageChunk):
        pieces = Pieces(["hunter22"])
        told: list[dict[str, Any]] = []
        for text in ("it is hun", "ter", "22, and hu"):
            chunk = text if kind is str else AIMessageChunk(text)
            told += pieces.told(event("on_chat_model_stream", chunk))
        told += pieces.told(event("on_chat_model_end"))
        text = "".join(said(told))
        assert "hunter22" not in text
        assert text.startswith("it is ")
        assert text.endswith(", and hu"), "what was held back is lost"
        assert told[-1]["event"] == "on_chat_model_end"


def test_other_events_pass_as_they_are() -> None:
    pieces = Pieces(["hunter22"])
    for one in (event("on_tool_end"), event("on_chain_stream", {"a": 1})):
        assert pieces.told(one) == [one]
    assert Pieces([]).told(one := event("on_chain_stream", "hunter22")) == [one]
