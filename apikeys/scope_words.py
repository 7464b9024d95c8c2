"""What a key's scopes are called; the widest one says all, for it includes the others."""

from collections.abc import Collection

from instances.acl import Scope

LABELS = {
    Scope.READ.value: "Read",
    Scope.WRITE.value: "Read and write",
    Scope.ADMIN.value: "Admin",
}


def label_of(scopes: Collection[str]) -> str:
    """Say what a key with these scopes may do."""
    widest = max(Scope, key=lambda scope: (scope in scopes, list(Scope).index(scope)))
    return LABELS[widest.value]
