"""Checkpoints: LangGraph's saver interface in front of the one durable line."""
