"""Tokens: what they look like, and what is kept of them. Without I/O.

`stw_`, 256 random bits in 43 characters of base 62, and a checksum in six: leak scanners know one by its beginning, and
whether it is one without asking (https://github.blog/2021-04-05-behind-githubs-new-authentication-token-formats/).
"""

import hashlib
import re
import secrets
import string
import zlib

PREFIX = "stw_"
SECRET_BYTES = 32
BODY, CHECK = 43, 6

_DIGITS = string.digits + string.ascii_uppercase + string.ascii_lowercase
PATTERN = re.compile(rf"{PREFIX}[0-9A-Za-z]{{{BODY + CHECK}}}", re.ASCII)
"""What a text has to match before its checksum is looked at."""

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 7 * 86400}
_AGE = re.compile(r"([1-9][0-9]{0,8})([smhdw])", re.ASCII)


def new_token() -> str:
    """One that nobody has."""
    body = _base62(int.from_bytes(secrets.token_bytes(SECRET_BYTES)), BODY)
    return f"{PREFIX}{body}{_checksum(body)}"


def is_token(text: str) -> bool:
    """Whether it is written as one; most texts that are not are refused without being looked for."""
    return bool(PATTERN.fullmatch(text)) and _checksum(text[len(PREFIX) : -CHECK]) == text[-CHECK:]


def digest(token: str) -> bytes:
    """What is kept in its place. 256 random bits need no slow hash: nobody can try them all."""
    return hashlib.sha256(token.encode()).digest()


def seconds_of(text: str) -> int:
    """How long `30d`, `12h`, `90m`, `45s` or `2w` are. Raises `ValueError`."""
    found = _AGE.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{text!r} is no time such as 30d, 12h, 90m or 2w")
    return int(found[1]) * _UNITS[found[2]]


def _checksum(body: str) -> str:
    return _base62(zlib.crc32(body.encode()), CHECK)


def _base62(number: int, width: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 62)
        digits = _DIGITS[digit] + digits
    return digits.rjust(width, _DIGITS[0])
