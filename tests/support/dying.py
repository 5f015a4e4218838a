"""`stepwire`, killed from inside at an exact moment: `python -m tests.support.dying PLACE N serve …`.

`PLACE` is `module:Class.method`; the process ends with SIGKILL right before its `N`th call, or with a `+`
behind the number, right after it.
"""

import inspect
import os
import signal
import sys
from importlib import import_module
from typing import Any


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def arm(place: str, number: str) -> None:
    """Have the process die there."""
    module, _, path = place.partition(":")
    owner_name, _, name = path.partition(".")
    owner = getattr(import_module(module), owner_name)
    real = getattr(owner, name)
    after = number.endswith("+")
    left = int(number.rstrip("+"))

    def before() -> bool:
        nonlocal left
        left -= 1
        if left == 0 and not after:
            die()
        return left == 0

    if inspect.iscoroutinefunction(real):

        async def asynchronous(*args: Any, **kwargs: Any) -> Any:
            now = before()
            result = await real(*args, **kwargs)
            if now:
                die()
            return result

        setattr(owner, name, asynchronous)
        return

    def plain(*args: Any, **kwargs: Any) -> Any:
        now = before()
        result = real(*args, **kwargs)
        if now:
            die()
        return result

    setattr(owner, name, plain)


if __name__ == "__main__":
    place, number = sys.argv[1:3]
    del sys.argv[1:3]
    arm(place, number)
    from rpc.cli.main import main

    main()
