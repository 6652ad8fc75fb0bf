"""Who answers for a school: the contact that its list names."""

from collections.abc import Sequence

from accounts.contacts import Contact
from schools.models import SchoolProfile


def contacts_of_schools(ids: Sequence[int]) -> dict[int, Contact]:
    """Return the contacts of those that have one, by organization, in one query."""
    rows = SchoolProfile.objects.filter(organization__in=ids).exclude(
        contact_name="", contact_email="", contact_phone=""
    )
    found = {}
    fields = ("organization", "contact_name", "contact_post", "contact_email", "contact_phone")
    for pk, name, post, email, phone in rows.values_list(*fields):
        found[pk] = Contact.named(name, email=email, post=post, phone=phone)
    return found
