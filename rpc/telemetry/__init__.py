"""What an operator sees: log lines, metrics, traces. Any room may tell it something; it knows none of them."""
