"""What organizations may be called."""

from django.core.validators import RegexValidator

single_line = RegexValidator(
    r"\A[^\x00-\x1f\x7f-\x9f\u2028\u2029]*\Z",
    "Leave out line breaks and control characters.",
    code="single_line",
)

RESERVED_SLUGS = frozenset({"new"})
"""Words that stand where an organization's slug would, in orgs/urls.py."""
