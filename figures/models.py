"""Figures of instances over time."""

from django.db import models

from figures.levels import RAW
from instances.models import Instance


class Chunk(models.Model):
    """The points of one instance for one stretch of time, packed (`figures.packing`).

    ``start`` counts seconds since 1970. ``step`` and the length of the stretch are those of
    `figures.levels`.
    """

    id = models.BigAutoField(primary_key=True)
    # Without a constraint in the database, because a sample may come in while an instance is
    # being deleted, and that must not stop either. What stays behind is pruned.
    instance = models.ForeignKey(
        Instance, on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    step = models.PositiveIntegerField()
    start = models.BigIntegerField()
    points = models.BinaryField()
    is_rolled_up = models.BooleanField(default=False)
    """Whether the coarser levels hold these points already."""
    fence = models.BigIntegerField()
    """The lease of the controller that wrote last; an older one doesn't overwrite it."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["instance", "step", "start"], name="figures_chunk_unique"
            )
        ]
        indexes = [
            models.Index(fields=["step", "start"], name="figures_chunk_by_age"),
            models.Index(
                fields=["start"],
                condition=models.Q(step=RAW.step, is_rolled_up=False),
                name="figures_chunk_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.instance_id} every {self.step} s from {self.start}"


class OwnCost(models.Model):
    """What a conversation of the platform has cost a server, until the sampler has read it.

    Conversations of the sampler's own process need none: it knows of them.
    """

    id = models.BigAutoField(primary_key=True)
    instance_id = models.UUIDField()
    process = models.CharField(max_length=120)
    bytes_in = models.PositiveIntegerField()
    bytes_out = models.PositiveIntegerField()
    commands = models.JSONField()

    def __str__(self) -> str:
        return f"{self.bytes_in + self.bytes_out} bytes on {self.instance_id}"
