"""What other rooms may want to know of organizations."""

from django.dispatch import Signal

organization_suspended = Signal()
"""Sent inside the transaction: nothing of the organization shall run or be used any more.

Gives ``organization``.
"""

organization_resumed = Signal()
"""Sent inside the transaction: all is as it was before. Gives ``organization``."""

organization_deleting = Signal()
"""Sent inside the transaction that wishes an organization gone, and again until it is: wish
everything in it gone, too, and let nothing open any more. What is wished so already is fine.

Gives ``organization`` and ``actor``.
"""

organization_gone = Signal()
"""Sent inside the transaction that deletes the row: clear away what nobody can see any more.

Gives ``organization``. What still exists outside of the database stays, and keeps the row by its
foreign key until a later try.
"""
