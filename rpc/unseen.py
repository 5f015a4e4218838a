"""Characters that are not seen and do something: they leave no command and no line of the log.

C0 and C1 controls drive a terminal; the line and paragraph separators end a line for some readers; the bidirectional
embeddings, overrides and isolates show a text in another order than it has (https://www.unicode.org/reports/tr36/#Bidirectional_Text_Spoofing).
"""

BEYOND_ASCII = "\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069"
"""Those that JSON does not escape; for a class of a regular expression."""

UNSEEN = "\x00-\x08\x0b-\x1f" + BEYOND_ASCII
"""All of them, but for tabs and the ends of lines."""
