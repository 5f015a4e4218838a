"""Several agents in one graph: a supervisor, a swarm, a deep agent with its subagents, one that is looked over."""

from typing import Any

from deepagents import create_deep_agent
from langchain.agents import create_agent
from langchain_core.messages import HumanMessage
from langgraph.graph import START, MessagesState, StateGraph
from langgraph_reflection import create_reflection_graph
from langgraph_supervisor import create_supervisor
from langgraph_swarm import create_handoff_tool, create_swarm

from tests.public_graphs.example import Example
from tests.public_graphs.graphs.edits import message_edit
from tests.public_graphs.scripted import Call, Reply, ScriptedModel, after, told, turns

HERE = "tests/public_graphs/graphs/teams.py"


def add(a: int, b: int) -> int:
    """Adds."""
    return a + b


def headcount(company: str) -> str:
    """How many people work there."""
    return f"{company}: {len(company) * 1000}"


def named(name: str, call: Call, then: Reply) -> Any:
    """An agent that calls a tool, and says what came of it."""
    return create_agent(
        ScriptedModel(script=after(call[0], then, before=[call])),
        tools=[add, headcount],
        name=name,
    )


def _supervised(messages: list[Any]) -> Reply:
    """By whom it has heard from."""
    heard = {message.name for message in messages if message.type == "ai"}
    if "researcher" not in heard:
        return [("transfer_to_researcher", {})]
    if "mathematician" not in heard:
        return [("transfer_to_mathematician", {})]
    return "All have been heard, it is 9000."


supervisor = create_supervisor(
    [
        named("researcher", ("headcount", {"company": "Acme"}), "Acme has 4000."),
        named("mathematician", ("add", {"a": 4000, "b": 5000}), "It is 9000."),
    ],
    model=ScriptedModel(script=_supervised),
    prompt="You manage.",
)

swarm = create_swarm(
    [
        create_agent(
            ScriptedModel(
                script=turns([("transfer_to_bob", {})], "Alice is back."),
            ),
            tools=[add, create_handoff_tool(agent_name="bob")],
            name="alice",
        ),
        create_agent(
            ScriptedModel(
                script=told(
                    ("Successfully transferred", [("add", {"a": 5, "b": 7})]),
                    otherwise="Ahoy, it be 12.",
                )
            ),
            tools=[add, create_handoff_tool(agent_name="alice")],
            name="bob",
        ),
    ],
    default_active_agent="alice",
)

deep = create_deep_agent(
    model=ScriptedModel(
        script=turns(
            [
                (
                    "write_todos",
                    {"todos": [{"content": "ask the critic", "status": "in_progress"}]},
                )
            ],
            [("write_file", {"file_path": "/draft.txt", "content": "a draft"})],
            [
                ("task", {"description": "Count Acme", "subagent_type": "counter"}),
                ("task", {"description": "Read the draft", "subagent_type": "critic"}),
            ],
            [
                (
                    "edit_file",
                    {"file_path": "/draft.txt", "old_string": "draft", "new_string": "text"},
                )
            ],
            "The text is written.",
        )
    ),
    subagents=[
        {
            "name": "counter",
            "description": "Counts people.",
            "system_prompt": "You count.",
            "tools": [headcount],
            "model": ScriptedModel(
                script=turns([("headcount", {"company": "Acme"})], "There are 4000.")
            ),
        },
        {
            "name": "critic",
            "description": "Reads drafts.",
            "system_prompt": "You read.",
            "model": ScriptedModel(
                script=turns([("read_file", {"file_path": "/draft.txt"})], "It is a draft.")
            ),
        },
    ],
    interrupt_on={"edit_file": True},
)


def allow(question: Any) -> Any:
    return {"decisions": [{"type": "approve"} for _ in question["action_requests"]]}


def _judge(state: MessagesState) -> Any:
    """Sends the answer back, until there are two."""
    answers = [message for message in state["messages"] if message.type == "ai"]
    return {"messages": [HumanMessage("Say it better.")]} if len(answers) < 2 else {}


_answering: Any = create_agent(
    ScriptedModel(script=turns("It is so.", "It is so, since it was so.")), tools=[]
)
_judging = StateGraph(MessagesState).add_node("judge", _judge).add_edge(START, "judge").compile()
reflection = create_reflection_graph(_answering, _judging, state_schema=MessagesState)

EXAMPLES = [
    Example(
        name="supervisor",
        package="langgraph-supervisor",
        target=f"{HERE}:supervisor",
        input={"messages": [{"role": "user", "content": "How many at Acme, with 5000?"}]},
        nodes=(
            "supervisor",
            "supervisor/agent",
            "supervisor/tools",
            "researcher/model",
            "mathematician/tools",
        ),
        inside=("supervisor/agent", "supervisor/tools", "researcher/tools", "mathematician/model"),
        edit=message_edit(0, "How many, all in all?", "supervisor", "all in all"),
        rewind="mathematician",
    ),
    Example(
        name="swarm",
        package="langgraph-swarm",
        target=f"{HERE}:swarm",
        input={"messages": [{"role": "user", "content": "5 and 7, said by Bob"}]},
        nodes=("alice", "bob", "alice/model", "bob/tools"),
        inside=("alice/model", "alice/tools", "bob/model", "bob/tools"),
        edit=message_edit(0, "5 and 7, please", "alice", "please"),
        rewind="bob",
    ),
    Example(
        name="deep-agent",
        package="deepagents",
        target=f"{HERE}:deep",
        input={"messages": [{"role": "user", "content": "Write a text"}]},
        nodes=("model", "tools"),
        inside=("tools/model", "tools/tools"),
        answers=allow,
        edit=message_edit(0, "Write a long text", "tools", "a long text"),
        rewind="tools",
    ),
    Example(
        name="reflection",
        package="langgraph-reflection",
        target=f"{HERE}:reflection",
        input={"messages": [{"role": "user", "content": "Why?"}]},
        nodes=("graph/model", "reflection/judge"),
        inside=("graph/model", "reflection/judge"),
        edit=message_edit(0, "Why so?", "reflection", "Why so?"),
        rewind="reflection",
    ),
]
