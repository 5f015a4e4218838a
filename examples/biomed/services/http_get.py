"""One HTTP GET as a source needs it: rate limited, retried, bounded by a deadline."""

from __future__ import annotations

import functools
import re
import ssl
import time
from collections.abc import Awaitable, Callable, Mapping
from email.utils import parsedate_to_datetime

import anyio
import httpx
import tenacity

from ..errors import SourceError
from ..settings import Settings
from .limiter import Limiter
from .lookup import look_up

MAX_BODY_BYTES = 16 * 1024 * 1024
"""An answer larger than this is refused while it arrives."""


@functools.cache
def _tls() -> ssl.SSLContext:
    # Loading the certificate store takes tens of milliseconds; once per process is enough.
    return httpx.create_ssl_context()


class _StopAt(tenacity.stop.stop_base):
    """Give up where the next try would start after the deadline."""

    def __init__(self, deadline: float) -> None:
        self._deadline = deadline

    def __call__(self, retry_state: tenacity.RetryCallState) -> bool:
        return time.monotonic() + retry_state.upcoming_sleep >= self._deadline


class Http:
    """GETs against one service. Use as an async context manager."""

    def __init__(
        self,
        service: str,
        settings: Settings,
        limiter: Limiter | None = None,
        *,
        sleep: Callable[[float], Awaitable[None]] = anyio.sleep,
    ) -> None:
        self._service = service
        self._settings = settings
        self._limiter = limiter
        self._sleep = sleep
        self._client = httpx.AsyncClient(
            timeout=settings.http_timeout_ms / 1000,
            follow_redirects=True,
            max_redirects=3,
            verify=_tls(),
            headers={"User-Agent": "stepwire-biomed", "Accept-Encoding": "gzip"},
        )

    async def __aenter__(self) -> Http:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._client.aclose()

    async def get(self, url: str, params: Mapping[str, str], deadline: float) -> bytes:
        """Fetch ``url``; the body as bytes.

        Args:
            url: An absolute address, without a query.
            params: The query's parameters.
            deadline: A ``time.monotonic()`` value in seconds. No try starts after it.

        Raises:
            SourceError: kind ``unreachable``, ``timeout``, ``rate_limited``, ``not_found``,
                ``invalid_request``, ``http_error`` or ``bad_data``.
        """
        retrying = tenacity.AsyncRetrying(
            sleep=self._sleep,
            stop=tenacity.stop_any(
                tenacity.stop_after_attempt(self._settings.http_attempts),
                _StopAt(deadline),
            ),
            wait=self._pause,
            retry=tenacity.retry_if_exception(_worth_a_retry),
            reraise=True,
        )
        async for attempt in retrying:
            with attempt:
                return await self._once(url, params, deadline)
        raise AssertionError("tenacity either returns or raises")

    def _pause(self, state: tenacity.RetryCallState) -> float:
        backoff = tenacity.wait_random_exponential(
            multiplier=self._settings.http_backoff_ms / 1000, max=5
        )(state)
        error = state.outcome.exception() if state.outcome else None
        wished = error.retry_after_s if isinstance(error, SourceError) else None
        return max(backoff, wished or 0.0)

    async def _once(self, url: str, params: Mapping[str, str], deadline: float) -> bytes:
        if self._limiter and not await self._limiter.wait(deadline):
            raise SourceError("rate_limited", f"{self._service}: no turn within the time budget")
        left_s = deadline - time.monotonic()
        try:
            with anyio.fail_after(max(left_s, 0)):
                with anyio.fail_after(self._settings.http_timeout_ms / 1000):
                    await look_up(url)
                async with self._client.stream("GET", url, params=params) as response:
                    _check(self._service, response)
                    return await self._body(response)
        except (TimeoutError, httpx.TimeoutException):
            raise SourceError("timeout", f"{self._service} did not answer in time") from None
        except httpx.ConnectError as error:
            reason = re.sub(r"^\[Errno -?\d+\] ", "", str(error)) or "connection failed"
            raise SourceError("unreachable", f"{self._service}: {reason}") from None
        except OSError as error:
            reason = error.strerror or "no such host"
            raise SourceError("unreachable", f"{self._service}: {reason}") from None
        except httpx.HTTPError as error:
            reason = type(error).__name__
            raise SourceError(
                "unreachable", f"{self._service}: connection broke ({reason})"
            ) from None

    async def _body(self, response: httpx.Response) -> bytes:
        body = bytearray()
        async for chunk in response.aiter_bytes():
            body += chunk
            if len(body) > MAX_BODY_BYTES:
                raise SourceError("bad_data", f"{self._service}: the answer is too large")
        return bytes(body)


def _check(service: str, response: httpx.Response) -> None:
    status = response.status_code
    if status == 429:
        raise SourceError(
            "rate_limited",
            f"{service} answered 429 Too Many Requests",
            retry_after_s=_retry_after(response),
        )
    if status == 404:
        raise SourceError("not_found", f"{service} has no such record")
    if status >= 500:
        raise SourceError(
            "http_error", f"{service} answered {status}", retry_after_s=_retry_after(response)
        )
    if status >= 400:
        raise SourceError("invalid_request", f"{service} answered {status}")


def _retry_after(response: httpx.Response) -> float | None:
    """Seconds of a ``Retry-After`` header, in either form of RFC 9110 section 10.2.3."""
    value = response.headers.get("retry-after", "").strip()
    if value.isdigit():
        return float(value)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except (TypeError, ValueError):
        return None


def _worth_a_retry(error: BaseException) -> bool:
    return isinstance(error, SourceError) and error.kind in (
        "unreachable",
        "timeout",
        "rate_limited",
        "http_error",
    )
