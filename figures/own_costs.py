"""Tell the sampler, which runs in another process, what was asked of servers for pages."""

from collections import Counter
from uuid import UUID

from figures.models import OwnCost
from instances.provisioners.own_traffic import Cost
from redisgate.lib.process_name import own_name
from redisgate.lib.write_lock import retried_when_locked

READ_MAX = 500


@retried_when_locked
def tell(instance_id: UUID, cost: Cost) -> None:
    OwnCost.objects.create(
        instance_id=instance_id,
        process=own_name(),
        bytes_in=cost.bytes_in,
        bytes_out=cost.bytes_out,
        commands=dict(cost.commands),
    )


@retried_when_locked
def take() -> list[tuple[UUID, Cost]]:
    """Give what other processes told, once."""
    rows = list(OwnCost.objects.order_by("pk")[:READ_MAX])
    if rows:
        OwnCost.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return [
        (row.instance_id, Cost(row.bytes_in, row.bytes_out, Counter(row.commands)))
        for row in rows
        if row.process != own_name()
    ]
