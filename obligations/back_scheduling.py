"""Back-scheduling: from the region's date to the municipality's and the school's, each with time to review. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from accounts.working_days import add_working_days, is_calendar_final, is_working_day, previous_working_day
from obligations.levels import Level

# Working days that a level has to look through what came in from below, unless somebody says otherwise.
REGIONAL_REVIEW = 3
MUNICIPAL_REVIEW = 5
LONGEST_REVIEW = 30
SCHOOLS_FIRST = "Школы сдают не позже муниципалитетов."


@dataclass(frozen=True)
class Ladder:
    """By when each level hands in to the one above it."""

    school: date
    municipality: date
    region: date

    @property
    def regional_school(self) -> date:
        """A school on the regional budget hands in to the ministry, as a municipality does: no municipal review."""
        return self.municipality

    @property
    def dues(self) -> dict[str, date]:
        """The dates of the levels below the region."""
        return {
            Level.MUNICIPALITY: self.municipality,
            Level.SCHOOL: self.school,
            Level.REGIONAL_SCHOOL: self.regional_school,
        }

    @property
    def is_settled(self) -> bool:
        """The transfers of weekends are known for all of its years: no date will move by a decree."""
        return all(is_calendar_final(day.year) for day in (self.school, self.municipality, self.region))


def back_schedule(
    regional_due: date, *, regional_review: int = REGIONAL_REVIEW, municipal_review: int = MUNICIPAL_REVIEW
) -> Ladder:
    """Propose the municipal and the school dates below a regional one.

    Reviews are whole working days between handing in and passing on: municipalities hand in so many working
    days before the region's date, schools so many before the municipality's; schools on the regional budget hand in
    with the municipalities. A level without time to
    review hands in on the last working day up to the date above it.
    """
    municipality = _before(regional_due, regional_review)
    return Ladder(_before(municipality, municipal_review), municipality, regional_due)


def wrong_with(due_on: date | None, *, region_due: date, start_on: date | None, today: date) -> list[str]:
    """Say all that is wrong with the date of a level; none at all means the region's, and nothing is wrong."""
    if due_on is None:
        return []
    found = {
        "Укажите день не позже срока региона.": due_on > region_due,
        "Этот день уже прошёл: поручения сразу стали бы просроченными.": due_on < today,
        "Этот день — выходной. Укажите рабочий день.": not is_working_day(due_on),
        f"Мероприятие начинается только {start_on:%d.%m.%Y}." if start_on else "": bool(start_on and due_on < start_on),
    }
    return [said for said, is_so in found.items() if is_so]


def is_out_of_order(dues: Mapping[str, date | None]) -> bool:
    """Tell whether schools of municipalities would hand in after those who are to review it."""
    school, municipality = dues.get(Level.SCHOOL), dues.get(Level.MUNICIPALITY)
    return bool(school and municipality and school > municipality)


def _before(due_on: date, review: int) -> date:
    """Return the working day that leaves so many working days up to the date."""
    last = previous_working_day(due_on)
    return add_working_days(last, -review) if review else last
