"""`python -m rpc.cli` is `stepwire`; `python -m stepwire` works beside a user's own `rpc`, too."""

from rpc.cli.main import main

main()
