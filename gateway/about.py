"""Whom a line of the log is about, on the way of a command, where no scope of the log is. Pure."""

from gateway.principals import Principal, Target


def about(principal: Principal | None, target: Target | None) -> dict[str, str]:
    """Give the fields of what is known of a call's key and instance."""
    fields: dict[str, str] = {}
    if principal is not None:
        fields |= {"key": principal.acl_user, "organization": str(principal.organization_id)}
    if target is not None:
        fields["instance"] = str(target.instance_id)
    return fields
