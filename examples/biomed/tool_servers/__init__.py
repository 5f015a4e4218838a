"""Other people's MCP servers: which of their tools do what, started and asked, and left alone where they do not answer."""
