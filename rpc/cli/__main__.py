"""`python -m rpc.cli` is `stepwire`."""

from rpc.cli.main import main

main()
