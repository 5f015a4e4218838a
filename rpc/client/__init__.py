"""The Python client: calls, and events without loss or repeat across reconnects.

async with connect("ws://127.0.0.1:8000/rpc") as client:
    async for event in client.run("What is GLP-1?"):
        print(event.seq, event.type, event.data)
"""

from rpc.client.client import Client, connect
from rpc.client.debugger import Debugger
from rpc.client.errors import (
    CannotConnect,
    ClientError,
    ConnectionLost,
    RpcError,
    SessionDeleted,
)
from rpc.client.event import Event
from rpc.client.watch import Watch

__all__ = [
    "CannotConnect",
    "Client",
    "ClientError",
    "ConnectionLost",
    "Debugger",
    "Event",
    "RpcError",
    "SessionDeleted",
    "Watch",
    "connect",
]
