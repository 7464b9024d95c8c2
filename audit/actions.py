"""The closed vocabulary of what can happen."""

from django.db import models


class Action(models.TextChoices):
    ORGANIZATION_CREATE = "organization.create"
    ORGANIZATION_UPDATE = "organization.update"
    ORGANIZATION_DELETE = "organization.delete"
    QUOTA_UPDATE = "quota.update"
    INSTANCE_CREATE = "instance.create"
    INSTANCE_ADOPT = "instance.adopt"
    INSTANCE_READDRESS = "instance.readdress"
    INSTANCE_START = "instance.start"
    INSTANCE_STOP = "instance.stop"
    INSTANCE_RESTART = "instance.restart"
    INSTANCE_RENAME = "instance.rename"
    INSTANCE_RESIZE = "instance.resize"
    INSTANCE_SET_EVICTION_POLICY = "instance.set_eviction_policy"
    INSTANCE_SET_PERSISTENCE = "instance.set_persistence"
    INSTANCE_SET_EXPIRY = "instance.set_expiry"
    INSTANCE_ROTATE_PASSWORD = "instance.rotate_password"  # noqa: S105  its name
    INSTANCE_END_FORMER_PASSWORD = "instance.end_former_password"  # noqa: S105  its name
    INSTANCE_DELETE = "instance.delete"
    INSTANCE_DISCONNECT = "instance.disconnect"
    API_KEY_CREATE = "api_key.create"
    API_KEY_REVOKE = "api_key.revoke"
    CONSOLE_COMMAND = "console.command"
    DATA_CREATE = "data.create"
    DATA_UPDATE = "data.update"
    DATA_RENAME = "data.rename"
    DATA_COPY = "data.copy"
    DATA_EXPIRE = "data.expire"
    DATA_DELETE = "data.delete"
    DATA_DELETE_MANY = "data.delete_many"
