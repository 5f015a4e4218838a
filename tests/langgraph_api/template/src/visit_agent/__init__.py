"""An agent that finds a trial and books a visit, if a person approves."""

from visit_agent.graph import graph

__all__ = ["graph"]
