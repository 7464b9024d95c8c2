"""Points become bytes and come back the same."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from figures import packing
from figures.points import Point

NUMBERS = st.integers(-(2**63), 2**63 - 1)
POINTS = st.dictionaries(st.sampled_from(["used", "calls:get", "ms"]), NUMBERS).map(
    lambda point: {"n": 1, **point}
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.integers(0, 239), POINTS, min_size=1, max_size=30))
def test_every_point_comes_back(points: dict[int, Point]) -> None:
    back = packing.unpack(packing.pack(points))
    assert back.keys() == points.keys()
    for place, point in points.items():
        assert {name: value for name, value in back[place].items() if value} == {
            name: value for name, value in point.items() if value
        }


def test_a_later_version_is_refused() -> None:
    with pytest.raises(packing.UnknownVersion):
        packing.unpack(bytes([packing.VERSION + 1]))


def test_five_idle_minutes_take_little_room() -> None:
    idle = {"n": 1, "ms": 10_003, "used": 1_043_392, "rss": 6_471_680, "ping_us": 57}
    assert len(packing.pack(dict.fromkeys(range(30), idle))) < 200
