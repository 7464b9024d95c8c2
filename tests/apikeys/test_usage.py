from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from apikeys import usage
from apikeys.models import ApiKey
from apikeys.verification import verify
from tests.apikeys.rows import make_key
from tests.conftest import Cast


def test_first_use_is_news_and_the_next_ones_are_not(cast: Cast) -> None:
    key, token = make_key(cast.owner, cast.acme)
    assert usage.is_due(verify(token).last_used_at)
    usage.note(key.pk)
    first = verify(token).last_used_at
    assert not usage.is_due(first)
    usage.note(key.pk)
    assert verify(token).last_used_at == first


def test_use_after_a_while_is_written_for_this_key_alone(cast: Cast) -> None:
    key, _ = make_key(cast.owner, cast.acme)
    unused, _ = make_key(cast.owner, cast.acme)
    hour_ago = timezone.now() - timedelta(hours=1)
    ApiKey.objects.filter(pk=key.pk).update(last_used_at=hour_ago)
    assert usage.is_due(hour_ago)
    usage.note(key.pk)
    usage.note(uuid4())
    written = ApiKey.objects.get(pk=key.pk).last_used_at
    assert written is not None
    assert written > hour_ago
    assert ApiKey.objects.get(pk=unused.pk).last_used_at is None
