"""Where things are: endpoints, keys, folders. Read from ``BIOMED_*`` environment variables.

What a *question* may choose (sources, filters, time budget) is :mod:`.options` instead.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import msgspec

PREFIX = "BIOMED_"
PACKAGE_DIR = Path(__file__).parent

Positive = Annotated[int, msgspec.Meta(ge=1)]
Url = Annotated[str, msgspec.Meta(pattern=r"^https?://[^\s]+$")]


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Everything an operator can set. Field ``x`` is read from ``BIOMED_X``."""

    pubmed_url: Url = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils"
    """Base URL of the NCBI E-utilities."""
    trials_url: Url = "https://clinicaltrials.gov/api/v2"
    """Base URL of the ClinicalTrials.gov API v2."""
    ncbi_api_key: str = ""
    """NCBI API key: raises the rate limit from 3 to 10 requests a second. Never logged."""
    ncbi_tool: str = "stepwire-biomed"
    """The ``tool`` parameter NCBI asks every client to send."""
    ncbi_email: str = ""
    """The ``email`` parameter NCBI asks for, the developer's contact. Not sent when empty."""
    ncbi_requests_per_second: Annotated[int, msgspec.Meta(ge=0)] = 0
    """A limit agreed with NCBI. 0: the general one, 3 without and 10 with an API key."""
    time_budget_ms: Positive = 5000
    """The longest any one source may take where the question sets no ``time_budget_ms`` of its own, in milliseconds."""
    http_timeout_ms: Positive = 4000
    """The longest wait for one HTTP request, in milliseconds."""
    http_attempts: Positive = 3
    """How often one request is tried in all (on 429, 5xx and broken connections)."""
    http_backoff_ms: Annotated[int, msgspec.Meta(ge=0)] = 200
    """The first pause between tries, in milliseconds; it doubles each time."""
    cache_dir: str = ""
    """Folder of the answer cache and the document index. Empty: the user's cache folder."""
    cache_ttl_s: Annotated[int, msgspec.Meta(ge=0)] = 86_400
    """How long a cached answer stays valid, in seconds. 0 switches the cache off."""
    cache_max_entries: Positive = 2000
    """How many answers the cache keeps; the oldest go first."""
    documents: str = ""
    """A ``.jsonl`` file or a folder of ``.txt``/``.md``/``.jsonl``. Empty: the bundled notes."""
    mcp_config: str = ""
    """A standard ``mcpServers`` JSON file. Empty: the tools of this package, in process."""
    model: str = ""
    """An ``init_chat_model`` name such as ``openai:gpt-5``. Empty: deterministic rules."""
    model_timeout_ms: Positive = 60_000
    """The longest that all of the model's parts of a question may take, in milliseconds, where the question sets no ``time_budget_ms``;
    never is one of its answers waited for longer."""

    def __repr__(self) -> str:
        """All fields, with the API key hidden: settings end up in logs and tracebacks."""
        shown = (
            f"{name}={'***' if name == 'ncbi_api_key' and value else repr(value)}"
            for name, value in msgspec.structs.asdict(self).items()
        )
        return f"Settings({', '.join(shown)})"

    @property
    def cache_path(self) -> Path:
        """The cache folder, resolved but not created."""
        if self.cache_dir:
            return Path(self.cache_dir).expanduser()
        home = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
        return Path(home).expanduser() / "stepwire-biomed"

    @property
    def documents_path(self) -> Path:
        """The document collection: the configured one, or the notes shipped with the package."""
        if self.documents:
            return Path(self.documents).expanduser()
        return PACKAGE_DIR / "data" / "notes"

    @property
    def requests_per_second(self) -> int:
        """The PubMed limit that holds.

        Source: E-utilities, "Usage Guidelines and Requirements" (NBK25497).
        """
        if self.ncbi_requests_per_second:
            return self.ncbi_requests_per_second
        return 10 if self.ncbi_api_key else 3


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from the environment.

    Raises:
        ValueError: A variable has a value its field does not accept; the text names the variable.
    """
    environ = os.environ if environ is None else environ
    raw: dict[str, str] = {}
    for field in msgspec.structs.fields(Settings):
        value = environ.get(PREFIX + field.name.upper())
        if value:
            raw[field.name] = value
    try:
        return msgspec.convert(raw, Settings, strict=False)
    except msgspec.ValidationError as error:
        text = str(error)
        for name in raw:
            text = text.replace(f"$.{name}", PREFIX + name.upper())
        raise ValueError(text) from None
