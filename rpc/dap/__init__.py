"""A debug adapter: the Debug Adapter Protocol for editors, in front of a Stepwire server.

It knows the client (`rpc.client`) and the protocol, and nothing of the server. The specification:
https://microsoft.github.io/debug-adapter-protocol/specification
"""
