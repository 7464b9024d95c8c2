"""Lists as GitHub reads them, for Python-Markdown, which wants more room around them. Pure."""

import re

ITEM = re.compile(r"^( *)([-*]|\d+\.) ")
FENCE = re.compile(r"^ *(```|~~~)")


def roomy(markdown: str) -> str:
    """Put a blank line before each list, and four spaces before a list in a list."""
    lines: list[str] = []
    is_fenced = is_list = False
    for line in markdown.split("\n"):
        if FENCE.match(line):
            is_fenced = not is_fenced
        item = None if is_fenced else ITEM.match(line)
        if item and not is_list and lines and lines[-1].strip():
            lines.append("")
        is_list = bool(item) or (is_list and bool(line.strip()))
        is_nested = item is not None and 2 <= len(item[1]) < 4
        lines.append(f"    {line.lstrip()}" if is_nested else line)
    return "\n".join(lines)
