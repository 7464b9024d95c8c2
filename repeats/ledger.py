"""The rows of remembered requests, as every API writes them.

A row is written before anything is done and says who does it. It goes away only when its owner
knows that nothing was done, or after a day: whatever ends in between, nobody does it again.
"""

from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from repeats.models import RememberedRequest, State

KEPT = timedelta(hours=24)
PRUNED_ROWS = 1000


def begin(wish: RememberedRequest) -> RememberedRequest | None:
    """Write the request down and return None, or return the earlier one of this name.

    The insert is the lock. To call it again with the same wish changes nothing.
    """
    while True:
        _expired().filter(pk=wish.pk).delete()
        RememberedRequest.objects.bulk_create([wish], ignore_conflicts=True)
        found = RememberedRequest.objects.filter(pk=wish.pk).first()
        if found is not None:  # else it has just been freed
            return None if found.owner == wish.owner else found


def note_answer(request: RememberedRequest) -> None:
    """Write down how it was answered, as its columns say."""
    _running(request).update(
        state=request.state, reply=request.reply, reply_bytes=request.reply_bytes
    )


def forget(request: RememberedRequest) -> None:
    """Free the name: nothing was done."""
    _running(request).delete()


def prune() -> bool:
    """Delete what is a day old, some at a time; True when that was all."""
    names = list(_expired().values_list("pk", flat=True)[:PRUNED_ROWS])
    _expired().filter(pk__in=names).delete()
    return len(names) < PRUNED_ROWS


def _expired() -> QuerySet[RememberedRequest]:
    return RememberedRequest.objects.filter(expires_at__lte=timezone.now())


def _running(request: RememberedRequest) -> QuerySet[RememberedRequest]:
    """Find the row while it is still the owner's to change."""
    return RememberedRequest.objects.filter(pk=request.pk, owner=request.owner, state=State.RUNNING)
