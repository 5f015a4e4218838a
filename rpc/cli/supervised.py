"""The server's side of its supervision: what it tells the process that started it, and hears from that."""

import asyncio
import ctypes
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress

BEAT, ANSWERS, ENDS = b".", b"A", b"E"
"""What the server says, a byte each: it is alive; it answers calls; it ends, and means to."""

_PR_SET_PDEATHSIG = 1


class Link:
    """A server's two pipes to its supervisor. `died`: what the server before this one died of; None where none did.

    `words`: where it speaks. `orders`: where it hears; a byte is the number of a signal.
    """

    def __init__(
        self, words: int, orders: int, supervisor: int, died: str | None, beat_seconds: float
    ) -> None:
        self.words = words
        self.orders = orders
        self.supervisor = supervisor
        self.died = died
        self.beat_seconds = beat_seconds
        self.answered = False

    def begin(self) -> None:
        """Live as long as the supervisor does, and tell it so."""
        if sys.platform == "linux":
            with suppress(OSError, AttributeError):
                ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != self.supervisor:
            # It was killed before that could be heard.
            os._exit(1)
        os.set_blocking(self.words, False)
        threading.Thread(target=self._beat, name="stepwire-heartbeat", daemon=True).start()

    def _beat(self) -> None:
        """It needs what code in C that does not return may hold: the interpreter. An event loop that is busy, it does not."""
        while True:
            self._say(BEAT)
            time.sleep(self.beat_seconds)

    def answers(self) -> None:
        """The server answers calls."""
        self.answered = True
        self._say(ANSWERS)

    def ends(self) -> None:
        """What follows is an end that is meant."""
        self._say(ENDS)

    def listen(self, told: Callable[[signal.Signals], None]) -> None:
        """Call `told`, on this loop, with each signal that the supervisor passes on."""
        loop = asyncio.get_running_loop()

        def read() -> None:
            numbers = os.read(self.orders, 64)
            if not numbers:
                loop.remove_reader(self.orders)
            for number in numbers:
                told(signal.Signals(number))

        loop.add_reader(self.orders, read)

    def _say(self, word: bytes) -> None:
        try:
            os.write(self.words, word)
        except BlockingIOError:
            # It was stopped, and reads nothing meanwhile.
            pass
        except OSError:
            # There is no supervisor any more: nobody would end this process, or start it again.
            os._exit(1)
