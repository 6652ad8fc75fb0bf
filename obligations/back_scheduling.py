"""Back-scheduling: from the region's date to the municipality's and the school's, each with time to review. Pure."""

from dataclasses import dataclass
from datetime import date

from accounts.working_days import add_working_days, is_calendar_final, previous_working_day

# Working days that a level has to look through what came in from below, unless somebody says otherwise.
REGIONAL_REVIEW = 3
MUNICIPAL_REVIEW = 5
LONGEST_REVIEW = 30


@dataclass(frozen=True)
class Ladder:
    """By when each level hands in to the one above it."""

    school: date
    municipality: date
    region: date

    @property
    def is_settled(self) -> bool:
        """The transfers of weekends are known for all of its years: no date will move by a decree."""
        return all(is_calendar_final(day.year) for day in (self.school, self.municipality, self.region))


def back_schedule(
    regional_due: date, *, regional_review: int = REGIONAL_REVIEW, municipal_review: int = MUNICIPAL_REVIEW
) -> Ladder:
    """Propose the municipal and the school date below a regional one.

    Reviews are whole working days between handing in and passing on: municipalities hand in so many working
    days before the region's date, schools so many before the municipality's. A level without time to
    review hands in on the last working day up to the date above it.
    """
    municipality = _before(regional_due, regional_review)
    return Ladder(_before(municipality, municipal_review), municipality, regional_due)


def _before(due_on: date, review: int) -> date:
    """Return the working day that leaves so many working days up to the date."""
    last = previous_working_day(due_on)
    return add_working_days(last, -review) if review else last
