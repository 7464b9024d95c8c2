"""What RedisGate writes to people."""

from collections.abc import Mapping

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string


def send(template: str, *, to: str, context: Mapping[str, object]) -> None:
    """Write to one person, as part of the transaction under way: no commit, no mail.

    ``template`` names three templates beside each other: "orgs/email/invitation" is
    ``invitation_subject.txt``, ``invitation_message.txt`` and ``invitation_message.html``. They
    extend ``mail/email/base_message.*``, and know ``platform_url`` besides ``context``.
    """
    known = {"platform_url": settings.PUBLIC_URL, **context}
    subject = " ".join(render_to_string(f"{template}_subject.txt", known).split())
    text = render_to_string(f"{template}_message.txt", known)
    message = EmailMultiAlternatives(subject, text, to=[to])
    message.attach_alternative(render_to_string(f"{template}_message.html", known), "text/html")
    message.send()
