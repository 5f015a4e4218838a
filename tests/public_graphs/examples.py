"""All graphs that are tried."""

from tests.public_graphs.graphs import biomedical, langchain_agents, memories, own, teams, workflows

EXAMPLES = [
    *langchain_agents.EXAMPLES,
    *teams.EXAMPLES,
    *workflows.EXAMPLES,
    *memories.EXAMPLES,
    *biomedical.EXAMPLES,
    *own.EXAMPLES,
]
