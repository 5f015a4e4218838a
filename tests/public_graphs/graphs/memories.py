"""Graphs that remember, extract and sum up: LangMem, Trustcall."""

from typing import Any

from langchain.agents import create_agent
from langchain_core.messages import AnyMessage
from langgraph.graph import START, MessagesState, StateGraph
from langmem import create_manage_memory_tool, create_search_memory_tool, create_thread_extractor
from langmem.short_term import SummarizationNode
from pydantic import BaseModel, Field
from trustcall import create_extractor
from typing_extensions import TypedDict

from tests.public_graphs.example import Edit, Example
from tests.public_graphs.graphs.edits import message_edit
from tests.public_graphs.scripted import ScriptedModel, told, turns

HERE = "tests/public_graphs/graphs/memories.py"
SPACE = ("memories", "{user_id}")

remembering = create_agent(
    ScriptedModel(
        script=turns(
            # Looked for first: memories of one second have no order, and a run that is gone back in keeps a second one.
            [("search_memory", {"query": "Ann"})],
            [("manage_memory", {"content": "Ann likes tea", "action": "create"})],
            "Ann likes tea.",
        )
    ),
    tools=[create_manage_memory_tool(SPACE), create_search_memory_tool(SPACE)],
)


class Summed(MessagesState):
    """A conversation, and what was said before."""

    context: dict[str, Any]
    title: str


class Asked(TypedDict):
    """What the model is given."""

    summarized_messages: list[AnyMessage]
    context: dict[str, Any]


_answering = ScriptedModel(script=told(("dogs", "Dogs bark."), otherwise="Cats purr."))
_titling = create_thread_extractor(
    ScriptedModel(script=lambda _: [("SummarizeThread", {"title": "Pets", "summary": "Of pets"})])
)


async def answer(state: Asked) -> Any:
    return {"messages": [await _answering.ainvoke(state["summarized_messages"])]}


async def title(state: Summed) -> Any:
    found = await _titling.ainvoke({"messages": state["messages"]})
    return {"title": found.title}


summing: Any = (
    StateGraph(Summed)
    .add_node(
        "summarize",
        SummarizationNode(
            model=ScriptedModel(script=lambda _: "They spoke of cats and of dogs."),
            max_tokens=100,
            max_tokens_before_summary=60,
            max_summary_tokens=40,
        ),
    )
    .add_node("answer", answer)
    .add_node("title", title)
    .add_edge(START, "summarize")
    .add_edge("summarize", "answer")
    .add_edge("answer", "title")
    .compile()
)


class Person(BaseModel):
    """A person."""

    name: str
    age: int = Field(ge=0)


class Extracted(TypedDict, total=False):
    """A text, and who is in it."""

    text: str
    people: list[Person]
    calls: int


_extractor = create_extractor(
    ScriptedModel(
        script=told(
            # What does not validate is mended by a patch.
            (
                "fix all validation errors",
                [
                    (
                        "PatchFunctionErrors",
                        {
                            "json_doc_id": "Person-0-0",
                            "planned_edits": "the age",
                            "patches": [{"op": "replace", "path": "/age", "value": 30}],
                        },
                    )
                ],
            ),
            otherwise=[
                ("Person", {"name": "Ann", "age": -1}),
                ("Person", {"name": "Bob", "age": 7}),
            ],
        )
    ),
    tools=[Person],
    tool_choice="Person",
    enable_inserts=True,
)


async def extract(state: Extracted) -> Any:
    found = await _extractor.ainvoke({"messages": [("user", state["text"])]})
    return {"people": found["responses"], "calls": found["attempts"]}


def count(state: Extracted) -> Any:
    return {"text": f"{len(state['people'])} people, {sum(one.age for one in state['people'])}"}


extracting: Any = (
    StateGraph(Extracted)
    .add_node("extract", extract)
    .add_node("count", count)
    .add_edge(START, "extract")
    .add_edge("extract", "count")
    .compile()
)

WORDS = "Cats are animals that purr, and dogs are animals that bark. " * 3
TALK = [
    {"role": role, "content": f"{number}. {WORDS}", "id": str(number)}
    for number, role in enumerate(["user", "assistant"] * 2)
] + [{"role": "user", "content": "And dogs?", "id": "4"}]

EXAMPLES = [
    Example(
        name="remembering",
        package="langmem",
        target=f"{HERE}:remembering",
        input={"messages": [{"role": "user", "content": "I am Ann, I like tea."}]},
        nodes=("model", "tools"),
        edit=message_edit(0, "Ann likes coffee", "tools", "coffee"),
        rewind="tools",
    ),
    Example(
        name="summing-up",
        package="langmem",
        target=f"{HERE}:summing",
        input={"messages": TALK},
        nodes=("summarize", "answer", "title"),
        closed=("title",),
        edit=message_edit(4, "And birds?", "title", "birds?"),
        rewind="answer",
    ),
    Example(
        name="extracting",
        package="trustcall",
        target=f"{HERE}:extracting",
        input={"text": "Ann is 30, Bob is 7."},
        nodes=("extract", "count"),
        closed=("extract",),
        inside=("extract", "count"),
        edit=Edit(
            "count",
            "/people/0/age",
            40,
            lambda values: {
                "people": [Person(name="Ann", age=40), *values["people"][1:]],
            },
            "2 people, 47",
        ),
        rewind="count",
    ),
]
