"""Words of people inside sentences of ours."""


def ended(words: str) -> str:
    """End with a full stop, unless it ends like a sentence already."""
    words = words.rstrip()
    return words if words.endswith((".", "!", "?", "…")) else f"{words}."


def first_line(words: str, *, longest: int = 160) -> str:
    """Give the first line, cut where it is too long: later ones are a log."""
    first = words.strip().partition("\n")[0]
    return first if len(first) <= longest else f"{first[: longest - 1]}…"
