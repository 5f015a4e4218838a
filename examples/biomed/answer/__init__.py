"""The answer without a model: which sources speak, which of their sentences answer, how strong that is and what it lacks. Without I/O."""
