from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from apikeys import usage
from apikeys.models import ApiKey
from tests.apikeys.rows import make_key
from tests.conftest import Cast


def test_latest_use_stays(cast: Cast) -> None:
    key, _ = make_key(cast.owner, cast.acme)
    unused, _ = make_key(cast.owner, cast.acme)
    now = timezone.now()
    for moment in (now - timedelta(minutes=1), now, now - timedelta(hours=1)):
        usage.note({key.pk: moment, uuid4(): moment})
    assert ApiKey.objects.get(pk=key.pk).last_used_at == now
    assert ApiKey.objects.get(pk=unused.pk).last_used_at is None
