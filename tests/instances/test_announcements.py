"""What open browsers are told, and what happens when nobody can be told."""

import pytest
from asgiref.sync import async_to_sync
from channels.layers import InMemoryChannelLayer, get_channel_layer
from pytest_django import Settings

from audit.actors import SYSTEM
from instances import live, services
from instances.models import Instance
from instances.states import Status
from tests.instances.harness import ControlPlane, is_gone
from tests.instances.test_lifecycle import make


class Browser:
    """Hears what the channel layer tells one organization."""

    def __init__(self, instance: Instance) -> None:
        layer = get_channel_layer()
        assert isinstance(layer, InMemoryChannelLayer)
        self._layer, self._channel = layer, async_to_sync(layer.new_channel)()
        group = live.group_of(instance.organization_id)
        async_to_sync(layer.group_add)(group, self._channel)

    def heard(self) -> list[dict[str, str]]:
        queue = self._layer.channels.get(self._channel)
        return [queue.get_nowait()[1] for _ in range(queue.qsize())] if queue else []


def test_every_move_is_announced_and_a_look_that_finds_nothing_is_not(
    control_plane: ControlPlane,
) -> None:
    instance = make()
    browser, loop = Browser(instance), control_plane.loop()
    loop.until_status(instance, Status.RUNNING)
    changed = {"type": "instance.changed", "id": str(instance.pk)}
    assert browser.heard() == [changed, changed]  # creating, running
    for _ in range(5):
        loop.controller.turn()
    assert browser.heard() == []


def test_the_end_is_announced_after_the_row_is_gone(control_plane: ControlPlane) -> None:
    instance, loop = make(), control_plane.loop()
    loop.until_status(instance, Status.RUNNING)
    browser = Browser(instance)
    services.delete(SYSTEM, instance)
    loop.until(lambda: is_gone(instance), "gone")
    assert browser.heard()[-1] == {"type": "instance.deleted", "id": str(instance.pk)}


def test_wish_is_written_although_nobody_can_be_told(
    control_plane: ControlPlane, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {"hosts": [f"unix://{control_plane.data_dir}/nobody.sock"]},
        }
    }
    lost = live.Losses.count
    made = [make("one"), make("two")]
    assert Instance.objects.count() == len(made)
    assert live.Losses.count == lost + len(made)
    assert caplog.text.count("Live updates can't be sent") == 1

    settings.CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
    with caplog.at_level("INFO", "instances.live"):
        services.stop(SYSTEM, made[0])
    assert "Live updates are sent again" in caplog.text
