import base64
import hashlib
import hmac
import re
import time

TOLERANCE_MS = 5 * 60 * 1000


def is_genuine(header: str, raw_body: bytes, secret: str, now_ms: int | None = None) -> bool:
    """Whether this header signs exactly these bytes, and did so a moment ago."""
    parts = re.fullmatch(r"t=([0-9]+),s=([A-Za-z0-9+/]+=*)", header)
    now_ms = int(time.time() * 1000) if now_ms is None else now_ms
    if not parts or abs(now_ms - int(parts[1])) > TOLERANCE_MS:
        return False
    signed = parts[1].encode() + b"." + raw_body
    expected = base64.b64encode(hmac.new(secret.encode(), signed, hashlib.sha256).digest())
    return hmac.compare_digest(expected, parts[2].encode())
