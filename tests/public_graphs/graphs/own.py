"""Small graphs of the shapes of public ones that no package has: templates, courses, assistants, functional workflows."""

import asyncio
import operator
from typing import Annotated, Any, Literal

from langchain_core.messages import AnyMessage, HumanMessage, ToolMessage
from langchain_core.runnables import RunnableConfig
from langgraph.config import get_store, get_stream_writer
from langgraph.func import entrypoint, task
from langgraph.graph import END, START, MessagesState, StateGraph
from langgraph.graph.message import add_messages
from langgraph.runtime import Runtime
from langgraph.types import Command, Overwrite, Send, interrupt
from pydantic import BaseModel
from typing_extensions import TypedDict

from tests.public_graphs.example import Edit, Example
from tests.public_graphs.graphs.edits import message_edit, value_edit
from tests.public_graphs.scripted import ScriptedModel, after, told, turns

HERE = "tests/public_graphs/graphs/own.py"

# An agent that keeps what it is told in the server's store, as the memory template does.
_keeper = ScriptedModel(
    script=turns([("keep", {"text": "tea"}), ("keep", {"text": "dogs"})], "I know that.")
)


def keep(text: str) -> str:
    """Keeps a text."""
    raise AssertionError("it is kept by a node")


async def talk(state: MessagesState, config: RunnableConfig) -> Any:
    """Answers with what is remembered of the user."""
    space = ("memories", config["configurable"]["user_id"])
    known = sorted(item.value["text"] for item in await get_store().asearch(space))
    model = _keeper.bind_tools([keep])
    answer = await model.ainvoke([("system", f"Known: {known}"), *state["messages"]])
    return {"messages": [answer]}


async def store(state: MessagesState, config: RunnableConfig, runtime: Runtime[Any]) -> Any:
    """Keeps what the model wants kept, at once."""
    assert runtime.store is not None
    space = ("memories", config["configurable"]["user_id"])
    last: Any = state["messages"][-1]
    await asyncio.gather(
        *(
            runtime.store.aput(space, call["args"]["text"], {"text": call["args"]["text"]})
            for call in last.tool_calls
        )
    )
    kept = len(await runtime.store.asearch(space))
    return {
        "messages": [
            ToolMessage(f"{kept} kept", tool_call_id=call["id"]) for call in last.tool_calls
        ]
    }


def wants_memory(state: MessagesState) -> Literal["store", "__end__"]:
    """Whether there is anything to keep."""
    last: Any = state["messages"][-1]
    return "store" if last.tool_calls else END


memory: Any = (
    StateGraph(MessagesState)
    .add_node("talk", talk)
    .add_node("store", store)
    .add_edge(START, "talk")
    .add_conditional_edges("talk", wants_memory)
    .add_edge("store", "talk")
    .compile()
)


# An assistant for mails: a router, a subgraph, and a person who may change what is sent.
class Mail(TypedDict, total=False):
    """A mail and what becomes of it."""

    mail: dict[str, str]
    kind: str
    messages: Annotated[list[AnyMessage], add_messages]


class Kind(BaseModel):
    """What kind of mail it is."""

    kind: Literal["ignore", "notify", "respond"]


_router = ScriptedModel(
    script=told(
        ("lunch", [("Kind", {"kind": "respond"})]), otherwise=[("Kind", {"kind": "ignore"})]
    )
).with_structured_output(Kind)
_writer = ScriptedModel(
    script=after("send", "It is sent.", before=[("send", {"to": "ann", "text": "Gladly, at noon"})])
)


def send(to: str, text: str) -> str:
    """Sends a mail."""
    return f"to {to}: {text}"


async def triage(state: Mail) -> Command[Literal["respond", "__end__"]]:
    """Decides who sees to it."""
    found: Any = await _router.ainvoke([HumanMessage(state["mail"]["text"])])
    if found.kind == "ignore":
        return Command(goto=END, update={"kind": "ignore"})
    asked = HumanMessage(f"Answer {state['mail']['from']}: {state['mail']['text']}")
    return Command(goto="respond", update={"kind": found.kind, "messages": [asked]})


