"""Times as people say them."""

_UNITS = (("d", 86_400), ("h", 3600), ("min", 60), ("s", 1))


def duration(milliseconds: int) -> str:
    """Say ``2 d 5 h``, ``40 s``, ``1.5 s``: the two largest units that count."""
    if milliseconds < 10_000:
        return f"{milliseconds / 1000:.1f} s"
    left = milliseconds // 1000
    parts = []
    for unit, seconds in _UNITS:
        if left >= seconds:
            parts.append(f"{left // seconds} {unit}")
            left %= seconds
    return " ".join(parts[:2])
