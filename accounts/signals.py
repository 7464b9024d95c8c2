"""What happens to accounts, for the rooms above."""

from django.dispatch import Signal

program_logged_in = Signal()
"""A program has logged in as a person for the first or a further time. Gives ``user``."""
