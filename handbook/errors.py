"""docs/reference/errors.md, made from every refusal in the code.

Code, status and words are the classes' own. What to do, and whether the same request may be sent
again, is said in `handbook/ways_out.py`, by code.
"""

import ast
import inspect
import textwrap
from collections.abc import Iterable

from handbook.source import refusals
from handbook.ways_out import OTHERS, WAYS_OUT, Other
from redisgate.lib.errors import RedisGateError

Row = tuple[str, int, str]
"""Code, status, words."""

TITLE = """# Errors

Every refusal of RedisGate: what it is called, what it says, and what to do. `…` stands for what
differs from time to time; where a code has no words of its own, they say each time what is in the
way. This page is made from the code: `make references`.

*Again* says whether the same request may be sent once more: **yes** as it is, after the seconds of
`Retry-After` where the answer has that header; **after** what the last column says; **look** first,
because it may have run already; **no**, it would be refused again.
"""
COMMANDS = """
## The command API

The answer is `{"error": "…"}` with the words below and the status, nothing else: tell errors apart by
status and first word. Operators count them by code (`gateway_refusals_total`). What the Redis
server itself refuses (`WRONGTYPE …`, `NOPERM …`, `OOM …`) is passed on word for word with status 400; its
words and what helps: [troubleshoot](../how-to/troubleshoot.md#the-command-api-refuses).
"""
MANAGEMENT = """
## The management API and the pages

The API answers with problem details (RFC 9457): decide by `code`, show `detail`. Pages say the same
words. [How to use the management API](../how-to/use-the-management-api.md#errors).
"""
HEAD = "| code, status | says | again | what to do |\n|---|---|---|---|"


def render() -> str:
    """Write the page. Every code needs its way out."""
    kinds = list(filter(_is_named, refusals()))
    gateway = [each for each in kinds if each.__module__.startswith("gateway")]
    others = [each for each in kinds if each not in gateway]
    rows = [TITLE, COMMANDS, HEAD, *_lines(map(_row, gateway))]
    rows += [MANAGEMENT, HEAD, *_lines([*map(_row, others), *map(_other, OTHERS)])]
    return "\n".join(rows) + "\n"


def words(kind: type[RedisGateError]) -> str:
    """Give what a refusal says, with `…` for what differs, or what it means where that is all."""
    said = getattr(kind, "words", "") or _handed_on(kind)
    return (
        f"“{said}”"
        if said.removeprefix("ERR").strip(" …")
        else inspect.cleandoc(kind.__doc__ or "").partition("\n")[0]
    )


def _row(kind: type[RedisGateError]) -> Row:
    return kind.code, int(kind.status), words(kind)


def _is_named(kind: type[RedisGateError]) -> bool:
    """Tell a refusal that has a code or words of its own from a shade of another one."""
    return "code" in vars(kind) or "__init__" in vars(kind) or "words" in vars(kind)


def _other(other: Other) -> Row:
    return other.code, int(other.status), other.says


def _lines(rows: Iterable[Row]) -> list[str]:
    said: dict[tuple[str, int], list[str]] = {}
    for code, status, text in rows:
        said.setdefault((code, status), []).append(text)
    return [_line(*key, " or ".join(dict.fromkeys(texts))) for key, texts in sorted(said.items())]


def _line(code: str, status: int, text: str) -> str:
    way = WAYS_OUT[code]
    cells = (f"`{code}`<br>{status}", text, way.again, way.do)
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _handed_on(kind: type[RedisGateError]) -> str:
    """Read the sentence that the class's own ``__init__`` hands on."""
    if "__init__" not in vars(kind):
        return ""
    tree = ast.parse(textwrap.dedent(inspect.getsource(kind)))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "super().__init__":
            return _text(node.args[0]) if node.args else ""
    return ""


def _text(node: ast.expr) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(map(_text, node.values))
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else "…"
