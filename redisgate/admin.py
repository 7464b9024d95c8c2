"""What libraries bring to the operators' admin goes: it knows no audit log, and shows secrets.

Arguments of background jobs hold the links of mails, sign-in libraries their tokens. Only the
rooms of this platform show their rows.
"""

from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib import admin

for model in apps.get_models():
    is_ours = Path(apps.get_app_config(model._meta.app_label).path).parent == settings.BASE_DIR
    if admin.site.is_registered(model) and not is_ours:
        admin.site.unregister(model)
