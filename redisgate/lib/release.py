"""Which build of the pages this process serves."""

import hashlib
from functools import cache

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage


@cache
def release() -> str:
    """Digest the version and all static files, so that an older page can be told of its age."""
    files = getattr(staticfiles_storage, "manifest_hash", "")
    return hashlib.sha256(f"{settings.VERSION} {files}".encode()).hexdigest()[:12]
