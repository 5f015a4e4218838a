"""What may stand in the settings of JWTs."""

from typing import Any
from urllib.parse import urlsplit


def jwt_problem(settings: Any) -> str | None:
    """What of the settings cannot be; None if nothing is wrong, or no JWT is configured."""
    kinds = [settings.jwt_jwks_url, settings.jwt_public_key_file, settings.jwt_secret_file]
    given = [one for one in kinds if one is not None]
    if not given:
        return None
    if len(given) > 1:
        return "give one of 'jwt_jwks_url', 'jwt_public_key_file' and 'jwt_secret_file'"
    if settings.jwt_issuer is None or settings.jwt_audience is None:
        return "JWTs need 'jwt_issuer' and 'jwt_audience': tokens for others would be taken too"
    url = settings.jwt_jwks_url
    if url is not None:
        parts = urlsplit(url)
        near = parts.hostname in ("127.0.0.1", "::1", "localhost")
        if parts.scheme != "https" and not (parts.scheme == "http" and near):
            return (
                "'jwt_jwks_url' is an https:// address: who can change it on its way can make keys"
            )
    return None
