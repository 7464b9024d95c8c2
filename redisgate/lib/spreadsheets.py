"""Text for files that people open in a spreadsheet."""

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def cell(text: str) -> str:
    """Mark a text that a spreadsheet would take for a formula, and so run, as text."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
