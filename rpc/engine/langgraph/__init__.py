"""What is borrowed from LangGraph's inside."""
