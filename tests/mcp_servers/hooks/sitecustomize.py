"""Loaded by a Python server under test (by its ``PYTHONPATH``): one that asks ``certifi`` trusts the test's authority, too."""

import os

try:
    import certifi
except ImportError:  # not every server has it
    pass
else:
    certifi.where = lambda: os.environ["SSL_CERT_FILE"]
