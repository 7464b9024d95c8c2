"""When the certificate of the servers ends, for metrics."""

from functools import lru_cache
from pathlib import Path

from cryptography import x509
from django.conf import settings

from observability.population import Counts


def expiry() -> Counts:
    """Give the moment; nothing where instances speak no TLS, or the file can't be read now."""
    if not settings.INSTANCE_TLS_CERT:
        return {}
    path = Path(settings.INSTANCE_TLS_CERT)
    try:
        return {("instances",): _ends_at(path, path.stat().st_mtime_ns)}
    except (OSError, ValueError):
        return {}


@lru_cache(maxsize=1)
def _ends_at(path: Path, _changed_at: int) -> float:
    """Read the first certificate of the file, which is the server's own, once for each change."""
    certificate = x509.load_pem_x509_certificates(path.read_bytes())[0]
    return certificate.not_valid_after_utc.timestamp()
