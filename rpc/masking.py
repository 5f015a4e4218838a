"""What must not be shown: values under names of secrets, and their texts wherever they turn up again."""

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeVar

import msgspec

MASK = "**********"
"""What stands in the place of a secret, as pydantic has it."""

SCRUBBED_CHARACTERS = 8
"""How long a secret's text is at least that is looked for in others: a shorter one is a word of many."""

_ANYWHERE = frozenset(
    {
        "apikey",
        "authorization",
        "bearer",
        "cookie",
        "credential",
        "credentials",
        "passphrase",
        "passwd",
        "password",
        "pwd",
        "secret",
        "secrets",
    }
)
_AT_THE_END = frozenset({"auth", "jwt", "token", "pat", "pin"})
"""These count nothing in `max_token_count` or `auth_mode`."""
_PAIRS = frozenset(
    {
        (one, "key")
        for one in (
            "access",
            "account",
            "api",
            "client",
            "encryption",
            "master",
            "private",
            "service",
            "signing",
            "subscription",
        )
    }
    | {("connection", "string")}
)

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")

T = TypeVar("T", bound=Mapping[str, Any])
Secrets = tuple[str, ...]


@lru_cache(4096)
def names_secret(name: str) -> bool:
    """Whether a value under this name is one: `openai_api_key`, `X-Auth-Token`, `clientSecret`; not `max_tokens`."""
    words = [word.lower() for word in _WORDS.findall(name[:200])]
    while words and words[-1].isdigit():
        words.pop()
    if not words:
        return False
    return (
        not _ANYWHERE.isdisjoint(words)
        or words[-1] in _AT_THE_END
        or not _PAIRS.isdisjoint(itertools.pairwise(words))
        or "".join(words) in _ANYWHERE
    )


def masked(value: Any) -> Any:
    """A JSON value without the secrets in it; itself where there are none."""
    if isinstance(value, Mapping):
        return {name: MASK if _hides(name, item) else masked(item) for name, item in value.items()}
    if isinstance(value, list):
        return [masked(item) for item in value]
    return value


def without_secrets(metadata: T) -> T:
    """A checkpoint's metadata without the secrets that LangGraph copied from the run's config: nobody needs them there."""
    kept: Any = {name: value for name, value in metadata.items() if not _hides(name, value)}
    return kept if len(kept) < len(metadata) else metadata


def secrets_in(value: Any) -> Secrets:
    """The texts of the secrets in a JSON value that are long enough to be looked for, the longest first."""
    found: set[str] = set()
    _find(value, found, False)
    return longest_first(found)


def longest_first(texts: Iterable[str]) -> Secrets:
    """Each once, so that none is cut by one that is in it."""
    return tuple(sorted(set(texts), key=lambda text: (-len(text), text)))


def _hides(name: Any, value: Any) -> bool:
    return value is not None and not isinstance(value, bool) and names_secret(str(name))


def _find(value: Any, found: set[str], secret: bool) -> None:
    if isinstance(value, Mapping):
        for name, item in value.items():
            _find(item, found, secret or _hides(name, item))
    elif isinstance(value, list):
        for item in value:
            _find(item, found, secret)
    elif secret and isinstance(value, str) and len(value) >= SCRUBBED_CHARACTERS:
        found.add(value)
        # What is sent as `Authorization: Bearer …` is quoted without its first word.
        kind, _, rest = value.partition(" ")
        if kind.lower() in ("bearer", "basic", "token") and len(rest) >= SCRUBBED_CHARACTERS:
            found.add(rest)


def scrubbed(text: str, secrets: Sequence[str]) -> str:
    """The text without these."""
    for one in secrets:
        if one in text:
            text = text.replace(one, MASK)
    return text


@lru_cache(256)
def _in_json(secrets: Secrets) -> tuple[bytes, ...]:
    return tuple(msgspec.json.encode(one)[1:-1] for one in secrets)


def scrubbed_json(text: bytes, secrets: Secrets) -> bytes:
    """Encoded JSON without these."""
    for one in _in_json(secrets):
        if one in text:
            text = text.replace(one, MASK.encode())
    return text


def scrubbed_value(value: Any, secrets: Secrets) -> Any:
    """A JSON value without these, also under other names and within texts; itself where there are none."""
    if not secrets:
        return value
    text = msgspec.json.encode(value)
    clean = scrubbed_json(text, secrets)
    return value if clean == text else msgspec.json.decode(clean)
