"""The language of deadlines: what «До 30.08. 2023 г.» or «Ежемесячно (по отдельному плану)» asks for.

Pure: no Django, no database, no clock. The academic year is given by the year it begins in (2023 means
2023/2024, 1 September to 31 August). See DESIGN.md, "Deadlines", for the kinds, and ``docs/glossary.md``.

Conventions where documents leave it open: «до сентября» ends on 31 August, «не позднее сентября» on 30
September; «ежемесячно» and «еженедельно» run from September to May; «полугодие» and «четверть» without a
calendar year are the school's and end with months (terms: October, December, March, May); «2 раза в год» are
the halves of the school year; a week's task is due on its Sunday.
"""

from roadmap.deadlines.carrying import Carried, Why, carry_to_year, nearest_working_day, retold
from roadmap.deadlines.reading import LONGEST_TEXT, parse
from roadmap.deadlines.schedule import Occurrence, Schedule, ScheduleKind
from roadmap.deadlines.shifting import move_date_to_year, move_text_to_year, move_to_year
from roadmap.deadlines.wording import explain

__all__ = [
    "LONGEST_TEXT",
    "Carried",
    "Occurrence",
    "Schedule",
    "ScheduleKind",
    "Why",
    "carry_to_year",
    "explain",
    "move_date_to_year",
    "move_text_to_year",
    "move_to_year",
    "nearest_working_day",
    "parse",
    "retold",
]
