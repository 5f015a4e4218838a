"""What may stand in the setting `allowed_origins`."""

from urllib.parse import urlsplit

ANY = "*"


def origin_problem(origin: str) -> str | None:
    """What keeps a text from being an origin that a browser sends (RFC 6454, section 6.2); None if nothing does."""
    if origin == ANY:
        return None
    try:
        parts = urlsplit(origin)
        port = parts.port
    except ValueError:
        return f"{origin!r} is no origin such as https://app.example"
    if not parts.scheme or not parts.netloc or "//" not in origin:
        return f"{origin!r} has no scheme: write https://{origin.strip('/')} or http://{origin.strip('/')}"
    if parts.path.strip("/") or parts.query or parts.fragment or parts.username is not None:
        shown = f"{parts.scheme}://{parts.hostname}{'' if port is None else f':{port}'}"
        return f"{origin!r} is more than an origin: write {shown}"
    return None
