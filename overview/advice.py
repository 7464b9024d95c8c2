"""All hints for one person: which rules apply, and where each next step is."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from django.urls import reverse

from orgs.access import Access
from orgs.roles import Permission
from overview import facts, memory_hints, other_hints, server_hints
from overview.hints import Hint, together
from overview.servers import Server
from quotas.usage import Usage


def hints_for(
    access: Access, servers: Sequence[Server], usage: Usage, now: datetime, *, is_controlled: bool
) -> list[Hint]:
    """Apply every rule; roles that can't take a step are led where they can look."""
    found = [
        *other_hints.nobody_in_control(is_controlled, reverse("observability:health")),
        *_of_servers(access, servers, now),
        *_of_memory(access, servers),
        *_of_keys(access, now),
        *other_hints.near_limits(usage, "#quota"),
        *_of_people(access),
    ]
    # One cookie holds what is put off in all organizations, and "one owner" is said in many.
    return [replace(hint, about=f"{access.organization.pk} {hint.about}") for hint in found]


def _of_servers(access: Access, servers: Sequence[Server], now: datetime) -> list[Hint]:
    page, settings, every = _page_of(access), _settings_of(access), _list(access)
    trouble = f"{every}?state=trouble"
    rules = (
        (server_hints.failed, page, "{} have failed", trouble),
        (server_hints.unhealthy, page, "{} are unhealthy", trouble),
        (server_hints.unsettled, settings, "{} couldn't take their changed settings yet", every),
        (partial(server_hints.ending, now=now), page, "{} expire within a day", every),
    )
    return [
        hint
        for rule, url_of, words, url in rules
        for hint in together(
            server_hints.each_of(rule, servers, url_of), "instance", words.format, url
        )
    ]


def _of_memory(access: Access, servers: Sequence[Server]) -> list[Hint]:
    settings = _settings_of(access)
    worth = memory_hints.worth_a_longer_look(servers)
    long = facts.long_lines(access.organization, worth)
    by_kind: dict[str, list[Hint]] = {"nearly_full": [], "full_soon": [], "evicting": []}
    for each in servers:
        for hint in memory_hints.of(each, settings(each), long.get(each.line.id)):
            by_kind[hint.kind].append(hint)
    words = {
        "nearly_full": "{} are nearly full, and refuse writes when they are",
        "full_soon": "{} will be full soon at this rate",
        "evicting": "{} evicted keys in the last hour",
    }
    return [
        hint
        for kind, several in by_kind.items()
        for hint in together(several, "instance", words[kind].format, _list(access))
    ]


def _of_keys(access: Access, now: datetime) -> list[Hint]:
    keys = reverse("apikeys:list", args=[access.organization.slug])
    verb = "edit/" if access.may(Permission.API_KEY_EDIT) else ""
    ending = facts.keys_ending(access.organization, now)
    unused = facts.keys_unused(access.organization, now)
    to_extend = [
        other_hints.key_ending(each, f"{keys}{each.id}/{verb}", now) for each in ending.keys
    ]
    to_revoke = [other_hints.key_unused(each, f"{keys}{each.id}/", now) for each in unused.keys]
    present = other_hints.present
    words = "{} expire within a week", "{} were not used over HTTP for 90 days"
    return [
        *together(present(to_extend), "API key", words[0].format, keys, count=ending.count),
        *together(present(to_revoke), "API key", words[1].format, keys, count=unused.count),
    ]


def _of_people(access: Access) -> list[Hint]:
    if not access.may(Permission.MEMBER_CHANGE):
        return []
    owners, members = facts.owners_and_members(access.organization)
    page = reverse("orgs:members", args=[access.organization.slug])
    return other_hints.lonely_owner(owners, members, page)


def _list(access: Access) -> str:
    return reverse("instances:list", args=[access.organization.slug])


def _page_of(access: Access) -> Callable[[Server], str]:
    below = _list(access)
    return lambda server: f"{below}{server.line.id}/"


def _settings_of(access: Access) -> Callable[[Server], str]:
    below = _list(access)
    return lambda server: f"{below}{server.line.id}/settings/"