async def write(state: Mail) -> Any:
    """Writes an answer."""
    return {"messages": [await _writer.bind_tools([send]).ainvoke(state["messages"])]}


async def check(state: Mail) -> Command[Literal["write", "__end__"]]:
    """Asks a person before anything is sent."""
    last: Any = state["messages"][-1]
    if not last.tool_calls:
        return Command(goto=END)
    (call,) = last.tool_calls
    answer = interrupt([{"action_request": {"action": call["name"], "args": call["args"]}}])[0]
    args = call["args"] | (answer.get("args") or {})
    sent = ToolMessage(send(**args), name="send", tool_call_id=call["id"])
    return Command(goto="write", update={"messages": [sent]})


_respond = (
    StateGraph(Mail)
    .add_node("write", write)
    .add_node("check", check)
    .add_edge(START, "write")
    .add_edge("write", "check")
    .compile()
)
mails: Any = (
    StateGraph(Mail)
    .add_node("triage", triage)
    .add_node("respond", _respond)
    .add_edge(START, "triage")
    .compile()
)


# Map and reduce, as the academy shows it, with a branch that asks twice.
class Jokes(TypedDict, total=False):
    """A topic, its subjects, the jokes about them, and the best."""

    topic: str
    subjects: list[str]
    jokes: Annotated[list[str], operator.add]
    best: str


class Subject(TypedDict):
    """What one of the jokes is about."""

    subject: str


_joker = ScriptedModel(
    script=told(
        ("subjects", "cats, dogs, mice"),
        ("cats", "A cat walks in."),
        ("dogs", "A dog sits."),
        otherwise="No joke.",
    )
)


async def subjects(state: Jokes) -> Any:
    found = await _joker.ainvoke(f"The subjects of {state['topic']}?")
    return {"subjects": found.text.split(", ")}


def spread(state: Jokes) -> list[Send]:
    return [Send("joke", {"subject": subject}) for subject in state["subjects"]]


async def joke(state: Subject) -> Any:
    get_stream_writer()({"joking": state["subject"]})
    if state["subject"] == "mice":
        first = interrupt({"of": "mice"})
        second = interrupt({"and": first})
        return {"jokes": [f"{first}, {second}"]}
    return {"jokes": [(await _joker.ainvoke(state["subject"])).text]}


def best(state: Jokes) -> Any:
    return {"best": max(state["jokes"], key=len)}


jokes: Any = (
    StateGraph(Jokes)
    .add_node(subjects)
    .add_node(joke)
    .add_node(best)
    .add_edge(START, "subjects")
    .add_conditional_edges("subjects", spread, ["joke"])
    .add_edge("joke", "best")
    .compile()
)


# Researchers that a supervisor's function calls side by side, each a graph of its own, as deep research has them.
class Research(TypedDict, total=False):
    """A question, its parts, and what was found."""

    question: str
    notes: Annotated[list[str], operator.add]
    report: str


class Part(TypedDict, total=False):
    """One researcher's."""

    part: str
    found: Annotated[list[str], operator.add]
    summary: str


def search(state: Part) -> Any:
    return {"found": [f"{state['part']} in a book", f"{state['part']} in a paper"]}


def compress(state: Part) -> Any:
    return {"summary": "; ".join(state["found"])}


_researcher: Any = (
    StateGraph(Part)
    .add_sequence([search, compress])
    .add_edge(START, "search")
    .compile(name="researcher")
)


async def delegate(state: Research) -> Any:
    """Has all parts looked at, at the same time."""
    parts = state["question"].split(" and ")
    found = await asyncio.gather(*(_researcher.ainvoke({"part": part}) for part in parts))
    return {"notes": [one["summary"] for one in found]}


def report(state: Research) -> Any:
    return {"report": " | ".join(sorted(state["notes"]))}


