"""What schools were called on a day gone by, for reports of that time."""

from collections.abc import Collection
from datetime import date

from schools.models import RegistryChange, RegistryField

_CHUNK = 10_000


def short_names_then(ids: Collection[int], day: date) -> dict[int, str]:
    """The short names of the schools that were called otherwise on the day, by id; one query for each ``_CHUNK``."""
    known = list(ids)
    names: dict[int, str] = {}
    for start in range(0, len(known), _CHUNK):
        later = RegistryChange.objects.filter(
            organization__in=known[start : start + _CHUNK], field=RegistryField.SHORT_NAME, on__gt=day
        )
        for pk, was in later.order_by("on", "pk").values_list("organization", "was"):
            # The first change after the day says what the school was called until then.
            names.setdefault(pk, was)
    return names
