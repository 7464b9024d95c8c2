"""What happens to accounts, for the rooms above."""

from django.dispatch import Signal

program_logged_in = Signal()
"""A program has logged in as a person for the first or a further time. Gives ``user``."""

signing_in = Signal()
"""Somebody is about to be signed in, by a browser or a program, and may be kept out.

Gives ``user`` and ``provider``, the id of the identity provider that vouches, or None for a
password and the like. A receiver keeps the person out by raising a RedisGateError.
"""

account_deleting = Signal()
"""Sent inside the transaction, before the row goes: take along what nobody else has.

Gives ``actor`` and ``user``. A receiver that can't let the person go raises Conflict.
"""
