from typing import TypedDict

from langgraph.graph import START, StateGraph


class State(TypedDict, total=False):
    query: str
    hits: list[dict[str, object]]
    answer: str


async def search(state: State) -> State:
    found = [{"title": f"{state['query']}, trial {n}", "year": 2020 + n} for n in range(3)]
    return {"hits": found}


async def rank(state: State) -> State:
    return {"hits": sorted(state["hits"], key=lambda hit: -int(str(hit["year"])))}


async def answer(state: State) -> State:
    best = state["hits"][0]
    return {"answer": f"{best['title']} ({best['year']})"}


inner = StateGraph(State)
inner.add_sequence([search, rank])
inner.add_edge(START, "search")

builder = StateGraph(State)
builder.add_node("literature", inner.compile())
builder.add_node(answer)
builder.add_edge(START, "literature")
builder.add_edge("literature", "answer")
graph = builder.compile()
