"""Sampling goes on when controllers come and go."""

from figures.levels import RAW
from figures.models import Chunk
from instances import services
from tests.conftest import Cast, actor
from tests.figures.sampling import samples_of
from tests.instances.harness import ControlPlane
from tests.waiting import wait_until


def test_a_killed_controllers_samples_stay_and_the_next_one_goes_on(
    control_plane: ControlPlane, cast: Cast
) -> None:
    first = control_plane.controller()
    instance = services.create(
        actor(cast.owner), cast.acme, name="kept", memory_mb=16, purpose="store"
    )
    wait_until(lambda: samples_of(instance), "a first sample", log=first.log)
    before, fence = samples_of(instance), _fence()
    first.kill()
    control_plane.controller()
    wait_until(lambda: _fence() > fence, "a sample of the next controller", log=first.log)
    after = samples_of(instance)
    assert len(after) >= len(before), "no sample is lost"
    assert sum(sample["n"] for sample in after) == len(after), "and none counts twice"


def _fence() -> int:
    return max(Chunk.objects.filter(step=RAW.step).values_list("fence", flat=True), default=0)
