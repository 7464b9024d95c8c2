"""What no address shows: every mail, and the pages for when nothing else can be drawn.

They are drawn into files, which the browser of the gallery is given under ``/papers/``.
"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from apikeys.models import ApiKey
from orgs.models import Organization

FRAMES = {"base_message.html", "base_notification.html"}
BARE = {"broken": "500.html", "database-away": "503.html"}
LINK = f"{settings.PUBLIC_URL}/accounts/confirm-email/MzE:1tEaPo:c0ffee/"


def draw(folder: Path, organization: Organization) -> None:
    """Write each of them; mails are named after their room and their template."""
    folder.mkdir()
    words = _words(organization)
    for name in mails():
        drawn = render_to_string(name, words)
        (folder / f"{paper_of(name)}.html").write_text(drawn)
    for name, template in BARE.items():
        (folder / f"{name}.html").write_text(render_to_string(template, {"request_id": "0" * 32}))


def mails() -> Iterator[str]:
    """Give the template of each mail."""
    templates = settings.BASE_DIR / "templates"
    for path in sorted(templates.glob("*/email/*_message.html")):
        if path.name not in FRAMES:
            yield str(path.relative_to(templates))


def paper_of(template: str) -> str:
    """Name the file of a mail: ``orgs/email/invitation_message.html`` is orgs-invitation."""
    room, _, name = template.split("/")
    return f"{room}-{name.removesuffix('_message.html')}"


def _words(organization: Organization) -> dict[str, object]:
    """Give the words of all mails at once; each takes its own."""
    now = timezone.now()
    return {
        "platform_url": settings.PUBLIC_URL,
        "name": "Maya",
        "email": "maya@example.com",
        "from_email": "maya@example.com",
        "to_email": "maya.lindqvist@example.com",
        "deleted_email": "maya@example.com",
        "activate_url": LINK,
        "password_reset_url": LINK,
        "signup_url": f"{settings.PUBLIC_URL}/accounts/signup/",
        "at": now,
        "timestamp": now,
        "ip": "203.0.113.24",
        "device": "Firefox on Linux",
        "family": {"client": "redisgate-cli/1.4", "created_at": now - timedelta(days=9)},
        "visit": {"client": "curl/8.5", "address": "203.0.113.24"},
        "key": ApiKey.objects.filter(organization=organization, expires_at__isnull=False).first(),
        "key_url": f"{settings.PUBLIC_URL}/orgs/{organization.slug}/api-keys/",
        "organization": organization,
        "inviter": "maya@example.com",
        "by": "maya@example.com",
        "role": "developer",
        "days": 7,
        "url": f"{settings.PUBLIC_URL}/orgs/",
        "limit": "2 GB",
        "used": "1.7 GB",
        "is_full": False,
        "way_out": "Delete instances that nobody uses",
    }
