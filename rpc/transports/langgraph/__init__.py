"""LangGraph's own API: `protocol/langgraph.py` as HTTP and Server-Sent Events."""
