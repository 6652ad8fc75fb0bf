"""What a careful clerk reads in annex 1 of order 2381: numbers, dates and bodies of its 44 items."""

from datetime import date

from roadmap.deadlines import Occurrence, ScheduleKind

NUMBERS = [
    f"{section}.{item}" for section, count in ((1, 14), (2, 11), (3, 16), (4, 3)) for item in range(1, count + 1)
]


def by(day: str) -> tuple[ScheduleKind, tuple[Occurrence, ...]]:
    return ScheduleKind.BY_DATE, (Occurrence(None, date.fromisoformat(day)),)


def within(first: str, last: str) -> tuple[ScheduleKind, tuple[Occurrence, ...]]:
    return ScheduleKind.PERIOD, (Occurrence(date.fromisoformat(first), date.fromisoformat(last)),)


YEAR_ROUND = (ScheduleKind.YEAR_ROUND, (Occurrence(date(2023, 9, 1), date(2024, 8, 31)),))
SEPARATE_PLAN = (ScheduleKind.SEPARATE_PLAN, ())
JULY = within("2023-07-01", "2023-07-31")
END_OF_AUGUST = by("2023-08-30")
MONTHLY = (
    ScheduleKind.RECURRING,
    tuple(
        Occurrence(date(year, month, 1), date(year, month, last))
        for year, month, last in (
            (2023, 9, 30),
            (2023, 10, 31),
            (2023, 11, 30),
            (2023, 12, 31),
            (2024, 1, 31),
            (2024, 2, 29),
            (2024, 3, 31),
            (2024, 4, 30),
            (2024, 5, 31),
        )
    ),
)
PARENTS_MEETINGS = (
    ScheduleKind.PERIOD,
    (
        Occurrence(date(2023, 9, 1), date(2023, 9, 30)),
        Occurrence(date(2023, 11, 1), date(2023, 11, 30)),
        Occurrence(date(2024, 2, 1), date(2024, 2, 29)),
        Occurrence(date(2024, 3, 1), date(2024, 3, 31)),
    ),
)
SCHEDULES = {
    "1.1": by("2023-07-10"),
    "1.2": by("2023-07-10"),
    "1.3": by("2023-07-10"),
    "1.4": JULY,
    "1.5": JULY,
    "1.6": YEAR_ROUND,
    "1.7": by("2023-07-28"),
    "1.8": END_OF_AUGUST,
    "1.9": END_OF_AUGUST,
    "1.10": by("2023-09-01"),
    "1.11": by("2023-08-19"),
    "1.12": END_OF_AUGUST,
    "1.13": by("2023-08-25"),
    "1.14": by("2023-08-25"),
    "2.1": within("2023-04-01", "2023-09-30"),
    "2.2": within("2023-06-01", "2023-10-31"),
    "2.3": within("2023-06-01", "2023-10-31"),
    "2.4": within("2023-09-01", "2023-10-31"),
    "2.5": SEPARATE_PLAN,
    "2.6": SEPARATE_PLAN,
    "2.7": END_OF_AUGUST,
    "2.8": END_OF_AUGUST,
    "2.9": END_OF_AUGUST,
    "2.10": YEAR_ROUND,
    "2.11": SEPARATE_PLAN,
    "3.1": JULY,
    "3.2": by("2023-07-28"),
    "3.3": by("2023-08-01"),
    "3.4": by("2023-08-10"),
    "3.5": by("2023-08-10"),
    "3.6": by("2023-08-25"),
    "3.7": END_OF_AUGUST,
    "3.8": END_OF_AUGUST,
    "3.9": END_OF_AUGUST,
    "3.10": END_OF_AUGUST,
    "3.11": END_OF_AUGUST,
    "3.12": by("2023-08-12"),
    "3.13": by("2023-09-10"),
    "3.14": PARENTS_MEETINGS,
    "3.15": YEAR_ROUND,
    "3.16": YEAR_ROUND,
    "4.1": YEAR_ROUND,
    "4.2": within("2023-09-01", "2023-09-30"),
    "4.3": MONTHLY,
}
BODIES = {
    "1.1": "ministry",
    "1.2": "ministry",
    "1.3": "ministry",
    "1.4": "ministry operator municipalities",
    "1.5": "ministry operator",
    "1.6": "operator",
    "1.7": "ministry operator municipalities schools",
    "1.8": "schools",
    "1.9": "operator advanced_training_centre enterprises",
    "1.10": "ministry operator colleges",
    "1.11": "ministry operator schools",
    "1.12": "additional_education schools",
    "1.13": "ministry operator",
    "1.14": "operator",
    "2.1": "humanitarian_projects_fund operator",
    "2.2": "humanitarian_projects_fund operator",
    "2.3": "humanitarian_projects_fund operator",
    "2.4": "operator",
    "2.5": "ministry operator",
    "2.6": "operator municipalities schools",
    "2.7": "operator",
    "2.8": "operator",
    "2.9": "operator humanitarian_projects_fund",
    "2.10": "operator colleges universities",
    "2.11": "operator",
    "3.7": "schools_outside_ticket",
    "3.14": "ministry schools",
    "4.1": "ministry municipalities operator schools",
    **{number: "schools" for number in NUMBERS if number[0] in "34" and number not in {"3.7", "3.14", "4.1"}},
}
