"""What other rooms may want to know of organizations."""

from django.dispatch import Signal

organization_deleting = Signal()
"""Sent inside the transaction, before the row goes: clear away what nobody can see any more.

Gives ``organization``. What is still in use stays, and refuses the deletion by its foreign key.
"""
