"""JSON-RPC 2.0: text in, text out; the WebSocket and `POST /rpc` around it."""
