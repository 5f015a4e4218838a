"""`stepwire`, but a run that is suspected of deaths is left alone for as long as it runs, however long a test needs to see it."""

import sys

from rpc.cli.main import main
from rpc.sessions.running import deaths

deaths.PATIENCE_SECONDS = 3600.0

if __name__ == "__main__":
    sys.exit(main())
