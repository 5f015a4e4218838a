"""Large JSON values cut for looking at: what was cut says its type and size, and is fetched by path."""

from typing import Any

from rpc.engine.values.to_json import encode

LIMIT_BYTES = 16 * 1024
"""How large a shown value may get."""

_LEAST = 256


def cut(value: Any, limit_bytes: int = LIMIT_BYTES) -> Any:
    """`value`, with the parts that make it larger than about `limit_bytes` replaced by `$cut`."""
    size = len(encode(value))
    if size <= limit_bytes:
        return value
    if isinstance(value, dict) and value and limit_bytes > _LEAST:
        share = max(_LEAST, limit_bytes // len(value))
        kept = {key: cut(item, share) for key, item in list(value.items())[: limit_bytes // 16]}
        return kept if len(encode(kept)) <= 2 * limit_bytes else _mark(value, size)
    if isinstance(value, list) and value and limit_bytes > _LEAST:
        count = min(len(value), limit_bytes // _LEAST)
        share = max(_LEAST, limit_bytes // count)
        kept_items = [cut(item, share) for item in value[:count]]
        if count < len(value):
            kept_items.append(_mark(value[count:], len(encode(value[count:]))))
        return kept_items
    return _mark(value, size)


def _mark(value: Any, size: int) -> dict[str, Any]:
    kind = "object" if isinstance(value, dict) else "array" if isinstance(value, list) else "string"
    return {"$cut": {"type": kind, "bytes": size}}
