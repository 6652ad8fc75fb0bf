"""Whom to invite for a school: the contact that its list names."""

from collections.abc import Iterable

from accounts.contacts import Contact
from accounts.models import Organization
from schools.models import SchoolProfile


def contacts_of_schools(organizations: Iterable[Organization]) -> dict[int, Contact]:
    """Return the contacts of those that have one, by organization, in one query."""
    rows = SchoolProfile.objects.filter(organization__in=[one.pk for one in organizations]).exclude(contact_email="")
    found = {}
    for pk, name, post, email in rows.values_list("organization", "contact_name", "contact_post", "contact_email"):
        last_name, first_name, patronymic = (*name.split(maxsplit=2), "", "", "")[:3]
        found[pk] = Contact(email.strip().lower(), last_name, first_name, patronymic, post)
    return found
