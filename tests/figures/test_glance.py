"""The newest figures on the first page of an instance."""

import time
from uuid import uuid4

import pytest
from pytest_django import DjangoAssertNumQueries

from figures import glance
from instances.glances import Figure
from tests.conftest import Cast
from tests.figures.rows import write_last
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
            Figure(label="Hit rate", value="75 %"),
            Figure(label="Clients", value="3"),
            Figure(label="Keys", value="7"),
        )
    }
