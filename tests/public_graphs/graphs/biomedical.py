"""A biomedical agent that thinks, runs code and judges itself."""

import tempfile
from typing import Any

from biomni.agent.a1 import A1

from tests.public_graphs.example import Edit, Example
from tests.public_graphs.scripted import ScriptedModel, told

HERE = "tests/public_graphs/graphs/biomedical.py"


def agent() -> Any:
    """Its graph, without its data lake and with a scripted model; each has a folder of its own."""
    made = A1(
        path=tempfile.mkdtemp(prefix="biomni-"),
        llm="claude-none",
        source="Anthropic",
        api_key="none",
        use_tool_retriever=False,
        expected_data_lake_files=[],
    )
    made.llm = ScriptedModel(
        script=told(
            ("<observation>", "<think>I know.</think><solution>It is 42.</solution>"),
            ("no tags", "<think>Count.</think><execute>print(6 * 7)</execute>"),
            otherwise="I have no idea.",
        )
    )
    return made.app


def _asked(values: Any) -> Any:
    first, *others = values["messages"]
    return {"messages": [{**first, "content": "How many in all?"}, *others]}


EXAMPLES = [
    Example(
        name="biomni",
        package="biomni",
        target=f"{HERE}:agent",
        input={"messages": [{"role": "user", "content": "How many genes?"}], "next_step": None},
        nodes=("generate", "execute"),
        edit=Edit("execute", "/messages/0/content", "How many in all?", _asked, "How many in all?"),
        rewind="execute",
    ),
]
