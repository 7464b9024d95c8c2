"""The reference page of the vocabulary, made from the code so that both say the same."""

from audit import vocabulary
from audit.actions import Action
from audit.services import type_of

TITLE = """# Audit events

Every action that the audit log knows, as pages say it, and what it means. An event says who
(`actor_id`, `actor_label`), when (`at`), by which means, from which `address`, in which request
(`request_id`), to what (`object_type`, `object_id`, `object_label`), and what changed: `changes`
holds `before` and `after` where something had a value before. Secrets are never in it.
`sequence` and `hash` are an event's place in [the chain](../explanation/audit-chain.md).
This page is made from the code: `make references`.

## Means

| `means` | |
|---|---|"""


def render() -> str:
    """Write the page in Markdown."""
    lines = [
        TITLE,
        *(f"| `{means.value}` | {words} |" for means, words in vocabulary.MEANS.items()),
    ]
    last = ""
    for action in sorted(Action, key=lambda each: list(vocabulary.TYPES).index(type_of(each))):
        words, kind = vocabulary.WORDS[action.value], type_of(action)
        if kind != last:
            lines += ["", f"## {vocabulary.TYPES[kind]}", "", "| `action` | says | means |"]
            lines.append("|---|---|---|")
        last = kind
        lines.append(f"| `{action.value}` | {words.phrase} | {words.meaning} |")
    return "\n".join(lines) + "\n"
