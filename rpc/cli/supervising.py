"""`stepwire serve` in two processes: a small one that holds the port, and the server, started again when it dies.

The small one loads no graph and runs no loop. What kills a process (a segmentation fault, `os._exit`, want of memory)
ends the server alone; connections that are made until the next one answers wait in the listening socket's queue.
"""

import logging
import os
import selectors
import signal
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from rpc.cli import exits
from rpc.cli.exits import CommandError
from rpc.cli.restarts import MOST_UNANSWERED, End, Restarts
from rpc.cli.supervised import ANSWERS, ENDS, Link

log = logging.getLogger("stepwire.cli")

STOPS = tuple(
    number
    for name in ("SIGINT", "SIGTERM", "SIGHUP")
    if (number := getattr(signal, name, None)) is not None
)
"""Signals that end a server, unless the process was started to ignore them."""

BEAT_SECONDS = 1.0
"""How often a server says that it is alive, at least."""

OWN_SECONDS = 0.3
"""How long a server that does not listen to its supervisor yet may take to end by a signal that both may have got."""

ABORT_SECONDS = 5.0
"""How long a server may take to write down where it is stuck."""


def can_supervise() -> bool:
    """Whether this system can start a process that has what this one has."""
    return hasattr(os, "fork")


def supervise(
    serve: Callable[[Link], int],
    *,
    stuck_seconds: float,
    grace_seconds: float,
    prepare_log: Callable[[], None],
) -> int:
    """Run `serve` in a process of its own, again and again until it ends orderly; its exit code, there and here.

    `stuck_seconds`: how long nothing of Python may run in it; 0 for ever. `grace_seconds`: the same, while it is
    to end. `prepare_log`: called before the first line is logged here.
    """
    return _Supervisor(serve, stuck_seconds, grace_seconds, prepare_log).run()


class _Child:
    """A server's process, as its supervisor knows it."""

    def __init__(self, pid: int, words: int, orders: int) -> None:
        self.pid = pid
        self.words = words
        self.orders = orders
        self.began = self.heard = time.monotonic()
        self.answered = False
        self.orderly = False
        # By a signal such as SIGSTOP, not for good.
        self.stopped = False
        # Since when it is being ended for doing nothing.
        self.aborted: float | None = None

    def end(self, code: int, now: float) -> End:
        return End(code, self.answered, self.orderly, self.aborted is not None, now - self.began)

    def close(self) -> None:
        os.close(self.words)
        os.close(self.orders)


