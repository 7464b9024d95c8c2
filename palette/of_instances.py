"""What there is to open, do and copy about one instance."""

from collections.abc import Iterator

from django.urls import reverse

from instances import questions, tabs
from instances.presentation import Shown
from orgs.access import Access
from palette.entries import Entry, Group

SETTINGS = (
    ("memory", "Change the memory of {}", "settings-memory", "resize megabytes size"),
    ("eviction", "Change the eviction policy of {}", "settings-eviction", "full lru"),
    ("persistence", "Change the persistence of {}", "settings-persistence", "aof disk snapshots"),
    ("password", "Rotate the password of {}", "settings-password", "secret credentials"),
    ("name", "Rename {}", "settings-name", "name"),
    ("expiry", "Change the expiry of {}", "settings-expiry", "ephemeral end"),
)
FOR_ADOPTED = {"name", "expiry"}
"""The settings that servers of somebody else have here."""
PAGE_LABELS = {
    "metrics": "Metrics of {}",
    "console": "Open the console of {}",
    "data": "Browse the data of {}",
    "settings": "Settings of {}",
    "server": "Server of {}",
}


def entries(access: Access, shown: Shown) -> list[Entry]:
    """Give all of it that this person may, the instance's own page first."""
    address = reverse("instances:detail", args=(access.organization.slug, shown.key))
    return [
        _page(shown, address),
        *_tabs(access, shown),
        *_copies(shown),
        *_operations(shown, address),
        *_settings(shown, address),
        *_deletion(shown, address),
    ]


def _page(shown: Shown, address: str) -> Entry:
    return Entry(
        id=f"instance:{shown.key}",
        group=Group.INSTANCES,
        label=shown.instance.name,
        icon="server",
        note=shown.label,
        words=_words(shown),
        href=address,
    )


def _words(shown: Shown, more: str = "") -> str:
    return f"{shown.instance.slug} {shown.key} {more}".strip()


def _entry(shown: Shown, name: str, label: str, icon: str, words: str = "", **act: str) -> Entry:
    return Entry(
        id=f"instance:{shown.key}:{name}",
        group=Group.ACTIONS,
        label=label.format(shown.instance.name),
        icon=icon,
        words=_words(shown, words),
        **act,
    )


def _operations(shown: Shown, address: str) -> Iterator[Entry]:
    if shown.may_start:
        label = f"{shown.start_label} {{}}"
        yield _entry(shown, "start", label, "player-play", "run resume", post=f"{address}start/")
    for verb, may, words in (
        ("Restart", shown.may_restart, "reboot"),
        ("Stop", shown.may_stop, "shut down pause"),
    ):
        if may:
            label = f"{shown.stop_label if verb == 'Stop' else verb} {{}}"
            icon = "player-stop" if verb == "Stop" else "rotate-clockwise"
            name, asks = verb.lower(), _asks(shown, verb)
            post = f"{address}{name}/"
            yield _entry(shown, name, label, icon, words, post=post, asks=asks)


def _deletion(shown: Shown, address: str) -> Iterator[Entry]:
    if shown.may_delete:
        yield _entry(shown, "delete", "Delete {}…", "trash", "remove", href=f"{address}delete/")


def _asks(shown: Shown, verb: str) -> str:
    """Ask where no page will: a line is chosen more easily by mistake than a button."""
    if questions.before_ending(shown.instance, verb, ()) is not None:
        return ""
    if shown.is_adopted:
        return "Programs are refused until you resume it."
    until = "for about a second" if verb == "Restart" else "until it is started again"
    return f"Programs can't reach {shown.instance.name} {until}. Its data is kept."


def _tabs(access: Access, shown: Shown) -> Iterator[Entry]:
    for link in tabs.links(access, shown.instance):
        if link.name != tabs.OVERVIEW.name:
            label = PAGE_LABELS.get(link.name, f"{link.label} of {{}}")
            yield _entry(shown, link.name, label, link.icon, link.label, href=link.url)


def _copies(shown: Shown) -> Iterator[Entry]:
    yield _entry(shown, "copy-id", "Copy the id of {}", "copy", copies=shown.key)
    url = shown.http_url
    yield _entry(shown, "copy-url", "Copy the HTTP URL of {}", "copy", "rest", copies=url)
    yield _entry(shown, "copy-endpoint", "Copy the endpoint of {}", "copy", copies=shown.endpoint)


def _settings(shown: Shown, address: str) -> Iterator[Entry]:
    if not shown.may_change:
        return
    for name, label, anchor, words in SETTINGS:
        if not shown.is_adopted or name in FOR_ADOPTED:
            href = f"{address}settings/#{anchor}"
            yield _entry(shown, f"set-{name}", label, "adjustments", words, href=href)
