"""What ``X-Watch-Keys`` and ``X-Watch`` hold: names of keys, and what was under them.

No worker remembers a watch. The token holds it whole, signed for one instance, so that any
worker can take the second request.
"""

import binascii
import hmac
from base64 import b64decode, urlsafe_b64encode
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes
from uuid import UUID

from django.utils.crypto import salted_hmac

from gateway.errors import BadRequest

KEYS_MAX = 16
NAMES_BYTES_MAX = 2048
"""Of all names together, because the token has to fit into a header."""
DIGEST_BYTES = 20
SIGNATURE_BYTES = 32
SALT = "gateway.watch_token"


@dataclass(frozen=True, slots=True)
class Watch:
    """Keys and the digest of what they held."""

    keys: tuple[bytes, ...]
    digest: bytes


def read_keys(header: bytes) -> tuple[bytes, ...]:
    """Read percent-encoded names that are separated by commas. Raises BadRequest."""
    names = [unquote_to_bytes(name.strip()) for name in header.split(b",")]
    keys = tuple(dict.fromkeys(names))
    if not all(keys):
        raise BadRequest("X-Watch-Keys holds names of keys, percent-encoded, separated by commas")
    if len(keys) > KEYS_MAX:
        raise BadRequest(f"X-Watch-Keys names {len(keys)} keys. Limit: {KEYS_MAX}")
    if sum(map(len, keys)) > NAMES_BYTES_MAX:
        raise BadRequest(f"the names in X-Watch-Keys are longer than {NAMES_BYTES_MAX} bytes")
    return keys


def sign(watch: Watch, instance_id: UUID) -> str:
    """Write the watch as a token for this instance."""
    names = b"".join(len(key).to_bytes(2, "big") + key for key in watch.keys)
    content = watch.digest + names
    return urlsafe_b64encode(_signature(content, instance_id) + content).rstrip(b"=").decode()


def read(token: bytes, instance_id: UUID) -> Watch:
    """Read a token of ours for this instance. Raises BadRequest."""
    try:
        token = token.strip()
        # Strictly, so that no two spellings mean the same token.
        raw = b64decode(token + b"=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except binascii.Error:
        raw = b""
    signature, content = raw[:SIGNATURE_BYTES], raw[SIGNATURE_BYTES:]
    if not content or not hmac.compare_digest(signature, _signature(content, instance_id)):
        raise BadRequest(
            "X-If-Unchanged isn't a token for this instance. Send the X-Watch of a read "
            "as it came, and read again where it is an old one"
        )
    return Watch(_names(content[DIGEST_BYTES:]), content[:DIGEST_BYTES])


def _signature(content: bytes, instance_id: UUID) -> bytes:
    return salted_hmac(SALT, instance_id.bytes + content, algorithm="sha256").digest()


def _names(packed: bytes) -> tuple[bytes, ...]:
    names = []
    while packed:
        size = int.from_bytes(packed[:2], "big") + 2
        names.append(packed[2:size])
        packed = packed[size:]
    return tuple(names)
