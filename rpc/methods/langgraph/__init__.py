"""The methods that LangGraph's own API is: from its requests to calls of the sessions, and to its answers."""
