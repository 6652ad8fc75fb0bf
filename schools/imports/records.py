"""What a list says of one school, and what the registry knew of it before."""

from dataclasses import dataclass, replace
from typing import Any, Self


@dataclass
class SchoolRecord:
    """One school in one academic year, flat, as a row of a list has it.

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
    contact_name: str = ""
    contact_post: str = ""
    contact_email: str = ""
    contact_phone: str = ""
    is_active: bool = True
    pk: int | None = None
    has_profile: bool = False

    @property
    def organization_id(self) -> int:
        """The id of a school that has been written; raises ValueError before that."""
        if self.pk is None:
            raise ValueError("The school has not been written yet.")
        return self.pk

    def __str__(self) -> str:
        return self.short_name or self.name

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        # The importer keeps a copy of every row; nothing inside a record can be changed in place.
        return replace(self)


# What each part of a record is stored in; a part is written only where it differs.
ORGANIZATION = ("inn", "municipality", "name", "short_name", "site", "is_active")
CONTACT = ("contact_name", "contact_post", "contact_email", "contact_phone")
SEARCHED = ("inn", "name", "short_name", *CONTACT)


def differs(before: SchoolRecord, after: SchoolRecord, fields: tuple[str, ...]) -> bool:
    """Whether one of the fields has changed."""
    return any(getattr(before, name) != getattr(after, name) for name in fields)
