"""Agents of LangChain and of LangGraph's prebuilt package: tools, middleware, people who approve, structured answers."""

from typing import Any

from langchain.agents import create_agent
from langchain.agents.middleware import (
    HumanInTheLoopMiddleware,
    ModelCallLimitMiddleware,
    PIIMiddleware,
    SummarizationMiddleware,
    TodoListMiddleware,
)
from langchain.agents.structured_output import ToolStrategy
from langgraph.config import get_stream_writer
from langgraph.prebuilt import create_react_agent
from pydantic import BaseModel

from tests.public_graphs.example import Example
from tests.public_graphs.graphs.edits import message_edit
from tests.public_graphs.scripted import ScriptedModel, after, turns

HERE = "tests/public_graphs/graphs/langchain_agents.py"


def multiply(a: int, b: int) -> int:
    """Multiplies."""
    get_stream_writer()({"multiplying": [a, b]})
    return a * b


def send_mail(to: str, text: str) -> str:
    """Sends a mail."""
    return f"sent to {to}: {text}"


react = create_agent(
    ScriptedModel(
        script=turns(
            [("multiply", {"a": 6, "b": 7}), ("multiply", {"a": 3, "b": 4})],
            "They are 42 and 12 as you asked.",
        )
    ),
    tools=[multiply],
    system_prompt="You multiply.",
)

mailer = create_agent(
    ScriptedModel(
        script=turns(
            [("write_todos", {"todos": [{"content": "write", "status": "in_progress"}]})],
            [("send_mail", {"to": "ann@example.org", "text": "hello"})],
            [("send_mail", {"to": "bob@example.org", "text": "hello too"})],
            "Both are done.",
        )
    ),
    tools=[send_mail],
    middleware=[
        TodoListMiddleware(),
        HumanInTheLoopMiddleware(interrupt_on={"send_mail": True}),
        PIIMiddleware("email", strategy="redact", apply_to_input=True),
        ModelCallLimitMiddleware(run_limit=10),
    ],
)


def approve(question: Any) -> Any:
    """Edits the first mail, and rejects the other."""
    (request,) = question["action_requests"]
    if "ann" in request["args"]["to"]:
        args = {"to": "anna@example.org", "text": "good day"}
        edited = {"name": request["name"], "args": args}
        return {"decisions": [{"type": "edit", "edited_action": edited}]}
    return {"decisions": [{"type": "reject", "message": "not to Bob"}]}


class Weather(BaseModel):
    """What the weather is."""

    degrees: float
    sky: str


long_talk = create_agent(
    ScriptedModel(
        script=after(
            "multiply",
            [("Weather", {"degrees": 21.5, "sky": "clear"})],
            before=[("multiply", {"a": 2, "b": 2})],
        )
    ),
    tools=[multiply],
    middleware=[
        SummarizationMiddleware(
            ScriptedModel(script=turns("They talked about the weather.")),
            trigger=("messages", 6),
            keep=("messages", 2),
        )
    ],
    response_format=ToolStrategy(Weather),
)

prebuilt = create_react_agent(
    ScriptedModel(
        script=turns(
            [("multiply", {"a": 6, "b": 7}), ("send_mail", {"to": "ann", "text": "42"})],
            "Ann knows that it is 42.",
            [("Weather", {"degrees": 1.5, "sky": "grey"})],
        )
    ),
    tools=[multiply, send_mail],
    prompt="You multiply and write.",
    response_format=Weather,
    version="v2",
)

TALK = [
    {"role": "user" if number % 2 == 0 else "assistant", "content": f"no. {number}"}
    for number in range(7)
]

EXAMPLES = [
    Example(
        name="langchain-react",
        package="langchain",
        target=f"{HERE}:react",
        input={"messages": [{"role": "user", "content": "6 by 7, 3 by 4?"}]},
        nodes=("model", "tools"),
        inside=("model", "tools"),
        edit=message_edit(0, "7 by 7?", "tools", "7 by 7?"),
        rewind="model",
    ),
    Example(
        name="langchain-middleware",
        package="langchain",
        target=f"{HERE}:mailer",
        input={"messages": [{"role": "user", "content": "Write to carl@example.org's friends"}]},
        nodes=(
            "model",
            "tools",
            "HumanInTheLoopMiddleware.after_model",
            "ModelCallLimitMiddleware.before_model",
        ),
        answers=approve,
        edit=message_edit(
            0, "Write to all", "HumanInTheLoopMiddleware.after_model", "Write to all"
        ),
        rewind="model",
    ),
    Example(
        name="langchain-summary",
        package="langchain",
        target=f"{HERE}:long_talk",
        input={"messages": TALK},
        nodes=("SummarizationMiddleware.before_model", "model", "tools"),
        edit=message_edit(0, "It is said that they talked.", "tools", "It is said"),
        rewind="tools",
    ),
    Example(
        name="prebuilt-react",
        package="langgraph-prebuilt",
        target=f"{HERE}:prebuilt",
        input={"messages": [{"role": "user", "content": "6 by 7, and tell Ann"}]},
        nodes=("agent", "tools", "generate_structured_response"),
        edit=message_edit(0, "8 by 8", "generate_structured_response", "8 by 8"),
        rewind="agent",
    ),
]
