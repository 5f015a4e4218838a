"""Workflows that packages bring whole: plans that are carried out, reviews, diagnoses, routed nodes, graphs out of YAML."""

from pathlib import Path
from typing import Any, ClassVar

import graphgpt
from agent_contracts import (
    BaseAgentState,
    ModularNode,
    NodeContract,
    NodeInputs,
    NodeOutputs,
    NodeRegistry,
    TriggerCondition,
    build_graph_from_registry,
)
from agent_patterns.patterns.plan_and_solve_agent import PlanAndSolveAgent
from agent_patterns.patterns.re_act_agent import ReActAgent
from flake_sleuth.config import FlakeSleuthConfig
from flake_sleuth.graph import compile_graph
from graphgpt import BindingRegistry, compile_workflow
from langgraph.types import Overwrite, Send, interrupt
from reviewer.graph import build_graph
from reviewer.nodes import set_llm_factories
from reviewer.schemas import ReviewResult, VerificationResult

from tests.public_graphs.example import Edit, Example
from tests.public_graphs.graphs.edits import value_edit
from tests.public_graphs.scripted import ScriptedModel, told

HERE = "tests/public_graphs/graphs/workflows.py"
CONFIG = {"provider": "openai", "model_name": "none"}

# A plan that is carried out step by step. Its nodes change the state that they are given, and return it.
_planner = PlanAndSolveAgent(dict.fromkeys(("planning", "execution", "documentation"), CONFIG))
_planner._llm_cache = {
    "planning": ScriptedModel(
        script=lambda _: "1. Count the people\n2. Count the desks\n3. Compare"
    ),
    "execution": ScriptedModel(
        script=told(
            ("Current Step: Compare", "More desks than people."),
            otherwise="Counted.",
        )
    ),
    "documentation": ScriptedModel(script=lambda _: "Enough desks for all."),
}
planner = _planner.graph

_thinker = ReActAgent(
    {"thinking": CONFIG}, tools={"length": lambda text: f"{len(text)} letters"}, max_iterations=3
)
_thinker._llm_cache = {
    "thinking": ScriptedModel(
        script=told(
            ("letters", "Thought: I know it.\nAction: Final Answer\nAction Input: It has 4."),
            otherwise="Thought: I must count.\nAction: length\nAction Input: Acme",
        )
    )
}
thinker = _thinker.graph

# A review of a change, the first findings of which do not stand.
FINDING = {
    "file": "b/app.py",
    "line": 1,
    "severity": "high",
    "category": "correctness",
    "explanation": "It divides by zero.",
    "suggested_fix": "Do not.",
}
VERDICT = {"finding_index": 0, "reason": "seen"}
WEAK = {"verdicts": [{**VERDICT, "accepted": False}], "needs_retry": True, "feedback": "Look again"}
set_llm_factories(
    lambda: ScriptedModel(
        script=told(
            ("Look again", [("ReviewResult", {"findings": [FINDING]})]),
            otherwise=[("ReviewResult", {"findings": [{**FINDING, "severity": "low"}]})],
        )
    ).with_structured_output(ReviewResult),
    lambda: ScriptedModel(
        script=told(
            ('"high"', [("VerificationResult", {"verdicts": [{**VERDICT, "accepted": True}]})]),
            otherwise=[("VerificationResult", WEAK)],
        )
    ).with_structured_output(VerificationResult),
)
review = build_graph()

# A diagnosis of test runs: its state is a Pydantic model of dataclasses, enums and times.
diagnosis = compile_graph(FlakeSleuthConfig(no_llm=True, min_sample=2), skip_download=True)


def _outcome(run: int, failed: bool) -> dict[str, Any]:
    return {
        "test_name": "tests/test_a.py::test_a",
        "status": 2 if failed else 1,
        "error_message": "TimeoutError: slow" if failed else "",
        "stack_trace": "",
        "timing_seconds": 0.5,
        "run_id": run,
        "workflow_name": "ci",
        "job_name": "test",
        "timestamp": f"2026-01-0{run}T00:00:00",
    }


RUNS = [
    {
        "run_id": run,
        "workflow_name": "ci",
        "status": "completed",
        "conclusion": "failure" if run % 2 else "success",
        "timestamp": f"2026-01-0{run}T00:00:00",
        "html_url": "",
        "jobs": [],
    }
    for run in range(1, 5)
]


# Nodes with contracts, routed by rules.
class Publish(ModularNode):
    """Publishes what was drafted, if a person says so."""

    CONTRACT: ClassVar[NodeContract] = NodeContract(
        name="publish",
        description="Publishes",
        reads=["response"],
        writes=["response"],
        supervisor="main",
        trigger_conditions=[
            TriggerCondition(priority=100, when={"response.response_type": "draft"})
        ],
        is_terminal=True,
    )

    async def execute(self, inputs: NodeInputs, config: Any = None) -> NodeOutputs:
        response = inputs.get_slice("response")
        verdict = interrupt({"publish": response["response_message"]})
        message = f"{verdict}: {response['response_message']}"
        return NodeOutputs(response={"response_type": "done", "response_message": message})


