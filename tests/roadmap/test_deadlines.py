"""The language of deadlines, phrase by phrase, and what holds for any text at all."""

import csv
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet
from hypothesis import given, settings
from hypothesis import strategies as st

from roadmap.deadlines import (
    Occurrence,
    Schedule,
    ScheduleKind,
    explain,
    move_date_to_year,
    move_text_to_year,
    move_to_year,
    parse,
)

DATA = Path(__file__).parent / "data"


def read_occurrence(text: str) -> Occurrence:
    first, _, last = text.partition("..")
    return Occurrence(date.fromisoformat(first) if last else None, date.fromisoformat(last or first))


def phrases(name: str) -> list[ParameterSet]:
    """The table of phrases with the dates a careful clerk would write down, as (year, schedule) parameters."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [
        pytest.param(
            int(row["year"]),
            Schedule(
                row["text"].replace("\\n", "\n"),
                ScheduleKind(row["kind"]),
                tuple(read_occurrence(word) for word in row["occurrences"].split()),
                row["note"],
            ),
            id=f"{row['text']} ({row['year']})",
        )
        for row in rows
    ]


@pytest.mark.parametrize(("year", "expected"), phrases("seed_deadlines.tsv"))
def test_every_phrase_of_the_documents_means_its_dates(year: int, expected: Schedule) -> None:
    assert parse(expected.text, year) == expected


@pytest.mark.parametrize(("year", "expected"), phrases("usual_deadlines.tsv"))
def test_usual_phrases_of_other_regions_mean_their_dates(year: int, expected: Schedule) -> None:
    assert parse(expected.text, year) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "-",
        "31 сентября",
        "до 31.09.2023",
        "30 февраля",
        "29 февраля 2023",
        "32 мая",
        "0 мая",
        "01.13.2023",
        "до 00.00.0000",
        "в срок до 5 марта 99999 г.",
        "с 31.05.2024 по 01.09.2023",
        "1 сентября 1023 г.",
        "2024",
        "май 23",
        "2023-2024 гг.",
        "2023/2025 уч. год",
        "декабрь 2023 - 2024",
        "сентябрь октябрь",
        "Сентябрь – окябрь",
        "1 сентября – окябрь",
        "Сентябрь–Октябрь–Ноябрь",
        "сентябрь -",
        "конец сентября",
        "в начале октября",
        "начало года",
        "первая половина года",
        "1 декада",
        "до 2-й декады октября",
        "до 10-15 сентября",
        "до 1-5 сентября",
        "до 1 декады октября",
        "январь-декабрь",
        "I-IV кварталы",
        "каждый второй четверг",
        "24 октября 2023 г. (среда)",
        "25 октября в 25:00",
        "двадцать сентября",
        "тридцать второго мая",
        "тридцать первого сентября",
        "еженедельно с июля 2024",
        "21/24 учебный год",
        "до 25 числа",
        "25 числа",
        "четверг",
        "последняя пятница",
        "1-2 раза в год",
        "100 раз в год",
        "1 раз в 1 полугодии",
        "1 раз в 2 года",
        "3 раза в год (октябрь, апрель)",
        "ежемесячно, еженедельно",
        "не ранее 1 сентября",
        "не ранее: 1 сентября",
        "после 1 сентября",
        "до 1 сентября или 1 октября",
        "до 10.07.2023 (перенесено)",
        "сентябрь (кроме выходных)",
        "сентябрь (до 15 октября)",
        "с сентября",
        "в течение месяца",
        "в течение 10 дней",
        "не позднее 3 дней",
        "осенние каникулы",
        "на 1 октября",
        "сентябрь/",
        "октябрь и",
        "май по октябрь",
        "сентябрь до мая",
        "2 полугодие в декабре",
        "мая ежеквартально",
        "I мая",
        "каждые 2024 месяца",
        "примерно в мае",
        "июль–морковь",
        "15 сентября моркови",
        "завтра",
        "10:00",
        "((((",
        "Министерство образования и науки Тамбовской области",
        "до 1 сентября " * 40,
    ],
)
def test_what_is_impossible_or_unknown_is_left_to_a_person(text: str) -> None:
    assert parse(text, 2023) == Schedule(text, ScheduleKind.UNRESOLVED)


def test_five_fridays_that_a_month_does_not_have_are_unresolved() -> None:
    assert parse("пятая пятница октября", 2023).kind is ScheduleKind.UNRESOLVED
    assert parse("пятый понедельник октября 2023 г.", 2023).kind is ScheduleKind.UNRESOLVED
    assert parse("4-я пятница октября 2023 г.", 2023).occurrences == (Occurrence(None, date(2023, 10, 27)),)


def test_a_date_without_a_year_follows_the_academic_year() -> None:
    for year in (2021, 2022, 2023, 2024):
        assert parse("до 15 сентября и 25 мая", year).occurrences == (
            Occurrence(None, date(year, 9, 15)),
            Occurrence(None, date(year + 1, 5, 25)),
        )
        assert parse("До 10.07.2023 г.", year).occurrences == (Occurrence(None, date(2023, 7, 10)),)
    assert parse("29 февраля", 2022).kind is ScheduleKind.UNRESOLVED


@pytest.mark.parametrize("dash", "-‐‑‒–—―−")
@pytest.mark.parametrize("space", ["", " ", "\u00a0", "\u2009", "\n"])
def test_any_dash_and_any_space_will_do(dash: str, space: str) -> None:
    text = f"Сентябрь{space}{dash}{space}октябрь{space or ' '}2023{space}г."
    assert parse(text, 2023).occurrences == (Occurrence(date(2023, 9, 1), date(2023, 10, 31)),)


@pytest.mark.parametrize("text", ["До 10.07.2023 г", "до 10.07.2023г.", "До 10.07.2023 года", "ДО 10. 07. 2023 Г."])
def test_the_word_for_year_is_written_in_many_ways(text: str) -> None:
    assert parse(text, 2023).occurrences == (Occurrence(None, date(2023, 7, 10)),)


def test_letters_from_the_wrong_keyboard_and_invisible_marks_do_not_matter() -> None:
    latin = parse("c 1 cентября пo 31 мaя", 2023)
    assert latin.occurrences == (Occurrence(date(2023, 9, 1), date(2024, 5, 31)),)
    hidden = parse("\ufeffСен\u00adтябрь\u200b 2023\u00a0г.", 2023)
    assert hidden.occurrences == (Occurrence(date(2023, 9, 1), date(2023, 9, 30)),)
    decomposed = parse("маи\u0306 2024 г.", 2023)
    assert decomposed.occurrences == (Occurrence(date(2024, 5, 1), date(2024, 5, 31)),)
    ukrainian = parse("ІІ квартал 2024 г.", 2023)
    assert ukrainian.occurrences == (Occurrence(date(2024, 4, 1), date(2024, 6, 30)),)


# What holds for any text


WORDS = st.sampled_from(
    """
    до к с по в не позднее срок течение года год г. гг. уч. учебный учебного 2023 2024 2023/2024 1 2 3 5 10 15 25 29 30
    31 01.09.2023 30.02.2024 25.12 сентября сентябрь октябрь мая май февраля декабре января июнь квартал I II IV
    полугодие четверть декада половина первая последняя пятница четверг месяца каждый каждого ежемесячно еженедельно
    ежегодно ежеквартально раз раза числа постоянно плану графику по согласованию отдельному далее этап , . ; / - – — (
    ) : и № конца начала включительно следующего за отчетным кроме морковь 10:00 №5 на план начиная при пятого двадцать
    I-е 1ое 23/24 10.00 часов четвертям весь месяц чем среда \\
    """.split()
)
PHRASES = st.lists(WORDS, max_size=14).map(" ".join)
ANY_TEXT = st.one_of(st.text(max_size=80), PHRASES, st.lists(WORDS, max_size=14).map("".join))
YEARS = st.integers(min_value=1995, max_value=2095)


@settings(deadline=None)
@given(text=ANY_TEXT, year=YEARS)
def test_any_text_gives_an_honest_schedule(text: str, year: int) -> None:
    schedule = parse(text, year)
    assert schedule.text == text
    dues = [one.due for one in schedule.occurrences]
    assert dues == sorted(set(dues))
    assert all(one.start is None or one.start <= one.due for one in schedule.occurrences)
    assert all(date(1989, 1, 1) <= due <= date(2102, 12, 31) for due in dues)
    undated = schedule.kind in {ScheduleKind.UNRESOLVED, ScheduleKind.SEPARATE_PLAN}
    assert undated == (not schedule.occurrences)
    assert schedule.is_dated == (not undated)
    assert explain(schedule)
    assert parse(text, year) == schedule


@settings(deadline=None)
@given(text=st.text(), year=st.integers())
def test_any_year_at_all_is_survived(text: str, year: int) -> None:
    assert parse(text, year).text == text


@settings(deadline=None)
@given(text=PHRASES, year=YEARS)
def test_case_and_doubled_spaces_change_nothing(text: str, year: int) -> None:
    schedule = parse(text, year)
    loud = parse(text.upper().replace(" ", "  "), year)
    assert (loud.kind, loud.occurrences) == (schedule.kind, schedule.occurrences)


@settings(deadline=None)
@given(day=st.dates(date(1995, 1, 1), date(2095, 12, 31)), year=YEARS)
def test_a_full_date_is_that_date_in_any_academic_year(day: date, year: int) -> None:
    months = "января февраля марта апреля мая июня июля августа сентября октября ноября декабря".split()
    for text in (f"до {day:%d.%m.%Y} г.", f"не позднее {day.day} {months[day.month - 1]} {day.year} года"):
        assert parse(text, year).occurrences == (Occurrence(None, day),)


@settings(deadline=None)
@given(month=st.integers(1, 12), day=st.integers(1, 31), year=YEARS)
def test_a_day_without_a_year_is_in_the_academic_year_or_unresolved(month: int, day: int, year: int) -> None:
    schedule = parse(f"{day:02d}.{month:02d}", year)
    try:
        expected = date(year if month >= 9 else year + 1, month, day)
    except ValueError:
        assert schedule.kind is ScheduleKind.UNRESOLVED
    else:
        assert schedule.occurrences == (Occurrence(None, expected),)


@settings(deadline=None)
@given(year=YEARS)
def test_every_thursday_is_a_thursday_of_the_teaching_months(year: int) -> None:
    days = [one.due for one in parse("Еженедельно, четверг", year).occurrences]
    assert {day.weekday() for day in days} == {3}
    assert {later - earlier for earlier, later in pairwise(days)} == {timedelta(days=7)}
    assert days[0] - timedelta(days=7) < date(year, 9, 1) <= days[0]
    assert days[-1] <= date(year + 1, 5, 31) < days[-1] + timedelta(days=7)


# In words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("до 28.02.2024 и 31.03.2024", "срок: 28.02.2024 и\u00a031.03.2024"),
        ("18 октября 2023 г.", "дата: 18.10.2023"),
        ("1, 15 и 29 марта", "даты: 01.03.2024, 15.03.2024 и\u00a029.03.2024"),
        ("Июль 2023 г.", "период: 01.07.2023\u00a0— 31.07.2023"),
        ("ежегодно до 15 сентября и 25 мая", "повторяется, 2\u00a0раза: 15.09.2023 и\u00a025.05.2024"),
        ("до 25 числа ежемесячно", "повторяется, 9\u00a0раз: 25.09.2023, 25.10.2023, …, 25.05.2024"),
        ("Постоянно", "в\u00a0течение года: 01.09.2023\u00a0— 31.08.2024"),
        (
            "Март 2024 г. (по отдельному плану)",
            "период: 01.03.2024\u00a0— 31.03.2024 (примечание: по отдельному плану)",
        ),
        ("По отдельному графику", "дат в тексте нет (отдельный план): их нужно указать вручную"),
        ("31 сентября", "срок не распознан: даты нужно указать вручную"),
    ],
)
def test_a_schedule_is_explained_in_words(text: str, words: str) -> None:
    assert explain(parse(text, 2023)) == words


@pytest.mark.parametrize(
    ("number", "words"), [(1, "1\u00a0раз"), (3, "3\u00a0раза"), (12, "12\u00a0раз"), (22, "22\u00a0раза")]
)
def test_times_are_counted_in_russian(number: int, words: str) -> None:
    days = tuple(Occurrence(None, date(2023, 9, 1) + timedelta(days=ahead)) for ahead in range(number))
    assert words + ":" in explain(Schedule("", ScheduleKind.RECURRING, days))


# Carried over to another year


@pytest.mark.parametrize(
    ("text", "moved_text", "dates"),
    [
        ("До 10.07.2023 г.", "До 10.07.2026 г.", ["2026-07-10"]),
        ("Февраль 2024 г.", "Февраль 2027 г.", ["2027-02-01..2027-02-28"]),
        ("до 29.02.2024", "до 29.02.2027", ["2027-02-28"]),
        ("2023/2024 уч.год", "2026/2027 уч.год", ["2026-09-01..2027-08-31"]),
        ("сентябрь–октябрь 2023/24 уч. г.", "сентябрь–октябрь 2026/27 уч. г.", ["2026-09-01..2026-10-31"]),
        ("до 1 сентября", "до 1 сентября", ["2026-09-01"]),
    ],
)
def test_a_schedule_is_carried_over_with_its_text(text: str, moved_text: str, dates: list[str]) -> None:
    moved = move_to_year(parse(text, 2023), 2023, 2026)
    assert moved.text == moved_text
    assert moved.occurrences == tuple(read_occurrence(one) for one in dates)
    assert moved.kind is parse(text, 2023).kind


def test_february_of_whole_months_ends_on_its_last_day() -> None:
    assert move_to_year(parse("февраль", 2022), 2022, 2023).occurrences == (
        Occurrence(date(2024, 2, 1), date(2024, 2, 29)),
    )


def test_thursdays_carried_over_are_thursdays() -> None:
    moved = move_to_year(parse("Еженедельно, четверг", 2023), 2023, 2026)
    assert moved == parse("Еженедельно, четверг", 2026)


def test_dates_a_person_overruled_are_moved_as_they_are() -> None:
    overruled = Schedule("ежемесячно", ScheduleKind.RECURRING, (Occurrence(None, date(2023, 9, 20)),))
    assert move_to_year(overruled, 2023, 2026).occurrences == (Occurrence(None, date(2026, 9, 20)),)


@settings(deadline=None)
@given(day=st.dates(), from_year=YEARS, to_year=YEARS)
def test_a_date_moves_by_whole_years(day: date, from_year: int, to_year: int) -> None:
    moved = move_date_to_year(day, from_year, to_year)
    assert moved.month == day.month
    assert moved.day == day.day or (day.month, day.day, moved.day) == (2, 29, 28)


@settings(deadline=None)
@given(text=ANY_TEXT, from_year=YEARS, to_year=YEARS)
def test_carrying_over_never_fails_and_keeps_the_number_of_dates(text: str, from_year: int, to_year: int) -> None:
    schedule = parse(text, from_year)
    moved = move_to_year(schedule, from_year, to_year)
    assert moved.kind is schedule.kind
    assert all(one.start is None or one.start <= one.due for one in moved.occurrences)
    if schedule.kind is not ScheduleKind.RECURRING:
        assert len(moved.occurrences) == len(schedule.occurrences)
    assert move_text_to_year(text, from_year, from_year) == text
