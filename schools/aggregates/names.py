"""What schools were on a day gone by, fact by fact, for reports and cards of that time."""

from collections.abc import Collection
from datetime import date

from schools.models import RegistryChange, RegistryField

_CHUNK = 10_000


def facts_then(ids: Collection[int], day: date, fields: Collection[RegistryField]) -> dict[tuple[int, str], str]:
    """What of the facts was otherwise on the day, by school and field; one query for each ``_CHUNK`` of schools."""
    known = list(ids)
    facts: dict[tuple[int, str], str] = {}
    for start in range(0, len(known), _CHUNK):
        later = RegistryChange.objects.filter(
            organization__in=known[start : start + _CHUNK], field__in=fields, on__gt=day
        )
        for pk, field, was in later.order_by("on", "pk").values_list("organization", "field", "was"):
            # The first change after the day says what held until then.
            facts.setdefault((pk, field), was)
    return facts


def short_names_then(ids: Collection[int], day: date) -> dict[int, str]:
    """The short names of the schools that were called otherwise on the day, by id."""
    return {pk: was for (pk, _), was in facts_then(ids, day, [RegistryField.SHORT_NAME]).items()}