class Fetch(ModularNode):
    """Calls for the draft."""

    CONTRACT: ClassVar[NodeContract] = NodeContract(
        name="fetch",
        description="Reads the request",
        reads=["request"],
        writes=["response"],
        supervisor="main",
        trigger_conditions=[TriggerCondition(priority=50, when={"request.action": "write"})],
    )

    async def execute(self, inputs: NodeInputs, config: Any = None) -> NodeOutputs:
        message = inputs.get_slice("request")["message"]
        return NodeOutputs(
            response={"response_type": "draft", "response_message": f"A draft: {message}"}
        )


def contracts() -> Any:
    """A graph of its own registry."""
    registry = NodeRegistry()
    for node in (Fetch, Publish):
        registry.register(node)
    graph = build_graph_from_registry(
        registry=registry, supervisors=["main"], state_class=BaseAgentState
    )
    graph.set_entry_point("main_supervisor")
    return graph.compile()


# Graphs out of YAML: the package's own template, and one of ours with a fan-out and a stop.
loop = compile_workflow(Path(graphgpt.__file__).parent / "templates" / "loop" / "workflow.yaml")


def _split(state: Any) -> Any:
    return [Send("count", {"text": word}) for word in state["text"].split()]


def _sum(state: Any) -> Any:
    return {"report": f"{sum(state['lengths'])} letters in {len(state['lengths'])} words"}


fan_out = compile_workflow(
    Path(__file__).with_name("fan_out.yaml"),
    registry=BindingRegistry(
        {
            "read": lambda state: {"text": state["text"].strip()},
            "count": lambda state: {"lengths": [len(state["text"])]},
            "sum": _sum,
            "split": _split,
        }
    ),
)

DIFF = """diff --git a/app.py b/app.py
--- a/app.py
+++ b/app.py
@@ -1 +1 @@
-print(1)
+print(1 / 0)
"""

EXAMPLES = [
    Example(
        name="plan-and-solve",
        package="agent-patterns",
        target=f"{HERE}:planner",
        input={
            "input_task": "Desks for all?",
            "plan": [],
            "current_step_index": 0,
            "step_results": [],
            "plan_done": False,
            "final_result": None,
        },
        nodes=("plan_step", "execute_step", "check_completion", "aggregate_results"),
        inside=("execute_step", "aggregate_results"),
        rewind="check_completion",
    ),
    Example(
        name="thinker",
        package="agent-patterns",
        target=f"{HERE}:thinker",
        input={
            "input": "How long is Acme?",
            "thought": "",
            "action": {},
            "observation": None,
            "intermediate_steps": [],
            "final_answer": None,
            "iteration_count": 0,
            "max_iterations": 3,
        },
        nodes=("thought_step", "action_step", "observation_step", "final_answer"),
        inside=("observation_step",),
        rewind="action_step",
    ),
    Example(
        name="review",
        package="agentic-pr-reviewer",
        target=f"{HERE}:review",
        input={"diff": DIFF, "max_retries": 1},
        nodes=("load_diff", "review_code", "verify_findings", "prepare_retry", "generate_report"),
        inside=("prepare_retry",),
        edit=Edit(
            "generate_report",
            "/verified_findings/0/explanation",
            "It is never called.",
            lambda values: {
                "verified_findings": [
                    {**values["verified_findings"][0], "explanation": "It is never called."}
                ]
            },
            "It is never called.",
        ),
        rewind="verify_findings",
        varying=("started_at", "elapsed_seconds", "review_markdown"),
    ),
    Example(
        name="diagnosis",
        package="ai-flake-sleuth",
        target=f"{HERE}:diagnosis",
        input={
            "repo": "acme/app",
            "runs": RUNS,
            "failed_runs": [],
            "test_results": [_outcome(run, run % 2 == 1) for run in range(1, 5)],
        },
        nodes=("parse_logs", "preliminary_correlate", "classify", "correlate", "report"),
        edit=value_edit("repo", "acme/other", "correlate", "acme/other"),
        rewind="classify",
        varying=("timestamp",),
    ),
    Example(
        name="contracts",
        package="agent-contracts",
        target=f"{HERE}:contracts",
        input={"request": {"action": "write", "message": "On desks"}},
        nodes=("main_supervisor", "fetch", "publish"),
        answers=lambda question: f"yes to {question['publish']}",
        edit=Edit(
            "publish",
            "/response/response_message",
            "On chairs",
            lambda values: {"response": {**values["response"], "response_message": "On chairs"}},
            "yes to On chairs: On chairs",
        ),
        rewind="publish",
    ),
    Example(
        name="yaml-loop",
        package="graphgpt-builder",
        target=f"{HERE}:loop",
        input={"count": 0},
        nodes=("increment",),
        edit=value_edit("count", -5, "increment", "count"),
        rewind="increment",
    ),
    Example(
        name="yaml-fan-out",
        package="graphgpt-builder",
        target=f"{HERE}:fan_out",
        input={"text": " one two three "},
        nodes=("read", "count", "sum"),
        edit=Edit(
            "sum",
            "/lengths/0",
            30,
            lambda values: {"lengths": Overwrite([30, *values["lengths"][1:]])},
            "38 letters in 3 words",
            as_node="count",
        ),
        rewind="count",
    ),
]
