"""Stepwire: LangGraph orchestrations over one WebSocket that speaks JSON-RPC 2.0."""
