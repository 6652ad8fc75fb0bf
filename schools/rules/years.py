"""Which academic years the registry knows of."""

from datetime import date

from accounts.academic_years import AcademicYear

# The minimum was introduced in September 2022: nothing is older.
FIRST_YEAR = 2022


def years_to_show(today: date) -> list[AcademicYear]:
    """The years that the registry may know of, the newest first; the next one is being prepared."""
    return [AcademicYear(year) for year in range(AcademicYear.of(today).start_year + 1, FIRST_YEAR - 1, -1)]


def year_asked(asked: str | None, *, today: date) -> AcademicYear:
    """The year asked for by its first calendar year; the one that runs where none or an impossible one is."""
    return next((year for year in years_to_show(today) if str(year.start_year) == asked), AcademicYear.of(today))


def is_open_year(academic_year: int, *, today: date) -> bool:
    """Tell whether the figures of a year may be changed: the one that runs and the next; earlier ones are closed."""
    current = AcademicYear.of(today).start_year
    return academic_year in (current, current + 1)