_supervising: Any = (
    StateGraph(Research).add_sequence([delegate]).add_edge(START, "delegate").compile()
)
research: Any = (
    StateGraph(Research)
    .add_node("supervise", _supervising)
    .add_node("report", report)
    .add_edge(START, "supervise")
    .add_edge("supervise", "report")
    .compile()
)


# The functional API: a workflow that calls tasks, asks, and remembers what it gave last.
@task
async def outline(topic: str) -> list[str]:
    return [f"{topic}, part {number}" for number in (1, 2)]


@task
def paragraph(heading: str) -> str:
    return f"On {heading}."


@entrypoint()
async def essay(topic: str, *, previous: Any = None) -> Any:
    """Writes an essay, if its outline is liked."""
    headings = await outline(topic)
    verdict = interrupt({"outline": headings})
    parts = await asyncio.gather(*(paragraph(heading) for heading in headings))
    text = " ".join([*parts, verdict])
    return entrypoint.final(value={"essay": text, "before": previous}, save=text)


# A graph that is made for each run, of the run's config.
async def made(config: RunnableConfig) -> Any:
    """Counts as many steps as there are letters in the user's kind."""
    kind = config["configurable"].get("user_id", "nobody").partition("-")[0]

    class Counted(TypedDict, total=False):
        text: str
        count: int

    def count(state: Counted) -> Any:
        return {"count": len(state["text"])}

    def greet(state: Counted) -> Any:
        return {"text": f"{kind}: {state['count']}"}

    builder = StateGraph(Counted).add_sequence([count, greet]).add_edge(START, "count")
    return builder.compile()


EXAMPLES = [
    Example(
        name="memory-template",
        package="",
        target=f"{HERE}:memory",
        input={"messages": [{"role": "user", "content": "I like tea and dogs"}]},
        nodes=("talk", "store"),
        inside=("store",),
        edit=message_edit(0, "I like tea", "store", "I like tea"),
        rewind="store",
    ),
    Example(
        name="mail-assistant",
        package="",
        target=f"{HERE}:mails",
        input={"mail": {"from": "ann", "text": "lunch?"}},
        nodes=("triage", "respond", "respond/write", "respond/check"),
        inside=("respond/write", "respond/check"),
        answers=lambda question: [{"type": "edit", "args": {"text": "Gladly, at one"}}],
        edit=Edit(
            "triage",
            "/mail/text",
            "lunch, or dinner?",
            lambda values: {"mail": {**values["mail"], "text": "lunch, or dinner?"}},
            "dinner",
        ),
        rewind="triage",
    ),
    Example(
        name="map-reduce",
        package="",
        target=f"{HERE}:jokes",
        input={"topic": "animals"},
        nodes=("subjects", "joke", "best"),
        inside=("joke",),
        answers=lambda question: "a mouse" if "of" in question else "another one",
        edit=Edit(
            "best",
            "/jokes/0",
            "A cat walks in, and out again, and in.",
            lambda values: {
                "jokes": Overwrite(["A cat walks in, and out again, and in.", *values["jokes"][1:]])
            },
            "out again",
            as_node="joke",
        ),
        rewind="best",
    ),
    Example(
        name="deep-research",
        package="",
        target=f"{HERE}:research",
        input={"question": "whales and ants and owls"},
        nodes=("supervise", "supervise/delegate", "report"),
        inside=("supervise/delegate/search", "supervise/delegate/compress"),
        edit=value_edit("question", "bees and owls", "supervise", "bees in a book"),
        rewind="report",
    ),
    Example(
        name="functional",
        package="",
        target=f"{HERE}:essay",
        input="whales",
        nodes=("essay",),
        inside=("essay/outline", "essay/paragraph"),
        answers=lambda question: f"I liked the {len(question['outline'])} parts.",
    ),
    Example(
        name="made-for-each-run",
        package="",
        target=f"{HERE}:made",
        input={"text": "four"},
        nodes=("count", "greet"),
        edit=value_edit("count", 40, "greet", "user: 40"),
        rewind="greet",
    ),
]
