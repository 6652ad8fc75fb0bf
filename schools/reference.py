"""Reference data of schools that every database has from its first migration on."""

from typing import Any

from schools.models import Level

# The three levels of the federal methodology. Their norms by direction are dated data; the levels
# themselves are what lists and orders name.
LEVELS = (("basic", "Базовый", 40), ("main", "Основной", 60), ("advanced", "Продвинутый", 80))


def ensure_levels(**_signal: Any) -> None:
    """Add the levels that are missing; run after every ``migrate``, and after a flush."""
    known = set(Level.objects.values_list("code", flat=True))
    Level.objects.bulk_create(
        Level(code=code, title=title, hours=hours) for code, title, hours in LEVELS if code not in known
    )
