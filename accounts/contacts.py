"""To whom an invitation for an organization goes: the contact its registry names.

The registry of schools stands to the right of this app, so it registers how to look contacts up; an
organization nobody knows a contact of has its own address.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from accounts.models import Organization


@dataclass(frozen=True)
class Contact:
    """Who answers for an organization according to its registry: names as far as known."""

    email: str
    last_name: str = ""
    first_name: str = ""
    patronymic: str = ""
    post: str = ""


# Given organizations, returns the contacts of those the registry knows, by their ids.
Lookup = Callable[[Iterable[Organization]], dict[int, Contact]]
_lookups: list[Lookup] = []


def register(lookup: Lookup) -> None:
    """Make a registry known; called from ``AppConfig.ready`` of the app that owns it."""
    if lookup not in _lookups:
        _lookups.append(lookup)


def contacts_of(organizations: Iterable[Organization]) -> dict[int, Contact]:
    """Return the contact of each organization that has an address at all, one query for each registry."""
    organizations = list(organizations)
    found = {one.pk: Contact(one.email.strip().lower()) for one in organizations if one.email}
    for lookup in _lookups:
        found |= {pk: contact for pk, contact in lookup(organizations).items() if contact.email}
    return found
