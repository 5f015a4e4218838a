"""The biomedical reference orchestrator: a question in, a cited answer out.

``graph.py`` holds the LangGraph that a server loads, ``tools.py`` the MCP server that the graph
asks. Each other module is one concept, named as the file.
"""
