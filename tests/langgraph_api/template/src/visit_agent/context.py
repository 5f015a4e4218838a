"""What can be set of the agent from run to run."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, fields


@dataclass(kw_only=True)
class Context:
    """The context of a run."""

    system_prompt: str = field(default="You book visits.")
    model: str = field(default="scripted/visits", metadata={"description": "provider/name"})

    def __post_init__(self) -> None:
        """What is not given is taken from the environment."""
        for one in fields(self):
            if getattr(self, one.name) == one.default:
                setattr(self, one.name, os.environ.get(one.name.upper(), one.default))
