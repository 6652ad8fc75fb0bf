"""Rules of hours: totals against norms, the forecast, grades as people write them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.academic_years import AcademicYear
from schools.planning.forecast import LineHours, foresee
from schools.planning.grades import GRADES, grades_label, parse_grades
from schools.planning.months import MONTHS, place_of
from schools.planning.norms import DirectionNorm, LevelNorms
from schools.planning.totals import faults_of, weigh
from schools.reference import federal_norms, model_plan

YEAR = AcademicYear(2023)
CODES = [row["code"] for row in federal_norms()["directions"] if row["has_hours"]]


def norms_of(level: str) -> LevelNorms:
    asked = federal_norms()["levels"][level]
    return LevelNorms(
        level,
        level,
        asked["total"],
        tuple(
            DirectionNorm(
                row["code"],
                row["title"],
                asked["hours"].get(row["code"], 0),
                row["code"] in asked["required"],
                row["has_hours"],
            )
            for row in federal_norms()["directions"]
        ),
    )


@pytest.mark.parametrize("level", ["basic", "main", "advanced"])
def test_the_model_plan_of_a_level_meets_every_norm(level: str) -> None:
    hours: dict[str, int] = {}
    for line in model_plan(level):
        hours[line.direction] = hours.get(line.direction, 0) + line.hours
        assert parse_grades(line.grades)
        assert place_of(line.first_month) <= place_of(line.last_month) <= place_of(5)
        assert line.who

    assert faults_of(weigh(norms_of(level), hours, has_agreement=True), set()) == []


@given(st.sampled_from(["basic", "main", "advanced"]), st.dictionaries(st.sampled_from(CODES), st.integers(0, 60)))
def test_only_the_level_s_total_cannot_be_explained_away(level: str, hours: dict[str, int]) -> None:
    norms = norms_of(level)
    weighing = weigh(norms, hours, has_agreement=True)

    faults = faults_of(weighing, CODES)

    assert bool(faults) == (sum(hours.values()) < norms.total)
    assert weighing.short == max(norms.total - sum(hours.values()), 0)
    assert {one.norm.code for one in weighing.unexplained(())} == {
        one.code for one in norms.directions if hours.get(one.code, 0) < one.hours
    }


def test_profile_classes_are_asked_at_the_advanced_level_alone() -> None:
    enough = dict.fromkeys(CODES, 40)

    [fault] = faults_of(weigh(norms_of("advanced"), enough, has_agreement=False), ())

    assert "партнёрское соглашение" in fault.text
    assert faults_of(weigh(norms_of("main"), enough, has_agreement=False), ()) == []


lines = st.builds(
    lambda planned, ends, done: LineHours("lessons", planned, MONTHS[min(ends)], MONTHS[max(ends)], done, 0),
    st.integers(1, 60),
    st.tuples(st.integers(0, 8), st.integers(0, 8)),
    st.integers(0, 80),
)


@given(st.lists(lines, max_size=6), st.integers(0, 364))
def test_the_forecast_lies_between_what_was_held_and_what_was_planned(rows: list[LineHours], day: int) -> None:
    outlook = foresee(rows, today=YEAR.start + timedelta(days=day), year=YEAR)

    assert outlook.expected >= sum(line.done for line in rows)
    assert outlook.expected <= sum(max(line.done, line.planned) for line in rows)
    before = foresee(rows, today=YEAR.start - timedelta(days=1), year=YEAR)
    after = foresee(rows, today=date(2024, 6, 1), year=YEAR)
    assert before.expected == sum(max(line.done, line.planned) for line in rows)
    assert after.expected == after.done


def test_in_march_half_a_year_without_a_note_is_missing() -> None:
    weekly = LineHours("extracurricular", 36, 9, 5, done=12, done_this_month=0)

    outlook = foresee([weekly], today=date(2024, 3, 10), year=YEAR)

    assert (outlook.expected, outlook.short) == (24, 12)
    held_this_month = LineHours("extracurricular", 36, 9, 5, done=16, done_this_month=4)
    assert foresee([held_this_month], today=date(2024, 3, 10), year=YEAR).expected == 24


@given(st.sets(st.sampled_from(GRADES), min_size=1))
def test_grades_are_read_as_they_are_written(grades: set[int]) -> None:
    assert parse_grades(grades_label(grades)) == tuple(sorted(grades))
    assert parse_grades(" и ".join(f"{grade}-е" for grade in grades) + " классы") == tuple(sorted(grades))


@given(st.text(max_size=20))
def test_other_grades_are_refused_in_words(text: str) -> None:
    try:
        told: object = set(parse_grades(text)) <= set(GRADES)
    except ValueError as error:
        told = any("а" <= letter <= "я" for letter in str(error).lower())

    assert told