class _Supervisor:
    def __init__(
        self,
        serve: Callable[[Link], int],
        stuck_seconds: float,
        grace_seconds: float,
        prepare_log: Callable[[], None],
    ) -> None:
        self.serve = serve
        self.stuck_seconds = stuck_seconds
        self.grace_seconds = grace_seconds
        self.prepare_log = prepare_log
        self.beat_seconds = min(BEAT_SECONDS, stuck_seconds / 4 or BEAT_SECONDS)
        self.restarts = Restarts()
        # The signal that ends it all; None until one comes.
        self.stop: signal.Signals | None = None
        # When the server gets it, if it has not ended by itself or come to listen.
        self.stop_at = 0.0
        # Signals write their numbers here, as Python has it for those who wait for both.
        self.woken, self.wakes = socket.socketpair()
        self.woken.setblocking(False)
        self.wakes.setblocking(False)
        self.handlers: dict[int, Any] = {}

    def run(self) -> int:
        self._take_signals()
        died: str | None = None
        while True:
            child = self._fork(died)
            if isinstance(child, Link):
                return self._serve(child)
            end = self._watch(child)
            if self.stop is not None:
                return self._stopped(end)
            wait = self.restarts.after(end)
            if wait is None:
                return self._given_up(end)
            # What could not start has recovered nothing: the death before it is still to be told.
            died = died if end.orderly else _how(end)
            what = "could not start" if end.orderly else f"died ({died})"
            self._say(logging.ERROR, f"the server {what}; it is started again")
            if not self._sleep(wait):
                return self._stopped(None)

    # Processes

    def _fork(self, died: str | None) -> _Child | Link:
        words, said = os.pipe()
        heard, orders = os.pipe()
        supervisor = os.getpid()
        # A signal that comes right here must meet either this process's handlers or that one's.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, self.handlers)
        pid = os.fork()
        if pid == 0:
            signal.set_wakeup_fd(-1)
            for number, handler in self.handlers.items():
                signal.signal(number, handler)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        if pid == 0:
            os.close(words)
            os.close(orders)
            self.woken.close()
            self.wakes.close()
            return Link(said, heard, supervisor, died, self.beat_seconds)
        os.close(said)
        os.close(heard)
        os.set_blocking(words, False)
        return _Child(pid, words, orders)

    def _serve(self, link: Link) -> int:
        link.begin()
        try:
            code = self.serve(link)
        except BaseException as error:
            # A closed pipe: whoever read what it prints has gone.
            meant = CommandError | KeyboardInterrupt | BrokenPipeError
            if not link.answered or isinstance(error, meant):
                link.ends()
            raise
        link.ends()
        return code

    def _watch(self, child: _Child) -> End:
        """Until it has ended."""
        with selectors.DefaultSelector() as selector:
            selector.register(self.woken, selectors.EVENT_READ)
            selector.register(child.words, selectors.EVENT_READ)
            looked = time.monotonic()
            while True:
                ready = {key.fd for key, _ in selector.select(self.beat_seconds)}
                now = time.monotonic()
                if now - looked > 3 * self.beat_seconds:
                    # This process did not run either: the machine slept, or somebody stopped both.
                    child.heard = now
                looked = now
                if child.words in ready and not self._hear(child, now):
                    selector.unregister(child.words)
                for number in self._signals():
                    self._pass_on(child, signal.Signals(number), now)
                code = self._reaped(child, now)
                if code is not None:
                    # What it said last may not have been read yet.
                    while self._hear(child, now):
                        pass
                    child.close()
                    return child.end(code, now)
                self._look(child, now)

    def _hear(self, child: _Child, now: float) -> bool:
        """Take what it says; False where there is nothing, or nobody says any more."""
        try:
            said = os.read(child.words, 4096)
        except BlockingIOError:
            return False
        child.heard = now
        child.answered = child.answered or ANSWERS in said
        child.orderly = child.orderly or ENDS in said
        return bool(said)

    def _reaped(self, child: _Child, now: float) -> int | None:
        """Its exit code, or minus its signal; None while it lives. As a container's first process, others' too."""
        ended = None
        with suppress(ChildProcessError):
            while True:
                pid, status = os.waitpid(-1, os.WNOHANG | os.WUNTRACED | os.WCONTINUED)
                if pid == 0:
                    break
                if pid != child.pid:
                    continue
                if os.WIFSTOPPED(status) or os.WIFCONTINUED(status):
                    child.stopped = os.WIFSTOPPED(status)
                    child.heard = now
                else:
                    ended = os.waitstatus_to_exitcode(status)
        return ended

    def _look(self, child: _Child, now: float) -> None:
        """End it where it does nothing any more, or is told to end."""
        if self.stop is not None and not child.answered and now >= self.stop_at:
            # Once: what it does with that is its own affair.
            self.stop_at = float("inf")
            _kill(child.pid, self.stop)
        if child.aborted is not None:
            if now - child.aborted > ABORT_SECONDS:
                _kill(child.pid, signal.SIGKILL)
            return
        if self.stuck_seconds == 0 or child.stopped or not child.answered:
            return
        limit = self.stuck_seconds
        if self.stop is not None:
            limit = min(limit, max(self.grace_seconds, 3 * self.beat_seconds))
        if now - child.heard > limit and not _traced(child.pid):
            child.aborted = now
            self._say(
                logging.ERROR,
                f"nothing of Python has run in the server for {now - child.heard:.1f} s: code in C holds the interpreter; "
                "it is ended, and writes down where it is",
            )
            # The handler of this signal (`faulthandler`) needs no interpreter.
            _kill(child.pid, signal.SIGABRT)

    # Signals

    def _take_signals(self) -> None:
        def wake(_: int, __: FrameType | None) -> None:
            pass

        signal.set_wakeup_fd(self.wakes.fileno(), warn_on_full_buffer=False)
        for number in (*STOPS, signal.SIGCHLD):
            before = signal.getsignal(number)
            if number == signal.SIGHUP and before == signal.SIG_IGN:
                # `nohup`.
                continue
            self.handlers[number] = before
            signal.signal(number, wake)

    def _signals(self) -> bytes:
        with suppress(BlockingIOError):
            return bytes(one for one in self.woken.recv(256) if one in STOPS)
        return b""

    def _pass_on(self, child: _Child, number: signal.Signals, now: float) -> None:
        if self.stop is not None:
            # Asked twice: at once.
            self.stop = number
            _kill(child.pid, signal.SIGKILL)
            return
        self.stop = number
        # A terminal, or a service manager, sends the signal to both. A server that listens takes it for one.
        self.stop_at = now + OWN_SECONDS
        with suppress(OSError):
            os.write(child.orders, bytes([number]))

    def _sleep(self, seconds: float) -> bool:
        """Wait; False where a signal came that ends it all."""
        until = time.monotonic() + seconds
        with selectors.DefaultSelector() as selector:
            selector.register(self.woken, selectors.EVENT_READ)
            while True:
                selector.select(max(0.0, until - time.monotonic()))
                for number in self._signals():
                    self.stop = signal.Signals(number)
                    return False
                if time.monotonic() >= until:
                    return True

    # Ends

    def _stopped(self, end: End | None) -> int:
        """After a signal: the server's code, or what it would have been."""
        assert self.stop is not None
        if end is None or end.stuck:
            return exits.INTERRUPTED if self.stop == signal.SIGINT else exits.OK
        if end.code < 0:
            _die(self.stop if end.code == -signal.SIGKILL else signal.Signals(-end.code))
        return end.code

    def _given_up(self, end: End) -> int:
        if end.orderly and end.code >= 0:
            # It has said why.
            return end.code
        if end.answered:
            _die(signal.Signals(-end.code))
        self._say(
            logging.ERROR,
            f"the server died {MOST_UNANSWERED} times before it could answer ({_how(end)}): it is not started again",
        )
        return exits.USAGE

    def _say(self, level: int, text: str) -> None:
        self.prepare_log()
        log.log(level, text)


def _how(end: End) -> str:
    if end.stuck:
        return "it was stuck"
    if end.code < 0:
        with suppress(ValueError):
            return signal.Signals(-end.code).name
        return f"signal {-end.code}"
    return f"exit code {end.code}"


def _kill(pid: int, number: int) -> None:
    # It is not reaped yet, so that its number is nobody else's.
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def _traced(pid: int) -> bool:
    """Whether a debugger holds it, or it stands still, as far as this system tells."""
    with suppress(OSError, IndexError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in ("t", "T")
    return False


def _die(number: signal.Signals) -> NoReturn:
    """End as the server did."""
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)
    # Not reached, but for a signal that ends nothing.
    os._exit(128 + number)
