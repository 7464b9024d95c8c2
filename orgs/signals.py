"""What other rooms may want to know of organizations."""

from django.dispatch import Signal

organization_suspended = Signal()
"""Sent inside the transaction: nothing of the organization shall run or be used any more.

Gives ``organization``.
"""

organization_resumed = Signal()
"""Sent inside the transaction: all is as it was before. Gives ``organization``."""

organization_deleting = Signal()
"""Sent inside the transaction, before the row goes: clear away what nobody can see any more.

Gives ``organization``. What is still in use stays, and refuses the deletion by its foreign key.
"""
