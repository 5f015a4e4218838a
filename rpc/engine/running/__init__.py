"""Running a graph, and its stream as events."""
