"""How the operators' admin calls columns: as people say them, with their unit at the end. Pure."""

_UNITS = {"mb": "MB"}
_SPELLINGS = {"id": "ID", "api": "API", "acl": "ACL", "sso": "SSO", "ca": "CA", "tls": "TLS"}


def label_of(name: str) -> str:
    """Say ``memory limit (MB)`` of ``memory_mb_limit``."""
    words = name.split("_")
    units = [_UNITS[word] for word in words if word in _UNITS]
    said = " ".join(_SPELLINGS.get(word, word) for word in words if word not in _UNITS)
    return f"{said} ({units[0]})" if units else said
