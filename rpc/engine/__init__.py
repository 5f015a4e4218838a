"""LangGraph: loading, advancing, translating, stopping, looking, editing, describing."""
