"""`stepwire`, suspended as by Ctrl-Z before it calls a function for the first time: `SUSPEND_BEFORE` is `module:function`."""

import importlib
import os
import signal
import sys
from typing import Any

from rpc.cli.main import main

_name, _, _function = os.environ["SUSPEND_BEFORE"].partition(":")
_module = importlib.import_module(_name)
_called = getattr(_module, _function)


def _suspended(*args: Any, **kwargs: Any) -> Any:
    setattr(_module, _function, _called)
    os.kill(os.getpid(), signal.SIGSTOP)
    return _called(*args, **kwargs)


setattr(_module, _function, _suspended)

if __name__ == "__main__":
    sys.exit(main())
