"""Exceptions in lines of the log, whatever their classes do when they are written."""

import logging
import traceback
from typing import Any


class ExceptionsWritten(logging.Formatter):
    """Writes of one that cannot be written where it was raised. Logging's own formatter raises, which would end who logs."""

    def formatException(self, ei: Any) -> str:
        """As logging's own, where that does not raise."""
        try:
            return super().formatException(ei)
        except Exception:
            # Of the class of somebody's exception.
            frames = "".join(traceback.format_tb(ei[2])).rstrip()
            return (
                f"Traceback (most recent call last):\n{frames}\nan exception that cannot be written"
            )
