"""The academic year: 1 September to 31 August, named by the calendar year it begins in."""

from dataclasses import dataclass
from datetime import date
from typing import Self


@dataclass(frozen=True, order=True)
class AcademicYear:
    """One academic year; ``AcademicYear(2023)`` is 2023/2024. Stored everywhere as its first year."""

    start_year: int

    @classmethod
    def of(cls, day: date) -> Self:
        """Return the academic year that ``day`` falls in."""
        return cls(day.year if day.month >= 9 else day.year - 1)

    @property
    def start(self) -> date:
        """First day, 1 September."""
        return date(self.start_year, 9, 1)

    @property
    def end(self) -> date:
        """Last day, 31 August."""
        return date(self.start_year + 1, 8, 31)

    def __str__(self) -> str:
        return f"{self.start_year}/{self.start_year + 1}"
