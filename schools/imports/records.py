"""What a list says of one school, and what the registry knew of it before."""

from collections.abc import Callable
from operator import itemgetter
from typing import Any, NamedTuple


class SchoolRecord(NamedTuple):
    """One school in one academic year, flat, as a row of a list has it; two that say the same are equal.

    `municipality` is the id of the organization the school answers to, `level` the hours of its level (None where
    none is known), `pk` the id of a school that exists. Fields bear the names of the list's columns.
    """

    inn: str = ""
    municipality: int | None = None
    name: str = ""
    short_name: str = ""
    site: str = ""
    level: int | None = None
    ticket: bool = False
    ogrn: str = ""
    contact_name: str = ""
    contact_post: str = ""
    contact_email: str = ""
    contact_phone: str = ""
    is_active: bool = True
    pk: int | None = None
    has_profile: bool = False

    def __str__(self) -> str:
        return self.short_name or self.name


NOTHING = SchoolRecord()
"""What is known of a school that is new."""

# What each part of a record is stored in; a part is written only where it differs.
ORGANIZATION = ("inn", "municipality", "name", "short_name", "site", "is_active", "ogrn")
CONTACT = ("contact_name", "contact_post", "contact_email", "contact_phone")


def _part(*names: str) -> Callable[[SchoolRecord], tuple[Any, ...]]:
    """What takes these fields out of a record."""
    return itemgetter(*(SchoolRecord._fields.index(name) for name in names))


organization_part = _part(*ORGANIZATION)
profile_part = _part("inn", "name", "short_name", *CONTACT)
"""The contact, and what else a school is searched by."""
