"""Numbers as people say them."""

MEGABYTE = 1024 * 1024
_SPANS = (("d", 86400), ("h", 3600), ("min", 60), ("s", 1))
_SIZES = (("GB", 1024 * MEGABYTE), ("MB", MEGABYTE), ("KB", 1024))
_NEARLY = 999.5 / 1024


def memory(megabytes: int) -> str:
    """Say ``512 MB``, ``2 GB``, ``1.5 GB``; an amount that isn't round stays exact in MB."""
    if megabytes >= 1024 and megabytes % 256 == 0:
        return f"{megabytes / 1024:,.2f}".rstrip("0").rstrip(".") + " GB"
    return f"{megabytes:,} MB"


def roughly(megabytes: int) -> str:
    """Say memory where it is compared and not chosen: ``512 MB``, ``1.95 GB``, ``58.6 GB``."""
    return memory(megabytes) if megabytes % 256 == 0 else size(megabytes * MEGABYTE)


def size(of_bytes: float) -> str:
    """Say ``179 B``, ``1.5 KB``, ``3 GB``; what would be 1,000 is one of the next unit."""
    for name, least in _SIZES:
        if of_bytes >= least * (_NEARLY if least > 1024 else 1):
            return f"{short(max(of_bytes / least, 1))} {name}"
    return f"{of_bytes:,.0f} B"


def duration(seconds: float) -> str:
    """Say ``42 s``, ``3 min 20 s``, ``5 d 4 h``: the two largest parts."""
    whole = int(seconds)
    parts: list[str] = []
    for name, length in _SPANS:
        amount, whole = divmod(whole, length)
        if amount or (parts and len(parts) < 2):
            parts.append(f"{amount:,} {name}" if amount else "")
    return " ".join(filter(None, parts[:2])) or "0 s"


def short(number: float) -> str:
    """Write three digits, and all of those before the point."""
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}"


def counted(number: int, noun: str) -> str:
    """Say ``1 instance``, ``5 instances``; the noun takes a plain s."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
