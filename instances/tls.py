"""TLS towards servers that somebody else runs: certificates, contexts, and errors in words."""

import os
import ssl
import tempfile
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from instances.remote import Tls

LONGEST_PEM = 256 * 1024

_UNTRUSTED = frozenset({18, 19, 20, 21})  # X509_V_ERR_*: self-signed, or no issuer we know
_EXPIRED, _NOT_YET = 10, 9
_WRONG_NAME = frozenset({62, 64})


class BadCertificate(ValueError):
    """A certificate or key can't be used. The text is a sentence for people."""


def check(tls: Tls) -> None:
    """Raise BadCertificate unless everything that was given can be used together."""
    _certificates(tls.ca_pem, "CA certificate")
    _certificates(tls.certificate_pem, "client certificate")
    if bool(tls.certificate_pem) != bool(tls.key_pem):
        raise BadCertificate("A client certificate and its key go together: give both or none.")
    if tls.key_pem:
        _check_key(tls.key_pem)
    try:
        context_of(tls)
    except (ssl.SSLError, OSError) as error:
        raise BadCertificate(f"The certificates don't fit together: {_reason(error)}.") from None


@lru_cache(maxsize=1024)
def context_of(tls: Tls) -> ssl.SSLContext:
    """Make the context of connections; the server's name and certificate are always checked."""
    # Comments beside the certificates may be in any language, but OpenSSL takes ASCII alone.
    authorities = tls.ca_pem.encode("ascii", "ignore").decode()
    context = ssl.create_default_context(cadata=authorities or None)
    if tls.certificate_pem:
        _load_pair(context, tls)
    return context


def words(error: ssl.SSLError) -> str:
    """Say what is wrong with TLS, and what to do."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return _verification_words(error)
    reason = error.reason or ""
    if "WRONG_VERSION_NUMBER" in reason or "RECORD_LAYER_FAILURE" in reason:
        return "The server doesn't speak TLS on this port. Use redis:// or the port with TLS."
    if "CERTIFICATE_REQUIRED" in reason or "ALERT" in reason:
        return f"The server refused our side of TLS ({reason}). It may want a client certificate."
    return f"TLS failed: {_reason(error)}."


def _verification_words(error: ssl.SSLCertVerificationError) -> str:
    code = error.verify_code
    if code in _UNTRUSTED:
        return (
            "The server's certificate is from an authority that isn't known here. "
            "Upload the CA certificate it was signed with."
        )
    if code == _EXPIRED:
        return "The server's certificate has expired. Renew it on the server."
    if code == _NOT_YET:
        return "The server's certificate isn't valid yet. Check the clocks of both machines."
    if code in _WRONG_NAME or "mismatch" in error.verify_message.lower():
        return (
            "The server's certificate is for another name. Connect by that name, or give it as "
            "the server name."
        )
    return f"The server's certificate can't be trusted: {error.verify_message}."


def _certificates(pem: str, what: str) -> None:
    if not pem:
        return
    if len(pem) > LONGEST_PEM:
        raise BadCertificate(f"The {what} may have {LONGEST_PEM // 1024} KB at most.")
    try:
        found = x509.load_pem_x509_certificates(pem.encode())
    except ValueError:
        raise BadCertificate(
            f"The {what} isn't in PEM form. It begins with -----BEGIN CERTIFICATE-----."
        ) from None
    if all(each.not_valid_after_utc < datetime.now(UTC) for each in found):
        raise BadCertificate(f"The {what} has expired.")


def _check_key(pem: str) -> None:
    try:
        load_pem_private_key(pem.encode(), password=None)
    except TypeError:
        raise BadCertificate("The client key has a passphrase. Give it without one.") from None
    except ValueError:
        raise BadCertificate("The client key isn't in PEM form.") from None


def _load_pair(context: ssl.SSLContext, tls: Tls) -> None:
    # OpenSSL reads a pair from files alone; this one is gone as soon as it has.
    descriptor, name = tempfile.mkstemp(prefix="redisgate-tls-")
    try:
        with os.fdopen(descriptor, "w", encoding="ascii", errors="replace") as file:
            file.write(f"{tls.certificate_pem.strip()}\n{tls.key_pem.strip()}\n")
        context.load_cert_chain(name)
    finally:
        Path(name).unlink()


def _reason(error: OSError) -> str:
    text = getattr(error, "reason", None) or error.strerror or str(error)
    return str(text).replace("_", " ").lower()
