"""Tell every open browser that an instance has changed."""

import asyncio
import logging
from functools import partial
from uuid import UUID

from asgiref.sync import async_to_sync
from channels.exceptions import ChannelFull
from channels.layers import get_channel_layer
from django.conf import settings
from django.db import transaction
from redis.exceptions import RedisError

from instances.models import Instance
from redisgate.lib import platform_redis
from redisgate.lib.platform_redis import Away

log = logging.getLogger(__name__)

SEND_TIMEOUT_SECONDS = 1.0


class Losses:
    """Announcements that could not be sent since this process began."""

    count = 0
    is_away = False


def group_of(organization_id: UUID) -> str:
    """Name the channel group that hears of an organization's instances."""
    return f"org.{organization_id.hex}"


def announce(instance: Instance, *, deleted: bool = False) -> None:
    """Send ``instance.changed`` or ``instance.deleted`` to the organization, after commit."""
    kind = "instance.deleted" if deleted else "instance.changed"
    message = {"type": kind, "id": str(instance.pk)}
    transaction.on_commit(partial(_send, group_of(instance.organization_id), message))


def _send(group: str, message: dict[str, str]) -> None:
    # Pages look again by themselves; the change itself must not fail for this.
    try:
        _send_if_it_answers(group, message)
    except (Away, RedisError, ChannelFull, OSError) as error:
        Losses.count += 1
        if not Losses.is_away:
            reason = error.__cause__ or error
            log.warning("Live updates can't be sent, pages look by themselves: %r", reason)
        Losses.is_away = True
    else:
        if Losses.is_away:
            log.info("Live updates are sent again (%d were lost so far).", Losses.count)
        Losses.is_away = False


def _send_if_it_answers(group: str, message: dict[str, str]) -> None:
    send = async_to_sync(_send_in_time)
    if settings.CHANNEL_LAYER_REDIS:
        # The layer has connections of its own; whether it makes sense to wait, all of us learn.
        platform_redis.blocking().run("live", lambda _client: send(group, message))
    else:
        send(group, message)


async def _send_in_time(group: str, message: dict[str, str]) -> None:
    layer = get_channel_layer()
    if layer is not None:
        async with asyncio.timeout(SEND_TIMEOUT_SECONDS):
            await layer.group_send(group, message)
