"""The newest figures on the first page of an instance."""

import time
from uuid import uuid4

import pytest
from pytest_django import DjangoAssertNumQueries

from figures import glance
from figures.levels import RAW
from instances.glances import Figure
from tests.conftest import Cast
from tests.figures.rows import QUIET, busy, write, write_last
from tests.rows import add_instance

pytestmark = pytest.mark.django_db


def test_the_newest_sample_is_told_in_words(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    instance = add_instance(cast.acme)
    write_last(instance, time.time())
    with django_assert_num_queries(1):
        told = glance.source([instance.pk, uuid4()])
    assert told == {
        instance.pk: (
            Figure(label="Memory", value="977 KB", note="of 3.81 MB", percent=25),
            Figure(label="Commands", value="10/s"),
            Figure(label="Hit rate", value="75 %", note="in the last hour"),
            Figure(label="Clients", value="3"),
            Figure(label="Keys", value="7"),
        )
    }


def test_hit_rate_is_that_of_the_hour_also_while_nobody_reads(cast: Cast) -> None:
    instance = add_instance(cast.acme)
    now = int(time.time())
    last = now - now % RAW.step
    write(instance, {last - 1200: busy(), last: QUIET})
    figures = {each.label: each.value for each in glance.source([instance.pk])[instance.pk]}
    assert (figures["Hit rate"], figures["Commands"]) == ("75 %", "0/s")
