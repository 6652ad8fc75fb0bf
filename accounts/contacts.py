"""Who answers for an organization: the contact its registry names, to be invited, written to or called.

The registry of schools stands to the right of this app, so it registers how to look contacts up; an
organization nobody knows a contact of has its own address.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Self

from accounts.models import Organization


@dataclass(frozen=True)
class Contact:
    """Who answers for an organization according to its registry: names as far as known."""

    email: str
    last_name: str = ""
    first_name: str = ""
    patronymic: str = ""
    post: str = ""
    phone: str = ""

    @classmethod
    def named(cls, name: str, *, email: str, post: str = "", phone: str = "") -> Self:
        """A contact whose whole name stands in one text, the surname first."""
        last_name, first_name, patronymic = (*name.split(maxsplit=2), "", "", "")[:3]
        return cls(email.strip().lower(), last_name, first_name, patronymic, post, phone)

    @property
    def full_name(self) -> str:
        """The whole name as people write it."""
        return " ".join(part for part in (self.last_name, self.first_name, self.patronymic) if part)


# Given ids of organizations, returns the contacts of those the registry knows, with or without an address.
Lookup = Callable[[Sequence[int]], dict[int, Contact]]
# So many ids fit into one statement of either database.
CHUNK = 10_000
_lookups: list[Lookup] = []


def register(lookup: Lookup) -> None:
    """Make a registry known; called from ``AppConfig.ready`` of the app that owns it."""
    if lookup not in _lookups:
        _lookups.append(lookup)


def contacts_of(organizations: Iterable[Organization]) -> dict[int, Contact]:
    """Return the contact of each organization that has an address at all, one query for each registry."""
    organizations = list(organizations)
    found = {one.pk: Contact(one.email.strip().lower()) for one in organizations if one.email}
    known = known_to_registries([one.pk for one in organizations])
    return found | {pk: contact for pk, contact in known.items() if contact.email}


def known_to_registries(ids: Sequence[int]) -> dict[int, Contact]:
    """Return what the registries know of the organizations, one query for each registry and ``CHUNK`` of ids."""
    found: dict[int, Contact] = {}
    for lookup in _lookups:
        for start in range(0, len(ids), CHUNK):
            found |= lookup(ids[start : start + CHUNK])
    return found
