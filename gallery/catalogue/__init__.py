"""All that is photographed and checked, one line each."""

from gallery.catalogue import (
    account,
    admin,
    data,
    errors,
    instances,
    keys,
    organizations,
    papers,
    states,
)
from gallery.entry import Entry

ENTRIES: tuple[Entry, ...] = (
    *account.ENTRIES,
    *organizations.ENTRIES,
    *instances.ENTRIES,
    *data.ENTRIES,
    *keys.ENTRIES,
    *states.ENTRIES,
    *errors.ENTRIES,
    *papers.ENTRIES,
    *admin.ENTRIES,
)
