"""`stepwire dap`: the debug adapter, for editors."""

import asyncio
import logging
import signal
from collections.abc import Callable

import click

from rpc.cli import exits
from rpc.cli.console import CleanLines, say
from rpc.cli.exits import CommandError
from rpc.cli.running import token_option


@click.command()
@token_option
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    metavar="PORT",
    help="Wait for editors on this port of 127.0.0.1, instead of serving one on standard input and output; 0 lets the "
    "system choose.",
)
def dap(port: int | None) -> int:
    """The debug adapter: step through graphs from an editor, by the Debug Adapter Protocol.

    An editor starts it. It launches a server of its own for the graph that is to be debugged, or attaches to one.
    """
    lines = logging.StreamHandler()
    lines.setFormatter(CleanLines(logging.BASIC_FORMAT))
    logging.basicConfig(level=logging.WARNING, handlers=[lines])
    try:
        return asyncio.run(_stdio() if port is None else _port(port))
    except KeyboardInterrupt:
        return exits.INTERRUPTED


async def _stdio() -> int:
    from rpc.dap.adapter import Adapter
    from rpc.dap.connection import Connection
    from rpc.dap.framing import FramingError
    from rpc.dap.streams import StandardOutput, standard_input

    output = StandardOutput()
    connection = Connection(output.write)
    adapter = Adapter(connection)
    _on_signal(connection.ended.set)
    try:
        await connection.serve(standard_input(asyncio.get_running_loop()), adapter.handlers)
    except FramingError as error:
        raise CommandError(
            f"standard input is not the Debug Adapter Protocol: {error}", exits.USAGE
        ) from error
    finally:
        await adapter.close()
        output.close()
    return exits.OK


async def _port(port: int) -> int:
    from rpc.dap.adapter import Adapter
    from rpc.dap.connection import Connection
    from rpc.dap.framing import FramingError

    # Editors that are served, each by its task.
    serving: dict[asyncio.Task[None] | None, Connection] = {}

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = Connection(writer.write)
        task = asyncio.current_task()
        serving[task] = connection
        adapter = Adapter(connection)
        try:
            await connection.serve(reader, adapter.handlers)
        except FramingError as error:
            say(f"a client does not speak the Debug Adapter Protocol: {error}", err=True)
        finally:
            await adapter.close()
            writer.close()
            del serving[task]

    try:
        listener = await asyncio.start_server(serve, "127.0.0.1", port)
    except OSError as error:
        raise CommandError(
            f"cannot listen on port {port}: {error.strerror}", exits.USAGE
        ) from error
    stopped = asyncio.Event()
    _on_signal(stopped.set)
    async with listener:
        chosen = listener.sockets[0].getsockname()[1]
        say(f"Stepwire's debug adapter listens on 127.0.0.1:{chosen}")
        try:
            await stopped.wait()
        finally:
            listener.close()
            # Each editor's own server ends, and what is temporary goes.
            while serving:
                for connection in serving.values():
                    connection.ended.set()
                await asyncio.wait([task for task in serving if task is not None])
    return exits.OK


def _on_signal(ends: Callable[[], None]) -> None:
    """Have SIGTERM, by which editors end their adapter, and SIGHUP end it in order; a second one ends it at once."""
    loop = asyncio.get_running_loop()
    numbers = [signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
        # Else it is under `nohup`.
        numbers.append(signal.SIGHUP)

    def told() -> None:
        for number in numbers:
            loop.remove_signal_handler(number)
        ends()

    for number in numbers:
        loop.add_signal_handler(number, told)
