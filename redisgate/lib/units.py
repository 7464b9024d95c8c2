"""Numbers as people say them."""

MEGABYTE = 1024 * 1024


def memory(megabytes: int) -> str:
    """Say ``512 MB``, ``2 GB``, ``1.5 GB``; an amount that isn't round stays exact in MB."""
    if megabytes >= 1024 and megabytes % 256 == 0:
        return f"{megabytes / 1024:,.2f}".rstrip("0").rstrip(".") + " GB"
    return f"{megabytes:,} MB"


def counted(number: int, noun: str) -> str:
    """Say ``1 instance``, ``5 instances``; the noun takes a plain s."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
