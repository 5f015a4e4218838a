"""The gate: which task stops, and why."""
