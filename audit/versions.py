"""A number that each mutation in an organization moves on, in the mutation's own transaction.

What is kept of an organization under this number is what it was at that mutation or later, however
the mutation came about and whatever was away meanwhile.
"""

from uuid import UUID

from audit.models import AuditChain


def of(organization_id: UUID) -> int:
    """Give the number, zero where nothing has happened yet; one look-up by primary key."""
    chains = AuditChain.objects.filter(pk=organization_id)
    return chains.values_list("sequence", flat=True).first() or 0
